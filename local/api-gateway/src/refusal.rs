//! The answers that the gateway gives itself: `{"message": "…"}`.

use crate::function::HttpFunctionError;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Why the function's response is not what the client gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The path cannot be decoded.
    BadPath,
    /// The body ended early.
    BrokenBody,
    /// The path is not under the stage.
    NotFound,
    /// The body is too large for the gateway, or for the function once it is an event.
    BodyTooLarge,
    /// The request line and headers are too large.
    HeadTooLarge,
    /// The function failed, or returned what is no response.
    IntegrationFailed,
    /// The function took too long for the gateway, or has no process free.
    ///
    /// A time-out of the integration is 503 here, where a REST API answers 504. What an HTTP API answers for a
    /// throttled function AWS does not say; 503 is what its clients may retry.
    IntegrationUnavailable,
}

impl From<HttpFunctionError> for Refusal {
    fn from(error: HttpFunctionError) -> Self {
        match error {
            // A function's own time-out is a function error; only the gateway's is an integration time-out.
            HttpFunctionError::Failed | HttpFunctionError::TimedOut => Self::IntegrationFailed,
            HttpFunctionError::Throttled => Self::IntegrationUnavailable,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Self::BadPath | Self::BrokenBody => (StatusCode::BAD_REQUEST, "Bad Request"),
            Self::NotFound => (StatusCode::NOT_FOUND, "Not Found"),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"),
            Self::HeadTooLarge => {
                (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Request Header Fields Too Large")
            }
            Self::IntegrationFailed => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
            Self::IntegrationUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        };
        (status, Json(json!({ "message": message }))).into_response()
    }
}
