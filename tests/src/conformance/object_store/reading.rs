//! GET and HEAD: whole objects, ranges, what is missing, and the times by which ages are judged.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;

use super::fixture::{TestBucket, content, refused_with};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, holds, present, refused};
use crate::conformance::{Case, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_missing_key_is_no_such_key,
        a_missing_bucket_is_no_such_bucket,
        a_head_tells_length_etag_and_type,
        a_head_of_a_missing_key_is_404,
        a_range_is_answered_with_206_and_its_place,
        the_last_bytes_can_be_asked_for,
        a_range_beyond_the_end_is_refused,
        answers_bear_a_date_and_objects_the_time_of_their_last_write,
    ]
}

async fn a_missing_key_is_no_such_key(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let error = refused("the read", bucket.get("none.json").send().await)?;
    equal("the status", error.raw_response().map(|answer| answer.status().as_u16()), Some(404))?;
    holds(error.as_service_error().is_some_and(|error| error.is_no_such_key()), || format!("{error:?}"))
}

async fn a_missing_bucket_is_no_such_bucket(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let bucket = TestBucket { name: format!("{}-gone", bucket.name), ..bucket };
    refused_with("the read", bucket.get("k").send().await, (404, "NoSuchBucket"))?;
    refused_with("the write", bucket.put("k", "x").send().await, (404, "NoSuchBucket"))
}

async fn a_head_tells_length_etag_and_type(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let written = bucket.put("k.json", "{\"a\":1}").content_type("application/json").send().await?;
    let head = client.head_object().bucket(&bucket.name).key("k.json").send().await?;
    equal("the length", head.content_length(), Some(7))?;
    equal("the ETag", head.e_tag(), written.e_tag())?;
    equal("the type", head.content_type(), Some("application/json"))
}

async fn a_head_of_a_missing_key_is_404(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let error = refused("the head", client.head_object().bucket(&bucket.name).key("none").send().await)?;
    holds(error.as_service_error().is_some_and(|error| error.is_not_found()), || format!("{error:?}"))
}

async fn a_range_is_answered_with_206_and_its_place(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    bucket.store("k", "0123456789").await?;
    let part = bucket.get("k").range("bytes=2-4").send().await?;
    equal("the range", part.content_range(), Some("bytes 2-4/10"))?;
    equal("the length", part.content_length(), Some(3))?;
    equal("the content", content(part).await?.as_str(), "234")
}

async fn the_last_bytes_can_be_asked_for(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    bucket.store("k", "0123456789").await?;
    let part = bucket.get("k").range("bytes=-3").send().await?;
    equal("the range", part.content_range(), Some("bytes 7-9/10"))?;
    equal("the content", content(part).await?.as_str(), "789")
}

async fn a_range_beyond_the_end_is_refused(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    bucket.store("k", "0123456789").await?;
    refused_with("the read", bucket.get("k").range("bytes=10-").send().await, (416, "InvalidRange"))
}

/// The product judges how old a lease is by these two times alone.
async fn answers_bear_a_date_and_objects_the_time_of_their_last_write(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    bucket.store("lease.json", "first").await?;
    let date = DateOfAnswer::default();
    let object = bucket.get("lease.json").customize().interceptor(date.clone()).send().await?;
    let answered = present("the date of the answer", date.seen())?;
    let written = present("the time of the last write", object.last_modified())?;
    let age = answered.secs() - written.secs();
    holds((0..=10).contains(&age), || format!("a new object is {age} s old"))?;
    let head = client.head_object().bucket(&bucket.name).key("lease.json").send().await?;
    equal("the time in a HEAD", head.last_modified(), object.last_modified())
}

/// Keeps the `Date` of an answer, which the SDK's types leave out.
#[derive(Clone, Debug, Default)]
struct DateOfAnswer(Arc<Mutex<Option<DateTime>>>);

impl DateOfAnswer {
    fn seen(&self) -> Option<DateTime> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Intercept for DateOfAnswer {
    fn name(&self) -> &'static str {
        "DateOfAnswer"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|text| DateTime::from_str(text, DateTimeFormat::HttpDate).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date;
        Ok(())
    }
}
