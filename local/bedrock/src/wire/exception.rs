//! The service's modelled errors, before the stream and inside it.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// One kind of error. In JSON and inside a stream the name begins with a small letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::enum_variant_names, reason = "the service's names")]
pub(crate) enum Exception {
    AccessDeniedException,
    BadGatewayException,
    ConflictException,
    DependencyFailedException,
    InternalServerException,
    ModelNotReadyException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ThrottlingException,
    ValidationException,
}

impl Exception {
    /// The shape's name and status, as `x-amzn-errortype` and the status line have them.
    fn shape(self) -> (&'static str, StatusCode) {
        match self {
            Self::AccessDeniedException => ("AccessDeniedException", StatusCode::FORBIDDEN),
            Self::BadGatewayException => ("BadGatewayException", StatusCode::BAD_GATEWAY),
            Self::ConflictException => ("ConflictException", StatusCode::CONFLICT),
            Self::DependencyFailedException => ("DependencyFailedException", StatusCode::FAILED_DEPENDENCY),
            Self::InternalServerException => ("InternalServerException", StatusCode::INTERNAL_SERVER_ERROR),
            Self::ModelNotReadyException => ("ModelNotReadyException", StatusCode::FAILED_DEPENDENCY),
            Self::ResourceNotFoundException => ("ResourceNotFoundException", StatusCode::NOT_FOUND),
            Self::ServiceQuotaExceededException => ("ServiceQuotaExceededException", StatusCode::BAD_REQUEST),
            Self::ThrottlingException => ("ThrottlingException", StatusCode::TOO_MANY_REQUESTS),
            Self::ValidationException => ("ValidationException", StatusCode::BAD_REQUEST),
        }
    }

    /// The same for InvokeAgentRuntime. What fails behind a runtime is its own code's failure to the service.
    pub(crate) fn runtime_shape(self) -> (&'static str, StatusCode) {
        match self {
            Self::BadGatewayException | Self::DependencyFailedException | Self::ModelNotReadyException => {
                ("RuntimeClientError", StatusCode::FAILED_DEPENDENCY)
            }
            Self::ConflictException => ("RetryableConflictException", StatusCode::CONFLICT),
            Self::ServiceQuotaExceededException => {
                ("ServiceQuotaExceededException", StatusCode::PAYMENT_REQUIRED)
            }
            Self::AccessDeniedException
            | Self::InternalServerException
            | Self::ResourceNotFoundException
            | Self::ThrottlingException
            | Self::ValidationException => self.shape(),
        }
    }

    /// The name inside a stream: `:exception-type`.
    pub(crate) fn name_in_stream(self) -> String {
        let (name, _) = self.shape();
        let mut letters = name.chars();
        letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
    }
}

/// An invocation that gets no stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `None`: an answer that is not the service's own, such as a load balancer's 503.
    pub(crate) exception: Option<Exception>,
    /// Instead of the exception's status.
    pub(crate) status: Option<StatusCode>,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(exception: Exception, message: impl Into<String>) -> Self {
        Self { exception: Some(exception), status: None, message: message.into() }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(Exception::ValidationException, message)
    }

    /// InvokeAgent's response: `{"message":…}` with the shape's name in a header.
    pub(crate) fn response(self, request_id: &str) -> Response {
        let shape = self.exception.map(Exception::shape);
        self.shaped(shape, request_id)
    }

    /// InvokeAgentRuntime's response.
    pub(crate) fn runtime_response(self, request_id: &str) -> Response {
        let shape = self.exception.map(Exception::runtime_shape);
        self.shaped(shape, request_id)
    }

    fn shaped(self, shape: Option<(&'static str, StatusCode)>, request_id: &str) -> Response {
        let status = self.status.or(shape.map(|(_, status)| status));
        let mut response = Response::new(Body::from(json!({ "message": self.message }).to_string()));
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some((name, _)) = shape {
            headers.insert(HeaderName::from_static("x-amzn-errortype"), HeaderValue::from_static(name));
        }
        if let Ok(id) = HeaderValue::try_from(request_id) {
            headers.insert(HeaderName::from_static("x-amzn-requestid"), id);
        }
        response
    }
}
