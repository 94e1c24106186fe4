//! Whether one conversation is stranded, by its records.

use std::time::Duration;

use revops_aws::S3Records;
use revops_core::conversation::{Missing, RepairQueue, Status, load, stranded};
use revops_core::ports::OutgoingMessage;
use revops_core::telemetry::with_causes;
use revops_core::{Timestamp, TrackingId};

use super::listing::Unfinished;

/// Reads and judges.
pub(super) struct Judge {
    pub(super) records: S3Records,
    pub(super) now: Timestamp,
    pub(super) patience: Duration,
}

/// What became of the look.
pub(super) enum Verdict {
    /// Somebody works on it, or will; or it was never accepted.
    Fine,
    /// Its records could not be read.
    Unreadable(String),
    /// Nobody does.
    Stranded(Box<Found>),
}

/// A stranded conversation.
pub(super) struct Found {
    pub(super) id: TrackingId,
    pub(super) status: Status,
    pub(super) received_at: Timestamp,
    pub(super) since: Timestamp,
    pub(super) missing: Missing,
    pub(super) repair: (RepairQueue, OutgoingMessage),
    pub(super) repaired: bool,
}

impl Judge {
    /// Reads the conversation's records and judges them.
    pub(super) async fn judge(&self, Unfinished { id, last_written }: Unfinished) -> Verdict {
        let conversation = match load(&self.records, id).await {
            Ok(Some(conversation)) => conversation,
            // Records without a query: an operator deletes it at this moment.
            Ok(None) => return Verdict::Fine,
            Err(cause) => {
                return Verdict::Unreadable(format!("{id} cannot be judged: {}", with_causes(&cause)));
            }
        };
        let Some(found) = stranded(&conversation, last_written, self.now, self.patience) else {
            return Verdict::Fine;
        };
        Verdict::Stranded(Box::new(Found {
            id,
            status: conversation.status(),
            received_at: conversation.query.received_at,
            since: found.since,
            missing: found.missing,
            repair: conversation.repair(),
            repaired: false,
        }))
    }
}
