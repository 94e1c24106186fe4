//! The shapes in which a function may return a response.

use serde::Deserialize;
use serde_json::{Map, Value};

/// What a function returned, in one shape.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Returned {
    pub(super) status: u16,
    /// Names as the function wrote them; a name may occur more than once.
    pub(super) headers: Vec<(String, String)>,
    pub(super) cookies: Vec<String>,
    pub(super) body: String,
    pub(super) is_base64_encoded: bool,
    /// The content type if the function names none.
    pub(super) default_content_type: &'static str,
}

/// A response in format 2.0. `multiValueHeaders` is of format 1.0 and tolerated.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Format2 {
    status_code: Value,
    headers: Option<Map<String, Value>>,
    multi_value_headers: Option<Map<String, Value>>,
    cookies: Option<Vec<String>>,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
}

/// None if it is not JSON, or a response whose fields are of the wrong types.
pub(super) fn parse(payload: &[u8]) -> Option<Returned> {
    let value: Value = serde_json::from_slice(payload).ok()?;
    if value.get("statusCode").is_none() {
        return Some(inferred(value));
    }
    let format: Format2 = serde_json::from_value(value).ok()?;
    let mut headers = Vec::new();
    for (name, value) in format.headers.unwrap_or_default() {
        headers.extend(text(&value)?.map(|value| (name, value)));
    }
    for (name, values) in format.multi_value_headers.unwrap_or_default() {
        for value in values.as_array()? {
            headers.extend(text(value)?.map(|value| (name.clone(), value)));
        }
    }
    Some(Returned {
        status: status(&format.status_code)?,
        headers,
        cookies: format.cookies.unwrap_or_default(),
        body: format.body.unwrap_or_default(),
        is_base64_encoded: format.is_base64_encoded.unwrap_or_default(),
        default_content_type: "text/plain;charset=UTF-8",
    })
}

/// Developer Guide, "Lambda function response for format 2.0": valid JSON without a status code is the body.
fn inferred(value: Value) -> Returned {
    let body = match value {
        Value::String(ref text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    };
    Returned { status: 200, body, default_content_type: "application/json", ..Returned::default() }
}

/// A number, or its digits.
fn status(value: &Value) -> Option<u16> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
        Value::String(digits) => digits.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A header's value as text; a null one is left out, and a structure is none.
fn text(value: &Value) -> Option<Option<String>> {
    match value {
        Value::Null => Some(None),
        Value::String(text) => Some(Some(text.clone())),
        Value::Number(_) | Value::Bool(_) => Some(Some(value.to_string())),
        Value::Array(_) | Value::Object(_) => None,
    }
}
