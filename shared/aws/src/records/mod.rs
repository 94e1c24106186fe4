//! Records and exports in S3.

mod observe;

use std::time::Duration;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use revops_core::ports::{
    CreateRecords, Created, Etag, PutExports, ReadRecords, RemoveRecords, ReplaceRecords, Replaced,
    StoreError, Stored,
};
use tokio::time::{sleep, timeout};

use crate::Clients;
use crate::clients::OPERATION_TIMEOUT;
use crate::failure::Refusal;
use observe::Observation;

/// No record or export comes near it: a query is at most 256 KiB, an answer 1 MiB.
const MAX_OBJECT_BYTES: usize = 32 * 1024 * 1024;
/// Waits after a 409: another write of the same key is under way, and soon over.
const CONFLICT_WAITS: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
];

/// The records of one bucket.
#[derive(Clone, Debug)]
pub struct S3Records {
    clients: Clients,
    bucket: String,
}

/// What is expected of the key when a body is written to it.
#[derive(Clone, Copy, Debug)]
enum Condition<'a> {
    None,
    Missing,
    Version(&'a Etag),
}

/// How a conditional write ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Done,
    ConditionFailed,
}

impl S3Records {
    /// The records in `bucket`.
    #[must_use]
    pub const fn new(clients: Clients, bucket: String) -> Self {
        Self { clients, bucket }
    }

    /// Writes under `condition`. A write whose first sending did its work unseen fails its own condition when
    /// the SDK repeats it: then the object is read back, and bytes that are ours mean that it is done.
    async fn write(&self, key: &str, body: Vec<u8>, condition: Condition<'_>) -> Result<Written, StoreError> {
        let observation = Observation::default();
        let mut waits = CONFLICT_WAITS.into_iter();
        loop {
            let request = self.put_request(key, &body, condition);
            let Err(error) = request.customize().interceptor(observation.clone()).send().await else {
                return Ok(Written::Done);
            };
            match (Refusal::of(&error).status, condition, waits.next()) {
                (Some(412), ..) | (Some(404), Condition::Version(_), _) if !is_no_such_bucket(&error) => {
                    break;
                }
                (Some(409), _, Some(wait)) => sleep(wait).await,
                _ => return Err(store_error(error)),
            }
        }
        let ours = observation.repeated() && self.get(key).await?.is_some_and(|stored| stored.body == body);
        Ok(if ours { Written::Done } else { Written::ConditionFailed })
    }

    fn put_request(&self, key: &str, body: &[u8], condition: Condition<'_>) -> PutObjectFluentBuilder {
        let request = self
            .clients
            .s3()
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type("application/json")
            .body(ByteStream::from(body.to_vec()));
        match condition {
            Condition::None => request,
            Condition::Missing => request.if_none_match("*"),
            Condition::Version(Etag(etag)) => request.if_match(etag),
        }
    }

    async fn fetch(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let observation = Observation::default();
        let request = self.clients.s3().get_object().bucket(&self.bucket).key(key);
        match request.customize().interceptor(observation.clone()).send().await {
            Ok(output) => stored(output, observation.date()).await.map(Some),
            Err(error) if error.as_service_error().is_some_and(|cause| cause.is_no_such_key()) => Ok(None),
            Err(error) => Err(store_error(error)),
        }
    }
}

impl ReadRecords for S3Records {
    async fn get(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        // The SDK's own time-out ends with the headers; this one covers the body too.
        timeout(OPERATION_TIMEOUT, self.fetch(key)).await.map_err(unavailable)?
    }
}

impl CreateRecords for S3Records {
    async fn create(&self, key: &str, body: Vec<u8>) -> Result<Created, StoreError> {
        Ok(match self.write(key, body, Condition::Missing).await? {
            Written::Done => Created::New,
            Written::ConditionFailed => Created::Existed,
        })
    }
}

impl ReplaceRecords for S3Records {
    async fn replace(&self, key: &str, body: Vec<u8>, expected: &Etag) -> Result<Replaced, StoreError> {
        Ok(match self.write(key, body, Condition::Version(expected)).await? {
            Written::Done => Replaced::Done,
            Written::ConditionFailed => Replaced::Lost,
        })
    }
}

impl PutExports for S3Records {
    async fn put(&self, key: &str, body: Vec<u8>) -> Result<(), StoreError> {
        match self.write(key, body, Condition::None).await? {
            Written::Done => Ok(()),
            // Without a condition S3 has none to fail.
            Written::ConditionFailed => Err(StoreError::Unavailable("a 412 without a condition".into())),
        }
    }
}

impl RemoveRecords for S3Records {
    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        let request = self.clients.s3().delete_object().bucket(&self.bucket).key(key);
        request.send().await.map(|_| ()).map_err(store_error)
    }
}

async fn stored(mut output: GetObjectOutput, date: Option<DateTime>) -> Result<Stored, StoreError> {
    let age = age(date, output.last_modified().copied())?;
    let etag = Etag(output.e_tag().unwrap_or_default().to_owned());
    let announced = output.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut body = Vec::with_capacity(announced.min(MAX_OBJECT_BYTES));
    while let Some(chunk) = output.body.next().await {
        let chunk = chunk.map_err(unavailable)?;
        if body.len().saturating_add(chunk.len()) > MAX_OBJECT_BYTES {
            return Err(StoreError::Refused("the object is larger than any record".into()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Stored { body, etag, age })
}

/// How long ago the object was written, by the store's clock alone: both times are the store's.
fn age(date: Option<DateTime>, last_modified: Option<DateTime>) -> Result<Duration, StoreError> {
    let (Some(date), Some(written)) = (date, last_modified) else {
        return Err(StoreError::Unavailable("the answer bears no Date or no Last-Modified".into()));
    };
    Ok(Duration::from_secs(u64::try_from(date.secs().saturating_sub(written.secs())).unwrap_or(0)))
}

fn is_no_such_bucket<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    Refusal::of(error).code == Some("NoSuchBucket")
}

fn store_error<E>(error: SdkError<E, HttpResponse>) -> StoreError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    if Refusal::of(&error).is_for_good() {
        StoreError::Refused(error.into())
    } else {
        StoreError::Unavailable(error.into())
    }
}

fn unavailable(cause: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(cause.into())
}
