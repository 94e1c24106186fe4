//! Frames of `application/vnd.amazon.eventstream`.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::exception::Exception;

/// An event: `:event-type` and a JSON payload.
pub(crate) fn event(event_type: &str, payload: &Value) -> Bytes {
    encode(":event-type", event_type, "event", payload)
}

/// A part of the answer.
pub(crate) fn chunk(bytes: &[u8]) -> Bytes {
    event("chunk", &json!({ "bytes": STANDARD.encode(bytes) }))
}

/// An error inside the stream; nothing follows it.
pub(crate) fn exception(exception: Exception, message: &str) -> Bytes {
    encode(":exception-type", &exception.name_in_stream(), "exception", &json!({ "message": message }))
}

fn encode(type_header: &'static str, type_name: &str, message_type: &'static str, payload: &Value) -> Bytes {
    let text = |value: &str| HeaderValue::String(value.to_owned().into());
    let message = Message::new(payload.to_string())
        .add_header(Header::new(type_header, text(type_name)))
        .add_header(Header::new(":content-type", text("application/json")))
        .add_header(Header::new(":message-type", text(message_type)));
    let mut frame = Vec::new();
    if let Err(error) = write_message_to(&message, &mut frame) {
        // Names are short and payloads bounded, so this does not happen; a client sees a broken stream.
        tracing::error!(%error, "an event could not be framed");
    }
    Bytes::from(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_framed_as_the_known_vector() {
        let vector = "0000006f0000004b9f4ea7ed0b3a6576656e742d747970650700056368756e6b0d3a636f6e74656e\
             742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d7479706507\
             00056576656e747b226279746573223a22534756736247383d227d0b6e5dde";
        assert_eq!(hex::encode(chunk(b"Hello")), vector);
    }

    #[test]
    fn an_exception_is_framed_as_the_known_vector() {
        let vector = "0000009d0000006176016d060f3a657863657074696f6e2d747970650700137468726f74746c696e\
             67457863657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a\
             736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b226d657373616765223a\
             22596f75722072657175657374207261746520697320746f6f20686967682e227dc32b5102";
        let frame = exception(Exception::ThrottlingException, "Your request rate is too high.");
        assert_eq!(hex::encode(&frame), vector);
    }
}
