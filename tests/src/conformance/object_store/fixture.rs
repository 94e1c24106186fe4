//! A bucket of a case's own, and short ways to use it.

use std::fmt::Debug;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use uuid::Uuid;

use crate::conformance::harness::check::{equal, present, refused};
use crate::conformance::{Failure, Verdict};

/// A new bucket.
#[derive(Clone, Debug)]
pub(super) struct TestBucket {
    pub(super) client: Client,
    pub(super) name: String,
}

/// Makes a bucket that no other case and no other run has; its name.
pub(crate) async fn create_bucket(client: &Client) -> Result<String, Failure> {
    let name = format!("conformance-{}", Uuid::new_v4());
    client.create_bucket().bucket(&name).send().await?;
    Ok(name)
}

impl TestBucket {
    /// An empty one.
    pub(super) async fn create(client: &Client) -> Result<Self, Failure> {
        Ok(Self { client: client.clone(), name: create_bucket(client).await? })
    }

    /// A request to store `text`.
    pub(super) fn put(&self, key: &str, text: &str) -> PutObjectFluentBuilder {
        let body = ByteStream::from(text.as_bytes().to_vec());
        self.client.put_object().bucket(&self.name).key(key).body(body)
    }

    /// Stores `text`; the object's ETag.
    pub(super) async fn store(&self, key: &str, text: &str) -> Result<String, Failure> {
        present("the ETag", self.put(key, text).send().await?.e_tag)
    }

    /// A request for the object.
    pub(super) fn get(&self, key: &str) -> GetObjectFluentBuilder {
        self.client.get_object().bucket(&self.name).key(key)
    }

    /// The object holds `expected`.
    pub(super) async fn holds(&self, key: &str, expected: &str) -> Verdict {
        equal("the content", content(self.get(key).send().await?).await?.as_str(), expected)
    }

    /// Deletes the object.
    pub(super) async fn delete(&self, key: &str) -> Verdict {
        self.client.delete_object().bucket(&self.name).key(key).send().await?;
        Ok(())
    }
}

/// The content of an object that is text.
pub(super) async fn content(object: GetObjectOutput) -> Result<String, Failure> {
    Ok(String::from_utf8(object.body.collect().await?.to_vec())?)
}

/// The call is refused with this status and error code.
pub(super) fn refused_with<T, E>(
    what: &str,
    answer: Result<T, SdkError<E, HttpResponse>>,
    expected: (u16, &str),
) -> Verdict
where
    T: Debug,
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let error = refused(what, answer)?;
    let (status, code) = refusal(&error);
    let status = status.ok_or_else(|| Failure::from(&error))?;
    equal(what, (status, code), expected)
}

/// Status and error code of a failed call, as far as there is an answer.
pub(super) fn refusal<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> (Option<u16>, &str) {
    let status = error.raw_response().map(|answer| answer.status().as_u16());
    (status, error.as_service_error().and_then(|error| error.code()).unwrap_or_default())
}
