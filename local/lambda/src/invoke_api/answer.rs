//! The answers of the Invoke operation, good and bad, in the shape of the rest-json protocol.

use crate::invocation::{Invocation, InvokeError};
use axum::{
    Json,
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// Why the operation is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ApiError {
    /// The service says so.
    Invoke(InvokeError),
    /// `X-Amz-Invocation-Type` is none of the three.
    InvalidInvocationType,
    /// `X-Amz-Client-Context` is not base64 of JSON.
    InvalidClientContext,
    /// The body ended early.
    BrokenBody,
}

impl From<InvokeError> for ApiError {
    fn from(error: InvokeError) -> Self {
        Self::Invoke(error)
    }
}

/// 200: the invocation is over. A function error is one, too.
pub(super) fn ended(invocation: Invocation) -> Response {
    let mut response = respond(StatusCode::OK, &invocation.request_id, invocation.payload);
    let headers = response.headers_mut();
    headers.insert("x-amz-executed-version", HeaderValue::from_static("$LATEST"));
    if let Some(kind) = invocation.function_error {
        headers.insert("x-amz-function-error", HeaderValue::from_static(kind.as_str()));
    }
    response
}

/// 202: the invocation runs in the background.
pub(super) fn accepted(request_id: &str) -> Response {
    respond(StatusCode::ACCEPTED, request_id, Bytes::new())
}

/// 204: the invocation would be in order.
pub(super) fn allowed(request_id: &str) -> Response {
    respond(StatusCode::NO_CONTENT, request_id, Bytes::new())
}

fn respond(status: StatusCode, request_id: &str, payload: Bytes) -> Response {
    let mut response = (status, Body::from(payload)).into_response();
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, error_type, body) = self.parts();
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(ERROR_TYPE, HeaderValue::from_static(error_type));
        if let Ok(id) = HeaderValue::from_str(&Uuid::new_v4().to_string()) {
            headers.insert(REQUEST_ID, id);
        }
        response
    }
}

impl ApiError {
    fn parts(&self) -> (StatusCode, &'static str, Value) {
        match self {
            Self::Invoke(error) => of_invoke(error),
            Self::InvalidInvocationType => invalid(
                "InvalidParameterValueException",
                "InvocationType must be RequestResponse, Event or DryRun",
            ),
            Self::InvalidClientContext => invalid(
                "InvalidRequestContentException",
                "Client context must be a valid Base64-encoded JSON object.",
            ),
            Self::BrokenBody => invalid("InvalidRequestContentException", "The request body ended early"),
        }
    }
}

fn invalid(error_type: &'static str, message: &str) -> (StatusCode, &'static str, Value) {
    (StatusCode::BAD_REQUEST, error_type, json!({ "Type": "User", "message": message }))
}

fn of_invoke(error: &InvokeError) -> (StatusCode, &'static str, Value) {
    match error {
        InvokeError::UnknownFunction(name) => {
            let message = format!("Function not found: {}", crate::function_name::arn(name));
            let body = json!({ "Type": "User", "Message": message });
            (StatusCode::NOT_FOUND, "ResourceNotFoundException", body)
        }
        InvokeError::Throttled => {
            let reason = "ReservedFunctionConcurrentInvocationLimitExceeded";
            let body = json!({ "Reason": reason, "Type": "User", "message": "Rate Exceeded." });
            (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", body)
        }
        InvokeError::PayloadTooLarge(limit) => {
            let message =
                format!("Request must be smaller than {limit} bytes for the InvokeFunction operation");
            let body = json!({ "Type": "User", "message": message });
            (StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", body)
        }
        InvokeError::InvalidJson => {
            invalid("InvalidRequestContentException", "Could not parse request body into json")
        }
        InvokeError::ShuttingDown => {
            let body = json!({ "Type": "Service", "Message": "The functions are being stopped" });
            (StatusCode::INTERNAL_SERVER_ERROR, "ServiceException", body)
        }
    }
}
