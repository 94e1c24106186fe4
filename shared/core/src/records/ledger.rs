//! `idempotency/<sha256>.json`: which conversation a caller's key stands for.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, TrackingId};

/// Binds a caller's idempotency key to a conversation and to the body that it came with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRecord {
    /// Record version, 1.
    pub v: u32,
    /// The conversation of the first request with this key.
    pub tracking_id: TrackingId,
    /// Hexadecimal SHA-256 of that request's raw body.
    pub body_sha256: String,
    /// When the key was first seen; it is kept for 14 days.
    pub bound_at: Timestamp,
}
