//! AWS's JSON protocols: the operation stands in a header, input and output are JSON.

use bytes::Bytes;
use http::Method;
use serde::Serialize;

use super::{Answer, Call, CallError, Service};

/// One of AWS's JSON protocols, as a service speaks it.
#[derive(Clone, Copy, Debug)]
pub struct Json {
    /// Such as `application/x-amz-json-1.0`.
    pub media_type: &'static str,
    /// What stands before the operation in `x-amz-target`.
    pub target: &'static str,
}

impl Json {
    /// Calls `operation` of `service` with `input`.
    ///
    /// # Errors
    /// As of [`Service::send`]; an input that is no JSON is not sent.
    pub async fn call(
        &self,
        service: &Service,
        operation: &str,
        input: &impl Serialize,
    ) -> Result<Answer, CallError> {
        let body = serde_json::to_vec(input).map_err(|cause| CallError::NotSent(cause.into()))?;
        let target = format!("{}.{operation}", self.target);
        let call = Call {
            method: Method::POST,
            url: format!("{}/", service.endpoint()?),
            headers: vec![("content-type", self.media_type), ("x-amz-target", &target)],
            body: Bytes::from(body),
        };
        service.send(&call).await
    }
}
