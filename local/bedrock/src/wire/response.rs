//! The 200 with its event stream.

use std::io;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, HeaderValue, header};

use super::stream::Part;

/// A response that sends the parts one after the other.
pub(crate) fn event_stream(session_id: &str, request_id: &str, parts: Vec<Part>) -> Response {
    let parts = parts.into_iter().map(|part| match part {
        Part::Bytes(bytes) => Ok::<Bytes, io::Error>(bytes),
        Part::Lost => Err(io::Error::new(io::ErrorKind::ConnectionReset, "a scripted loss")),
    });
    let mut response = Response::new(Body::from_stream(stream::iter(parts)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.amazon.eventstream"));
    headers.insert(
        HeaderName::from_static("x-amzn-bedrock-agent-content-type"),
        HeaderValue::from_static("application/json"),
    );
    for (name, value) in [("x-amz-bedrock-agent-session-id", session_id), ("x-amzn-requestid", request_id)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    response
}
