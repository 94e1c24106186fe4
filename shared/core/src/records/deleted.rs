//! `deleted.json`: the tombstone of a conversation that an operator deleted.

use serde::{Deserialize, Serialize};

use super::{RecordError, keys, read};
use crate::ports::ReadRecords;
use crate::{Timestamp, TrackingId};

/// What is left of a deleted conversation, so that whoever meets a message of it can tell it from lost data. Nothing
/// in it is a caller's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedRecord {
    /// Record version, 1.
    pub v: u32,
    /// The conversation.
    pub tracking_id: TrackingId,
    /// When its deletion began.
    pub deleted_at: Timestamp,
}

/// Whether an operator deleted `id`, or has begun to.
///
/// # Errors
/// The store failed, or what is there is no tombstone.
pub async fn is_deleted(store: &impl ReadRecords, id: TrackingId) -> Result<bool, RecordError> {
    Ok(read(store, &keys::deleted(id)).await?.is_some())
}
