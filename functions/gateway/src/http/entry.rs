//! Between API Gateway's events (HTTP API, payload 2.0) and the front door.
//!
//! The event is taken as it is. Building a URI of it first, as `lambda_http` does, fails on a `Host` that is
//! none, and with it the invocation.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use revops_core::Timestamp;

use super::{Incoming, Reply};

impl Incoming {
    /// Takes `event` apart; a base64 body is decoded. `deadline_ms` is when this invocation is ended, in
    /// milliseconds since the Unix epoch.
    #[must_use]
    pub fn of(event: ApiGatewayV2httpRequest, deadline_ms: u64) -> Self {
        Self {
            method: event.request_context.http.method,
            path: event.raw_path.unwrap_or_default(),
            query: event.raw_query_string.unwrap_or_default(),
            headers: event.headers,
            body: body(event.body.unwrap_or_default(), event.is_base64_encoded),
            deadline: Timestamp::from_unix_ms(i64::try_from(deadline_ms).unwrap_or(i64::MAX)),
        }
    }
}

/// What claims to be base64 and is not stays as it is, and is refused by whoever reads it.
fn body(text: String, is_base64: bool) -> Vec<u8> {
    if is_base64 && let Ok(decoded) = STANDARD.decode(&text) {
        return decoded;
    }
    text.into_bytes()
}

impl Reply {
    /// As API Gateway reads it.
    #[must_use]
    pub fn into_response(self) -> ApiGatewayV2httpResponse {
        let mut response = ApiGatewayV2httpResponse::default();
        response.status_code = i64::from(self.status);
        response.headers = self.headers;
        response.body = Some(Body::Text(self.body));
        response
    }
}
