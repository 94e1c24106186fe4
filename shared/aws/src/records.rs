//! Records and exports in S3.

use std::time::Duration;

use bytes::Bytes;
use revops_core::ports::{
    CreateRecords, Created, Etag, PutExports, ReadRecords, RemoveRecords, ReplaceRecords, Replaced,
    StoreError, Stored,
};
use tokio::time::sleep;

use crate::Clients;
use crate::call::{CallError, Refusal};
use crate::operations::s3::{self, Bucket, Condition};

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

    fn bucket(&self) -> Bucket<'_> {
        Bucket { name: &self.bucket, in_path: self.clients.has_buckets_in_path() }
    }

    /// Writes under `condition`. A write whose first sending did its work unseen fails its own condition when
    /// it is repeated: then the object is read back, and bytes that are ours mean that it is done.
    async fn write(&self, key: &str, body: Vec<u8>, condition: Condition<'_>) -> Result<Written, StoreError> {
        let body = Bytes::from(body);
        let mut was_repeated = false;
        let mut waits = CONFLICT_WAITS.into_iter();
        loop {
            let put = s3::put_object(self.clients.s3(), self.bucket(), key, body.clone(), condition);
            let Err(error) = put.await else { return Ok(Written::Done) };
            was_repeated |= error.refusal().is_some_and(|refusal| refusal.was_repeated);
            match (error.refusal(), waits.next()) {
                (Some(refusal), _) if is_failed_condition(refusal, condition) => break,
                (Some(Refusal { status: 409, .. }), Some(wait)) => sleep(wait).await,
                _ => return Err(store_error(error)),
            }
        }
        let ours = was_repeated && self.get(key).await?.is_some_and(|stored| stored.body == body);
        Ok(if ours { Written::Done } else { Written::ConditionFailed })
    }
}

impl ReadRecords for S3Records {
    async fn get(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let object = match s3::get_object(self.clients.s3(), self.bucket(), key).await {
            Ok(object) => object,
            Err(error) if error.code() == "NoSuchKey" => return Ok(None),
            Err(error) => return Err(store_error(error)),
        };
        let no_age = || StoreError::Unavailable("the answer bears no Date or no Last-Modified".into());
        Ok(Some(Stored { body: object.body, etag: Etag(object.etag), age: object.age.ok_or_else(no_age)? }))
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
        Ok(match self.write(key, body, Condition::Matches(&expected.0)).await? {
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
        s3::delete_object(self.clients.s3(), self.bucket(), key).await.map_err(store_error)
    }
}

/// A 404 says of a replacement that there is nothing to replace; of a bucket that is not there it is no answer.
fn is_failed_condition(refusal: &Refusal, condition: Condition<'_>) -> bool {
    match refusal.status {
        412 => true,
        404 => matches!(condition, Condition::Matches(_)) && refusal.code != "NoSuchBucket",
        _ => false,
    }
}

fn store_error(error: CallError) -> StoreError {
    if error.is_for_good() {
        StoreError::Refused(error.into())
    } else {
        StoreError::Unavailable(error.into())
    }
}
