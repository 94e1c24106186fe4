//! InvokeAgentRuntime's wire: what is accepted, and the two forms of an answer. Pure.
//!
//! The service carries a runtime's bytes as they are; this runtime does as AgentCore's Python SDK makes most do:
//! `{"prompt": …}` in, `{"result": …}` or a JSON string an event out, an error inside a stream as
//! `{"error": …, "error_type": …}`.

use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::exception::{Exception, Refusal};
use super::stream::{Part, split_inside_characters};
use crate::faults::Fault;

/// Names the session, in requests and responses.
pub(crate) const SESSION_HEADER: &str = "x-amzn-bedrock-agentcore-runtime-session-id";
/// Characters of an event.
const PIECE_CHARS: usize = 60;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `application/json`
    Document,
    /// `text/event-stream`
    Events,
}

impl Form {
    /// Events for whoever takes them.
    pub(crate) fn accepted_by(headers: &HeaderMap) -> Self {
        let accept = headers.get(http::header::ACCEPT).and_then(|accept| accept.to_str().ok());
        if accept.is_some_and(|accept| accept.contains("text/event-stream")) {
            Self::Events
        } else {
            Self::Document
        }
    }

    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Document => "application/json",
            Self::Events => "text/event-stream; charset=utf-8",
        }
    }

    fn pieces(self, text: &str, fault: &Fault) -> Vec<String> {
        match self {
            Self::Document => vec![json!({ "result": text }).to_string()],
            Self::Events => divided(text, fault).iter().map(|piece| event(&json!(piece))).collect(),
        }
    }

    fn error(self, exception: Exception, message: &str) -> String {
        let error = json!({ "error": message, "error_type": exception.runtime_shape().0 });
        match self {
            Self::Document => error.to_string(),
            Self::Events => event(&error),
        }
    }
}

/// The session that a request names.
pub(crate) fn session_of(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(session) = headers.get(SESSION_HEADER) else { return Ok(None) };
    let session = session.to_str().unwrap_or_default();
    if (33..=256).contains(&session.len()) {
        return Ok(Some(session.to_owned()));
    }
    let rule =
        "1 validation error detected: Value at 'runtimeSessionId' failed: it must have 33 to 256 characters";
    Err(Refusal::validation(rule))
}

/// The prompt in a payload. A payload without one is a matter between caller and runtime, so that it is the
/// runtime that fails.
pub(crate) fn prompt_of(payload: &[u8]) -> Result<String, Refusal> {
    #[derive(Deserialize)]
    struct Payload {
        prompt: String,
    }
    let payload: Result<Payload, _> = serde_json::from_slice(payload);
    payload.map(|payload| payload.prompt).map_err(|error| {
        let message = format!("the agent expects {{\"prompt\": …}}: {error}");
        Refusal::new(Exception::DependencyFailedException, message)
    })
}

/// All parts of the body, in order. A runtime cannot hand control back: that fault means nothing here.
pub(crate) fn parts(text: &str, form: Form, fault: &Fault) -> Vec<Part> {
    if fault.end_without_chunk {
        return Vec::new();
    }
    let mut pieces = form.pieces(text, fault);
    let mut cut = None;
    if fault.breaks_stream() {
        let whole = fault.after_chunks.unwrap_or(0).min(pieces.len());
        cut = Some(pieces.get(whole).cloned().unwrap_or_default());
        pieces.truncate(whole);
    }
    if let Some(exception) = fault.exception {
        pieces.push(form.error(exception, fault.message()));
        cut = None;
    }
    let mut parts = sent(&pieces, fault);
    if let Some(cut) = cut {
        parts.push(Part::Bytes(Bytes::copy_from_slice(&cut.as_bytes()[..cut.len() / 2])));
        parts.push(Part::Lost);
    }
    parts
}

fn sent(pieces: &[String], fault: &Fault) -> Vec<Part> {
    if fault.split_utf8 {
        let split = split_inside_characters(&pieces.concat());
        return split.into_iter().map(|bytes| Part::Bytes(bytes.into())).collect();
    }
    pieces.iter().map(|piece| Part::Bytes(piece.clone().into())).collect()
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

/// The text in pieces, at least one more than a fault wants to come before it.
fn divided(text: &str, fault: &Fault) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let wanted = fault.after_chunks.map_or(1, |chunks| chunks.saturating_add(1));
    let size = characters.len().div_ceil(wanted).clamp(1, PIECE_CHARS);
    characters.chunks(size).map(|piece| piece.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(parts: &[Part]) -> String {
        let bytes: Vec<u8> = parts
            .iter()
            .flat_map(|part| match part {
                Part::Bytes(bytes) => bytes.to_vec(),
                Part::Lost => b"<lost>".to_vec(),
            })
            .collect();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_document_holds_the_whole_text_and_events_its_pieces() {
        let text = "é\n".repeat(50);
        let none = Fault::default();
        assert_eq!(body(&parts(&text, Form::Document, &none)), json!({ "result": text }).to_string());
        let events = parts(&text, Form::Events, &none);
        assert_eq!(events.len(), 2);
        assert!(body(&events).starts_with("data: \"é\\né\\n"));
    }

    #[test]
    fn an_exception_comes_after_as_many_events_as_scripted() {
        let exception = Some(Exception::ThrottlingException);
        for after in [0, 1, 2] {
            let fault = Fault { exception, after_chunks: Some(after), ..Fault::default() };
            let sent = parts("one two three", Form::Events, &fault);
            assert_eq!(sent.len(), after + 1);
            assert!(body(&sent[after..]).contains(r#""error_type":"ThrottlingException""#));
        }
    }

    #[test]
    fn a_cut_ends_in_the_middle_of_an_event() {
        let fault = Fault { cut: true, after_chunks: Some(1), ..Fault::default() };
        assert_eq!(body(&parts("0123456789", Form::Events, &fault)), "data: \"01234\"\n\ndata: \"<lost>");
    }

    #[test]
    fn a_body_can_be_empty_or_end_its_pieces_inside_characters() {
        let empty = Fault { end_without_chunk: true, ..Fault::default() };
        assert_eq!(parts("text", Form::Events, &empty), []);
        let split = Fault { split_utf8: true, ..Fault::default() };
        let sent = parts("aéb", Form::Events, &split);
        assert_eq!((sent.len(), body(&sent).as_str()), (2, "data: \"aéb\"\n\n"));
    }
}
