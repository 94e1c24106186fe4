//! Why a step of a conversation could not be made. At the front door it becomes a 503, in the worker a later try.

use revops_core::ports::{InvokeError, QueueError};
use revops_core::records::RecordError;
use revops_core::telemetry::Attribution;

/// Why a step could not be made. The conversation is as it was.
#[derive(Debug, thiserror::Error)]
pub enum AdvanceError {
    /// A record could not be read or written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A queue did not take the delivery.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The manager-agent function could not be invoked.
    #[error(transparent)]
    Invoke(#[from] InvokeError),
    /// The manager agent points to an answer that is not there.
    #[error("the manager agent decided, and answer.json is missing")]
    AnswerMissing,
    /// A message names a conversation that is not there, and that nobody deleted.
    #[error("its query is missing, and nobody deleted it: is it another bucket, or is data lost?")]
    QueryMissing,
}

impl AdvanceError {
    /// Whose fault it is.
    pub(crate) const fn attribution(&self) -> Attribution {
        match self {
            Self::Record(cause) => Attribution::of_record(cause),
            Self::Queue(cause) => Attribution::of_queue(cause),
            Self::Invoke(cause) => Attribution::of_invocation(cause),
            Self::AnswerMissing => Attribution::OurBug,
            Self::QueryMissing => Attribution::Configuration,
        }
    }

    /// Whether it is counted here. A function error is counted by the function that had it; of one that died,
    /// Lambda's own metric tells.
    pub(crate) const fn is_counted_here(&self) -> bool {
        !matches!(self, Self::Invoke(InvokeError::FunctionError(_)))
    }
}
