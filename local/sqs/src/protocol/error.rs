//! Errors as an AWS client sees them. The JSON names the shape; the header has the code of the older
//! query protocol, and that is what the SDKs map to their modelled errors.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use serde_json::json;
use uuid::Uuid;

use crate::store::{Refusal, StoreError};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// Why a request, or one entry of a batch, was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("The action {0:?} is not valid for this service.")]
    InvalidAction(String),
    #[error("The request body is not what the action takes: {0}")]
    Serialization(String),
    #[error("The request must contain the parameter {0}.")]
    MissingParameter(&'static str),
    #[error("{0}")]
    InvalidParameter(String),
    #[error("The address {0} is not valid for this endpoint.")]
    InvalidAddress(String),
    #[error("Unknown Attribute {0}.")]
    InvalidAttributeName(String),
    #[error("Invalid value for the parameter {0}.")]
    InvalidAttributeValue(String),
    #[error(
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
    )]
    InvalidMessageContents,
    #[error("There should be at least one {0} in the request.")]
    EmptyBatch(&'static str),
    #[error("Maximum number of entries per request are 10. You have sent {0}.")]
    TooManyEntries(usize),
    #[error("Id {0} repeated.")]
    IdsNotDistinct(String),
    #[error(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
    )]
    InvalidEntryId,
    #[error("Batch requests cannot be longer than {limit} bytes. You have sent {sent} bytes.")]
    BatchTooLong { limit: usize, sent: usize },
    #[error("{0}")]
    Unsupported(String),
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Ours. The cause is in the log.
    #[error("We encountered an internal error. Please try again.")]
    Internal,
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => Self::Refused(refusal),
            StoreError::Database(_) | StoreError::RolledBack | StoreError::Closed => {
                tracing::error!(%error, "an SQS request failed");
                Self::Internal
            }
        }
    }
}

impl ApiError {
    /// `Value … for parameter … is invalid. Reason: …`, AWS's usual sentence.
    pub(crate) fn invalid(parameter: &str, value: impl std::fmt::Display, reason: &str) -> Self {
        Self::InvalidParameter(format!(
            "Value {value} for parameter {parameter} is invalid. Reason: {reason}"
        ))
    }

    /// Name of the JSON shape, code of the query protocol, and HTTP status.
    fn kind(&self) -> (&'static str, &'static str, StatusCode) {
        const BAD: StatusCode = StatusCode::BAD_REQUEST;
        match self {
            Self::InvalidAction(_) => ("InvalidAction", "InvalidAction", BAD),
            Self::Serialization(_) => ("SerializationException", "MalformedInput", BAD),
            Self::MissingParameter(_) => ("MissingRequiredParameterException", "MissingParameter", BAD),
            Self::InvalidParameter(_) => ("InvalidParameterValueException", "InvalidParameterValue", BAD),
            Self::InvalidAddress(_) => ("InvalidAddress", "InvalidAddress", StatusCode::NOT_FOUND),
            Self::InvalidAttributeName(_) => ("InvalidAttributeName", "InvalidAttributeName", BAD),
            Self::InvalidAttributeValue(_) => ("InvalidAttributeValue", "InvalidAttributeValue", BAD),
            Self::InvalidMessageContents => ("InvalidMessageContents", "InvalidMessageContents", BAD),
            Self::EmptyBatch(_) => ("EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", BAD),
            Self::TooManyEntries(_) => {
                ("TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", BAD)
            }
            Self::IdsNotDistinct(_) => {
                ("BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", BAD)
            }
            Self::InvalidEntryId => {
                ("InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId", BAD)
            }
            Self::BatchTooLong { .. } => {
                ("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong", BAD)
            }
            Self::Unsupported(_) => {
                ("UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", BAD)
            }
            Self::Refused(refusal) => kind_of_refusal(refusal),
            Self::Internal => ("InternalFailure", "InternalFailure", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// The code, as a failed batch entry names it.
    pub(crate) fn code(&self) -> &'static str {
        self.kind().1
    }

    /// Whether the client is at fault, so that repeating the request does not help.
    pub(crate) fn is_senders(&self) -> bool {
        self.kind().2.is_client_error()
    }
}

fn kind_of_refusal(refusal: &Refusal) -> (&'static str, &'static str, StatusCode) {
    const BAD: StatusCode = StatusCode::BAD_REQUEST;
    match refusal {
        Refusal::QueueDoesNotExist => ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", BAD),
        Refusal::QueueExists(_) => ("QueueNameExists", "QueueAlreadyExists", BAD),
        Refusal::ReceiptHandleInvalid => ("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", BAD),
        Refusal::MessageNotInflight => {
            ("MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", BAD)
        }
        Refusal::OverLimit => ("OverLimit", "OverLimit", StatusCode::FORBIDDEN),
        Refusal::NoSuchResource(_) => {
            ("ResourceNotFoundException", "ResourceNotFoundException", StatusCode::NOT_FOUND)
        }
        Refusal::DeadLetterTargetDoesNotExist
        | Refusal::MessageNotAvailable
        | Refusal::VisibilityBeyondLimit
        | Refusal::MessageTooLong(_)
        | Refusal::NotADeadLetterQueue
        | Refusal::MoveOntoItself
        | Refusal::MoveTaskRunning => ("InvalidParameterValueException", "InvalidParameterValue", BAD),
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (shape, code, status) = self.kind();
        let fault = if self.is_senders() { "Sender" } else { "Receiver" };
        let headers = [
            (header::CONTENT_TYPE, super::CONTENT_TYPE.to_owned()),
            (QUERY_ERROR, format!("{code};{fault}")),
            (REQUEST_ID, Uuid::new_v4().to_string()),
        ];
        let body = json!({ "__type": format!("com.amazonaws.sqs#{shape}"), "message": self.to_string() });
        (status, headers, body.to_string()).into_response()
    }
}
