//! The operations of AWS that the functions call, one function each: a function that a binary does not use is not in
//! it, and a test compares those that are with the function's role.

pub(crate) mod lambda;
pub(crate) mod s3;
pub(crate) mod secretsmanager;
pub(crate) mod sqs;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use serde::de::DeserializeOwned;

use crate::call::{Answer, CallError};

/// What is percent-encoded in one part of a path: all but the unreserved characters.
///
/// Source: AWS, "Create a signed AWS API request", `UriEncode`.
pub(crate) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What is in `answer`.
fn output<T: DeserializeOwned>(answer: &Answer) -> Result<T, CallError> {
    serde_json::from_slice(&answer.body).map_err(|cause| CallError::NoAnswer(cause.into()))
}
