//! Reading a request's body to a limit.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

/// How much of a body that is too large is read and thrown away, so that its sender gets to the answer
/// instead of a broken connection.
const DISCARDED: usize = 64 * 1024 * 1024;

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It is larger than the limit: answer 413.
    TooLarge,
    /// The sender went away in the middle.
    Broken,
}

/// Reads at most `limit` bytes.
pub(crate) async fn read(mut body: Body, limit: usize) -> Result<Bytes, BodyError> {
    let (mut content, mut total) = (BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        total = total.saturating_add(data.len());
        if total <= limit {
            content.extend_from_slice(&data);
        } else {
            content = BytesMut::new();
        }
        if total > limit.saturating_add(DISCARDED) {
            break;
        }
    }
    if total > limit { Err(BodyError::TooLarge) } else { Ok(content.freeze()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not() {
        assert_eq!(read(Body::from("12345"), 5).await, Ok(Bytes::from_static(b"12345")));
        assert_eq!(read(Body::from("123456"), 5).await, Err(BodyError::TooLarge));
    }
}
