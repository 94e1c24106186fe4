//! The operations of AWS that the functions call, one function each: a function that a binary does not use is not in
//! it, and a test compares those that are with the function's role.

pub(crate) mod lambda;
pub(crate) mod s3;
pub(crate) mod secretsmanager;
pub(crate) mod sqs;

use bytes::Bytes;
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::call::{Answer, Call, CallError, Service};

/// What is percent-encoded in one part of a path: all but the unreserved characters.
///
/// Source: AWS, "Create a signed AWS API request", `UriEncode`.
pub(crate) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One of AWS's JSON protocols.
#[derive(Clone, Copy, Debug)]
struct Json {
    media_type: &'static str,
    /// What stands before the operation in `x-amz-target`.
    target: &'static str,
}

impl Json {
    async fn call(
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

/// What is in `answer`.
fn output<T: DeserializeOwned>(answer: &Answer) -> Result<T, CallError> {
    serde_json::from_slice(&answer.body).map_err(|cause| CallError::NoAnswer(cause.into()))
}
