//! The record store: S3 with conditional writes.

use std::future::Future;
use std::time::Duration;

/// The version of a stored object, for compare-and-swap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etag(pub String);

/// An object as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The object's bytes.
    pub body: Vec<u8>,
    /// Its version.
    pub etag: Etag,
    /// How long ago it was written, judged by the store's clock alone (response date less last-modified).
    /// S3 keeps whole seconds, so it is exact to a second.
    pub age: Duration,
}

/// How a create-only write ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Created {
    /// This call wrote the object.
    New,
    /// The object was there before; it was left as it is.
    Existed,
}

/// How a compare-and-swap ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Replaced {
    /// This call replaced the expected version.
    Done,
    /// Another version, or none, was there.
    Lost,
}

/// The store did not do what was asked. The caller acknowledges nothing and tries again later.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store could not be reached, was slow, throttled or failed.
    #[error("the record store is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store refused: missing permission or a wrong bucket name. A person must mend it.
    #[error("the record store refused the call")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Reads records (`s3:GetObject`, and `s3:ListBucket`, without which a missing key is a 403).
pub trait ReadRecords: Send + Sync {
    /// The object at `key`; `None` when there is none.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send;
}

/// Writes create-only records (`s3:PutObject` with `If-None-Match: *`).
pub trait CreateRecords: Send + Sync {
    /// Writes `body` to `key` unless something is there.
    fn create(&self, key: &str, body: Vec<u8>) -> impl Future<Output = Result<Created, StoreError>> + Send;
}

/// Replaces the few mutable records (`s3:PutObject` with `If-Match`).
pub trait ReplaceRecords: Send + Sync {
    /// Writes `body` to `key` if its version is still `expected`.
    fn replace(
        &self,
        key: &str,
        body: Vec<u8>,
        expected: &Etag,
    ) -> impl Future<Output = Result<Replaced, StoreError>> + Send;
}

/// Writes exports, which can be made again and replace their older selves (`s3:PutObject`).
pub trait PutExports: Send + Sync {
    /// Writes `body` to `key`, whatever was there.
    fn put(&self, key: &str, body: Vec<u8>) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Removes the few records that operators may remove (`s3:DeleteObject`).
pub trait RemoveRecords: Send + Sync {
    /// Removes what is at `key`; nothing there is as good.
    fn remove(&self, key: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
}
