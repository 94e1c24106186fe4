//! Reading and writing records as their types.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Key;
use crate::ports::{CreateRecords, Created, Etag, ReadRecords, ReplaceRecords, Replaced, StoreError, Stored};

/// A record could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The store itself failed; the variant inside says whether to try again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The object is there and is not what this version understands: a bug or a newer version's record.
    #[error("the record {key} cannot be read")]
    Unreadable {
        /// Which object.
        key: String,
        /// What the parser said.
        #[source]
        cause: serde_json::Error,
    },
}

/// The record at `key`; `None` when there is none.
///
/// # Errors
/// The store failed, or the object is not a `T`.
pub async fn read<T: DeserializeOwned>(
    store: &impl ReadRecords,
    key: &Key<T>,
) -> Result<Option<T>, RecordError> {
    Ok(read_with_etag(store, key).await?.map(|(record, _)| record))
}

/// The record at `key` together with the object that it was read from (its version and age).
///
/// # Errors
/// The store failed, or the object is not a `T`.
pub async fn read_with_etag<T: DeserializeOwned>(
    store: &impl ReadRecords,
    key: &Key<T>,
) -> Result<Option<(T, Stored)>, RecordError> {
    let Some(stored) = store.get(key.path()).await? else { return Ok(None) };
    let record = serde_json::from_slice(&stored.body)
        .map_err(|cause| RecordError::Unreadable { key: key.path().to_owned(), cause })?;
    Ok(Some((record, stored)))
}

/// Writes `record` unless something is at `key`.
///
/// # Errors
/// The store failed.
pub async fn create<T: Serialize>(
    store: &impl CreateRecords,
    key: &Key<T>,
    record: &T,
) -> Result<Created, RecordError> {
    Ok(store.create(key.path(), encode(key, record)?).await?)
}

/// Writes `record` over the version `expected`.
///
/// # Errors
/// The store failed.
pub async fn replace<T: Serialize>(
    store: &impl ReplaceRecords,
    key: &Key<T>,
    record: &T,
    expected: &Etag,
) -> Result<Replaced, RecordError> {
    Ok(store.replace(key.path(), encode(key, record)?, expected).await?)
}

fn encode<T: Serialize>(key: &Key<T>, record: &T) -> Result<Vec<u8>, RecordError> {
    serde_json::to_vec(record).map_err(|cause| RecordError::Unreadable { key: key.path().to_owned(), cause })
}
