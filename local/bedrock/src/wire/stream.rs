//! From a reply to the parts of the response's body, faults included. Pure.

use bytes::Bytes;
use serde_json::json;

use super::frame;
use super::trace::{TraceContext, Usage};
use crate::faults::Fault;
use crate::manager::Contribution;

/// Bytes of a chunk when the final response is streamed.
const CHUNK_BYTES: usize = 200;
/// The API model's bound of one chunk.
const MAX_CHUNK_BYTES: usize = 1_000_000;

/// What an agent has to say.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// The final response.
    pub(crate) text: String,
    pub(crate) contributions: Vec<Contribution>,
    /// Of the supervisor's first model call.
    pub(crate) usage: Usage,
}

/// A part of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// One frame, or what a cut leaves of it.
    Bytes(Bytes),
    /// The connection is lost here.
    Lost,
}

/// All parts of the body, in order.
pub(crate) fn parts(reply: &Reply, traces: Option<&TraceContext>, streams: bool, fault: &Fault) -> Vec<Part> {
    let mut parts: Vec<Part> = traces
        .map(|context| context.events(reply))
        .unwrap_or_default()
        .iter()
        .map(|event| Part::Bytes(frame::event("trace", event)))
        .collect();
    if fault.return_control {
        parts.push(Part::Bytes(return_control()));
        return parts;
    }
    if fault.end_without_chunk {
        return parts;
    }
    let chunks = chunks(&reply.text, streams, fault);
    // Without a number the fault comes before the first chunk.
    let whole = fault.breaks_stream().then(|| fault.after_chunks.unwrap_or(0).min(chunks.len()));
    let sent = chunks.iter().take(whole.unwrap_or(chunks.len()));
    parts.extend(sent.map(|bytes| Part::Bytes(frame::chunk(bytes))));
    if let (Some(exception), Some(_)) = (fault.exception, whole) {
        parts.push(Part::Bytes(frame::exception(exception, fault.message())));
    } else if let Some(whole) = whole {
        let next = frame::chunk(chunks.get(whole).map_or(b"", Vec::as_slice));
        parts.push(Part::Bytes(next.slice(..next.len() / 2)));
        parts.push(Part::Lost);
    }
    parts
}

fn return_control() -> Bytes {
    let invocation = json!({ "functionInvocationInput": {
        "actionGroup": "crm", "function": "update_deal", "actionInvocationType": "RESULT", "parameters": [],
    }});
    frame::event(
        "returnControl",
        &json!({ "invocationId": "local-invocation", "invocationInputs": [invocation] }),
    )
}

fn chunks(text: &str, streams: bool, fault: &Fault) -> Vec<Vec<u8>> {
    if fault.split_utf8 {
        return split_inside_characters(text);
    }
    let bytes = text.as_bytes();
    let wanted = fault.after_chunks.map_or(1, |chunks| chunks.saturating_add(1));
    let size = match (streams, wanted) {
        (true, _) => CHUNK_BYTES.min(bytes.len().div_ceil(wanted)),
        (false, 1) => MAX_CHUNK_BYTES,
        (false, wanted) => bytes.len().div_ceil(wanted),
    };
    bytes.chunks(size.max(1)).map(<[u8]>::to_vec).collect()
}

/// Every boundary between chunks is inside a character of several bytes. A text without any stays
/// in one piece.
pub(crate) fn split_inside_characters(text: &str) -> Vec<Vec<u8>> {
    let mut chunks = Vec::new();
    let mut start = 0;
    for (index, _) in text.char_indices().filter(|(_, character)| character.len_utf8() > 1) {
        chunks.push(text.as_bytes()[start..=index].to_vec());
        start = index + 1;
    }
    chunks.push(text.as_bytes()[start..].to_vec());
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::exception::Exception;

    fn reply(text: &str) -> Reply {
        let usage = Usage { input_tokens: 1, output_tokens: 1 };
        Reply { text: text.into(), contributions: Vec::new(), usage }
    }

    fn bytes(parts: &[Part]) -> Vec<Bytes> {
        let taken = |part: &Part| match part {
            Part::Bytes(bytes) => Some(bytes.clone()),
            Part::Lost => None,
        };
        parts.iter().filter_map(taken).collect()
    }

    #[test]
    fn an_answer_is_one_chunk_unless_it_is_streamed() {
        let long = "é".repeat(500);
        let whole = parts(&reply(&long), None, false, &Fault::default());
        assert_eq!(bytes(&whole), [frame::chunk(long.as_bytes())]);
        assert_eq!(parts(&reply(&long), None, true, &Fault::default()).len(), 5);
    }

    #[test]
    fn chunks_can_end_inside_every_character() {
        let chunks = split_inside_characters("aé€z");
        assert_eq!(chunks, [b"a\xc3".to_vec(), b"\xa9\xe2".to_vec(), b"\x82\xacz".to_vec()]);
        assert_eq!(split_inside_characters("plain"), [b"plain".to_vec()]);
    }

    #[test]
    fn an_exception_comes_after_as_many_chunks_as_scripted() {
        let exception = Some(Exception::ThrottlingException);
        for after in [0, 1, 2] {
            let fault = Fault { exception, after_chunks: Some(after), ..Fault::default() };
            let sent = bytes(&parts(&reply("one two three"), None, false, &fault));
            assert_eq!(sent.len(), after + 1);
            assert_eq!(sent[after], frame::exception(Exception::ThrottlingException, fault.message()));
        }
    }

    #[test]
    fn a_cut_ends_in_the_middle_of_a_frame() {
        let fault = Fault { cut: true, after_chunks: Some(1), ..Fault::default() };
        let sent = parts(&reply("0123456789"), None, false, &fault);
        let whole = frame::chunk(b"56789");
        let expected =
            [Part::Bytes(frame::chunk(b"01234")), Part::Bytes(whole.slice(..whole.len() / 2)), Part::Lost];
        assert_eq!(sent, expected);
    }

    #[test]
    fn an_end_without_a_chunk_is_an_empty_stream() {
        let fault = Fault { end_without_chunk: true, ..Fault::default() };
        assert_eq!(parts(&reply("text"), None, false, &fault), []);
    }
}
