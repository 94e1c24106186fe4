//! Why an invocation fails: nothing was decided, and the caller asks again with the same token.
//!
//! Lambda reports it as a function error whose `errorType` is stable, so that alarms can filter on it. What
//! the agent does wrong is no error of this kind: it is recorded, and the reply says when to come again.

use lambda_runtime::Diagnostic;
use revops_core::TrackingId;
use revops_core::ports::StoreError;
use revops_core::records::RecordError;
use revops_core::telemetry::Attribution;

/// The invocation came to no reply.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The payload is not an `AskRequest` of a known version.
    #[error("the payload is not a request that this version understands")]
    InvalidRequest(#[source] serde_json::Error),
    /// There is no `query.json`: nobody accepted this conversation.
    #[error("the conversation {0} has no query")]
    QueryMissing(TrackingId),
    /// The records could not be read or written.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// The invocation ends before an agent could answer: its time-out is too short.
    #[error("the invocation has too little time left to ask the agent")]
    NoTimeLeft,
}

impl AskError {
    /// The stable name of the kind of error.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "InvalidRequest",
            Self::QueryMissing(_) => "QueryMissing",
            Self::Records(RecordError::Store(StoreError::Unavailable(_))) => "RecordsUnavailable",
            Self::Records(RecordError::Store(StoreError::Refused(_))) => "RecordsRefused",
            Self::Records(RecordError::Unreadable { .. }) => "RecordUnreadable",
            Self::NoTimeLeft => "NoTimeLeft",
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub const fn attribution(&self) -> Attribution {
        match self {
            Self::InvalidRequest(_) | Self::QueryMissing(_) => Attribution::OurBug,
            Self::Records(cause) => Attribution::of_record(cause),
            Self::NoTimeLeft => Attribution::Configuration,
        }
    }
}

impl From<AskError> for Diagnostic {
    fn from(error: AskError) -> Self {
        Self { error_type: error.error_type().to_owned(), error_message: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambda_reports_a_stable_type_and_no_internals() {
        let cause = StoreError::Unavailable("10.0.0.1 refused".into());
        let diagnostic = Diagnostic::from(AskError::Records(RecordError::Store(cause)));
        assert_eq!(diagnostic.error_type, "RecordsUnavailable");
        assert_eq!(diagnostic.error_message, "the record store is unavailable");
    }
}
