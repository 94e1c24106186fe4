//! What becomes of a message.

use std::time::Duration;

use revops_core::Timestamp;
use revops_core::ports::{HideMessages, InvokeError, QueueError};
use revops_core::telemetry::event;

use super::Received;
use crate::error::AdvanceError;
use crate::gateway::Gateway;

/// How long a message is hidden whose conversation somebody else is answering (SPEC 3).
const POLL: Duration = Duration::from_secs(5);

/// How long it is hidden after a dependency failed.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// A message's fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Finished: it is deleted.
    Done,
    /// Somebody else is asking: look again in 5 s.
    AgainSoon,
    /// A failed try waits for its next one.
    AgainAt(Timestamp),
    /// A dependency failed.
    AfterFailure,
    /// Not understood here: it comes back by its queue's own visibility time-out.
    NotOurs,
}

/// The fate after an error: whether it is worth looking again soon.
pub(super) const fn after(cause: &AdvanceError) -> Fate {
    match cause {
        AdvanceError::Invoke(InvokeError::Lost(_)) => Fate::AgainSoon,
        AdvanceError::Invoke(
            InvokeError::FunctionError(_) | InvokeError::Throttled(_) | InvokeError::NotStarted(_),
        )
        | AdvanceError::Record(_)
        | AdvanceError::Queue(_)
        | AdvanceError::AnswerMissing
        | AdvanceError::QueryMissing => Fate::AfterFailure,
    }
}

impl<R, Q: HideMessages, M> Gateway<R, Q, M> {
    /// Hides the message until its fate says that it is worth looking at again.
    pub(super) async fn settle(&self, received: &Received<'_>, fate: Fate) {
        let scale = self.config.time_scale;
        let seconds = match fate {
            Fate::Done | Fate::NotOurs => return,
            // Polling for somebody else's answer stays real on a scaled stack.
            Fate::AgainSoon => scale.guard_seconds(POLL),
            Fate::AfterFailure => scale.seconds_of(AFTER_FAILURE),
            Fate::AgainAt(due) => scale.seconds_until(due, self.now()),
        };
        self.hide(received.receipt, seconds).await;
    }

    /// Hides a message; when that fails it comes back earlier or later, which costs time and no more.
    pub(super) async fn hide(&self, receipt: &str, seconds: u32) {
        match self.queues.hide(&self.config.query_queue_url, receipt, seconds).await {
            Ok(()) | Err(QueueError::NotOurs) => {}
            Err(cause) => {
                tracing::warn!(event = event::ERROR_OCCURRED, cause = %cause, "a message could not be hidden");
            }
        }
    }
}
