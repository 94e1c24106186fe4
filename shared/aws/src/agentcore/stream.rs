//! An answer that comes as server-sent events.
//!
//! | data | meaning |
//! |---|---|
//! | a JSON string, a number, or what is no JSON | a piece of the answer |
//! | an object with a text in `data`, `delta`, `chunk`, `text` or `content` | a piece of the answer |
//! | a model's own event, `{"event": {"contentBlockDelta": …}}` | a piece, for streams that have no others |
//! | an object with a text where a document has its answer (`result`, `response`, `message`, …) | the answer, for streams that have no pieces |
//! | an object with `error`, and any data of an event called `error` | the failure of the whole answer |
//! | `[DONE]`, and everything else | nothing |
//!
//! The order of preference lets frameworks repeat themselves: some send each piece twice and then the whole.

use revops_core::ports::AgentError;
use serde_json::Value;

use super::document::{error_in, of_names, text_in};
use super::sse::Event;
use crate::agent_call::AnswerText;

const PIECES: [&str; 5] = ["data", "delta", "chunk", "text", "content"];
const END_MARK: &[u8] = b"[DONE]";

/// The answer so far, in the three ways in which a stream may tell it.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: AnswerText,
    model_pieces: AnswerText,
    whole: AnswerText,
}

impl Pieces {
    /// Takes the next event in.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), AgentError> {
        let value = serde_json::from_slice::<Value>(&event.data).ok();
        if matches!(event.kind.as_slice(), b"error" | b"exception") {
            return Err(value.as_ref().and_then(error_in).unwrap_or_else(|| of_names(&[])));
        }
        if event.data == END_MARK {
            return Ok(());
        }
        match value {
            Some(Value::Object(_) | Value::Array(_)) | Some(Value::Null) => {
                value.as_ref().map_or(Ok(()), |value| self.take_value(value))
            }
            // A text of its own means something only where the event bears no name that says otherwise.
            _ if !matches!(event.kind.as_slice(), b"" | b"message") => Ok(()),
            Some(Value::String(text)) => self.pieces.push(text.as_bytes()),
            Some(Value::Bool(_) | Value::Number(_)) | None => self.pieces.push(&event.data),
        }
    }

    fn take_value(&mut self, value: &Value) -> Result<(), AgentError> {
        if let Some(error) = error_in(value) {
            return Err(error);
        }
        if let Some(piece) = PIECES.iter().filter_map(|name| value.get(name)).find_map(text_in) {
            return self.pieces.push(piece.as_bytes());
        }
        let model_event = value.get("event").unwrap_or(value);
        if let Some(delta) = model_event.pointer("/contentBlockDelta/delta/text").and_then(Value::as_str) {
            return self.model_pieces.push(delta.as_bytes());
        }
        text_in(value).map_or(Ok(()), |whole| self.whole.push(whole.as_bytes()))
    }

    /// The text of a stream that ended well.
    pub(super) fn finish(self) -> Result<String, AgentError> {
        let Self { pieces, model_pieces, whole } = self;
        let told = [pieces, model_pieces, whole].into_iter().find(|text| !text.is_empty());
        told.unwrap_or_default().decode()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use revops_core::ports::AgentErrorCode;

    fn read(events: &[(&str, &str)]) -> Result<String, AgentError> {
        let mut pieces = Pieces::default();
        for (kind, data) in events {
            pieces.take(&Event { kind: (*kind).into(), data: (*data).into() })?;
        }
        pieces.finish()
    }

    fn check(data: &[&str], expected: &str) {
        let events: Vec<_> = data.iter().map(|data| ("", *data)).collect();
        assert_eq!(read(&events).as_deref(), Ok(expected), "{data:?}");
    }

    fn failure(kind: &str, data: &str) -> (AgentErrorCode, bool) {
        let error = read(&[("", r#""so far""#), (kind, data)]).unwrap_err();
        (error.code(), matches!(error, AgentError::Retryable { .. }))
    }

    #[test]
    fn strings_and_plain_text_are_pieces() {
        check(&[r#""caf\u00e9""#, r#"" ok""#], "café ok");
        check(&["The ", "answer is ", "42", "[DONE]"], "The answer is 42");
    }

    #[test]
    fn the_usual_members_of_an_object_are_pieces() {
        for name in PIECES {
            let piece = |text| format!(r#"{{"{name}":"{text}"}}"#);
            check(&[&piece("a"), &piece("a"), &piece("b")], "aab");
        }
        check(&[r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"x"}}"#], "x");
    }

    #[test]
    fn an_answer_that_is_told_three_times_over_is_told_once() {
        let piece = |text| {
            [
                format!(r#"{{"event":{{"contentBlockDelta":{{"delta":{{"text":"{text}"}}}}}}}}"#),
                format!(r#"{{"data":"{text}","delta":{{"text":"{text}"}}}}"#),
            ]
        };
        let whole = r#"{"message":{"role":"assistant","content":[{"text":"one two"}]}}"#.to_owned();
        let told: Vec<_> = piece("one ").into_iter().chain(piece("two")).chain([whole.clone()]).collect();
        check(&told.iter().map(String::as_str).collect::<Vec<_>>(), "one two");
        check(&[&piece("one ")[0], &piece("two")[0]], "one two");
        check(&[&whole], "one two");
    }

    #[test]
    fn what_is_not_understood_is_passed_over() {
        let noise = [r#"{"init_event_loop":true}"#, "null", "[]", r#"{"delta":{"toolUse":{"input":"x"}}}"#];
        check(&[&noise[..], &[r#""ok""#]].concat(), "ok");
        assert_eq!(read(&[("ping", "still here"), ("", r#""ok""#), ("metadata", "7")]).as_deref(), Ok("ok"));
    }

    #[test]
    fn an_error_ends_the_answer_whatever_came_before() {
        let throttled = r#"{"error":"slow down","error_type":"ThrottlingException"}"#;
        assert_eq!(failure("", throttled), (AgentErrorCode::Throttled, true));
        let refused = r#"{"error":"x","code":"ValidationException"}"#;
        assert_eq!(failure("error", refused), (AgentErrorCode::Invalid, false));
        assert_eq!(failure("error", "boom"), (AgentErrorCode::ServiceError, true));
    }

    #[test]
    fn a_stream_without_a_text_is_no_answer() {
        for events in [vec![], vec![("", "null")], vec![("", r#""""#)], vec![("", r#"{"done":true}"#)]] {
            assert_eq!(read(&events).unwrap_err().code(), AgentErrorCode::EmptyAnswer, "{events:?}");
        }
    }
}
