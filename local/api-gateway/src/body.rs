//! A request's body: read to the limit, and put into the event as text or as base64.

use crate::{limits::MAXIMUM_BODY, refusal::Refusal};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

/// How much of a body that is too large is read and thrown away, so that its sender gets to the answer instead
/// of a broken connection.
const DISCARDED: usize = 64 * 1024 * 1024;

/// Reads a body that is not too large.
pub(crate) async fn read(mut body: Body) -> Result<Bytes, Refusal> {
    let (mut content, mut total) = (BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::BrokenBody)?.into_data() else { continue };
        total = total.saturating_add(data.len());
        if total <= MAXIMUM_BODY {
            content.extend_from_slice(&data);
        } else {
            content = BytesMut::new();
        }
        if total > MAXIMUM_BODY + DISCARDED {
            break;
        }
    }
    if total > MAXIMUM_BODY { Err(Refusal::BodyTooLarge) } else { Ok(content.freeze()) }
}

/// `body` and `isBase64Encoded` of the event. No body is none.
pub(crate) fn in_event(body: &[u8], content_type: Option<&str>) -> (Option<String>, bool) {
    if body.is_empty() {
        return (None, false);
    }
    let text = content_type.is_some_and(is_text).then(|| std::str::from_utf8(body).ok()).flatten();
    text.map_or_else(|| (Some(STANDARD.encode(body)), true), |text| (Some(text.to_owned()), false))
}

/// Whether a media type is passed on as text. A form is not.
fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.starts_with("text/")
        || matches!(essence.as_str(), "application/json" | "application/xml" | "application/javascript")
        || essence.ends_with("+json")
        || essence.ends_with("+xml")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_base64(body: &[u8], content_type: Option<&str>) -> bool {
        in_event(body, content_type).1
    }

    #[test]
    fn text_types_stay_text_and_others_become_base64() {
        for text in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "text/plain",
            "application/cloudevents+json",
        ] {
            assert!(!is_base64(b"{}", Some(text)), "{text}");
        }
        for other in ["application/x-www-form-urlencoded", "application/octet-stream", "", "image/png"] {
            assert!(is_base64(b"{}", Some(other)), "{other}");
        }
        assert!(is_base64(b"{}", None));
        assert!(is_base64(b"\xff", Some("text/plain")));
    }

    #[test]
    fn no_body_is_none() {
        assert_eq!(in_event(b"", Some("application/json")), (None, false));
    }

    proptest! {
        #[test]
        fn the_body_survives(body: Vec<u8>, text: bool) {
            let (encoded, base64) = in_event(&body, text.then_some("text/plain"));
            let encoded = encoded.unwrap_or_default();
            let decoded = if base64 { STANDARD.decode(encoded).unwrap() } else { encoded.into_bytes() };
            prop_assert_eq!(decoded, body);
        }
    }
}
