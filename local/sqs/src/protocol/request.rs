//! Reading request bodies.

use serde::de::DeserializeOwned;

use super::error::ApiError;
use crate::names::queue_of_url;

/// The request of an action. An empty body is an empty request.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| ApiError::Serialization(error.to_string()))
}

/// The parameter, which must be there and not be empty.
pub(crate) fn required(value: Option<String>, parameter: &'static str) -> Result<String, ApiError> {
    value.filter(|value| !value.is_empty()).ok_or(ApiError::MissingParameter(parameter))
}

/// The queue that a `QueueUrl` names.
pub(crate) fn queue(url: Option<String>) -> Result<String, ApiError> {
    let url = required(url, "QueueUrl")?;
    queue_of_url(&url).map(str::to_owned).ok_or(ApiError::InvalidAddress(url))
}

/// `value`, which must lie between the bounds, both included.
pub(crate) fn within(value: i64, least: i64, most: i64, parameter: &str) -> Result<i64, ApiError> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(ApiError::invalid(parameter, value, &format!("Must be between {least} and {most}, if provided.")))
}
