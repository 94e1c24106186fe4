//! The 200 with its stream.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderName, HeaderValue, header};

use super::stream::Part;

/// How long the connection stays before it is lost.
const FLUSH: Duration = Duration::from_millis(20);

/// A response that sends the parts one after the other.
pub(crate) fn event_stream(session_id: &str, request_id: &str, parts: Vec<Part>) -> Response {
    let mut response = Response::new(body_of(parts));
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

/// A body that sends the parts one after the other.
pub(crate) fn body_of(parts: Vec<Part>) -> Body {
    Body::from_stream(stream::iter(parts).then(send))
}

/// What was sent before a loss is given time to leave: an error would take it along.
async fn send(part: Part) -> io::Result<Bytes> {
    match part {
        Part::Bytes(bytes) => Ok(bytes),
        Part::Lost => {
            tokio::time::sleep(FLUSH).await;
            Err(io::Error::new(io::ErrorKind::ConnectionReset, "a scripted loss"))
        }
    }
}
