//! `agent-attempts/NNN.json`: the failed tries so far.

use revops_core::ports::ReadRecords;
use revops_core::records::{self, AgentAttemptRecord, RecordError, keys};
use revops_core::{Timestamp, TrackingId};

/// The failed tries of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tries {
    /// When the first one started.
    first_at: Option<Timestamp>,
    last: Option<AgentAttemptRecord>,
}

impl Tries {
    /// Looks for tries that were recorded after those already known: numbers have no gaps.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn look_further(
        mut self,
        store: &impl ReadRecords,
        id: TrackingId,
    ) -> Result<Self, RecordError> {
        while let Some(found) = records::read(store, &keys::agent_attempt(id, self.next_number())).await? {
            self.first_at.get_or_insert(found.started_at);
            self.last = Some(found);
        }
        Ok(self)
    }

    /// The number of the next try, from 1.
    pub(crate) fn next_number(&self) -> u32 {
        self.last.as_ref().map_or(1, |last| last.number.saturating_add(1))
    }

    /// Until when nobody asks; `None` when somebody may.
    pub(crate) fn wait_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.last.as_ref().map(|last| last.retry_at).filter(|retry_at| *retry_at > now)
    }

    /// When the last failed try allows the next one, however long ago that was.
    pub(crate) fn retry_at(&self) -> Option<Timestamp> {
        self.last.as_ref().map(|last| last.retry_at)
    }

    /// When the first try started, if the present one started at `started_at`.
    pub(crate) fn first_started_at(&self, started_at: Timestamp) -> Timestamp {
        self.first_at.unwrap_or(started_at)
    }
}
