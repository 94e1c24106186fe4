//! The quotas of HTTP APIs.

use axum::http::request::Parts;

/// The largest request body in bytes (Quotas: payload size, 10 MB).
pub(crate) const MAXIMUM_BODY: usize = 10 * 1024 * 1024;
/// The largest event in bytes: it is the payload of a synchronous invocation (Lambda quotas: 6 MB).
pub(crate) const MAXIMUM_EVENT: usize = 6 * 1024 * 1024;
/// Quotas: total combined size of request line and header values, 10,240 bytes.
const MAXIMUM_HEAD: usize = 10_240;

/// Whether the request line and the header values are small enough.
pub(crate) fn head_fits(parts: &Parts) -> bool {
    // The two spaces and the longest protocol, `HTTP/1.1`, belong to the line.
    let target = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    let line = parts.method.as_str().len() + target + " HTTP/1.1 ".len();
    let values: usize = parts.headers.values().map(|value| value.len()).sum();
    line + values <= MAXIMUM_HEAD
}
