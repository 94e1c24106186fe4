//! The answer as its bytes come, in the form that its content type names.

use revops_core::ports::{AgentError, AgentErrorCode};

use super::document;
use super::sse::Parser;
use super::stream::Pieces;
use crate::agent_call::{permanent, retryable, too_large};

/// The longest document: the longest answer with each byte escaped, and what else a runtime may add to it.
const MAX_DOCUMENT_BYTES: usize = 8 * 1024 * 1024;

/// What was received so far.
#[derive(Debug)]
pub(super) enum Reading {
    /// One JSON document.
    Document(Vec<u8>),
    /// Server-sent events.
    Events { parser: Parser, pieces: Pieces },
}

impl Reading {
    /// Nothing yet, of a body with this content type.
    pub(super) fn of(content_type: &str) -> Result<Self, AgentError> {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence == "text/event-stream" {
            return Ok(Self::Events { parser: Parser::default(), pieces: Pieces::default() });
        }
        if essence == "application/json" || essence.ends_with("+json") {
            return Ok(Self::Document(Vec::new()));
        }
        let detail = "the answer is neither application/json nor text/event-stream";
        Err(permanent(AgentErrorCode::NotText, detail))
    }

    /// Takes the next bytes in.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), AgentError> {
        match self {
            Self::Document(document) => {
                if document.len().saturating_add(bytes.len()) > MAX_DOCUMENT_BYTES {
                    return Err(too_large());
                }
                document.extend_from_slice(bytes);
                Ok(())
            }
            Self::Events { parser, pieces } => {
                parser.push(bytes)?.iter().try_for_each(|event| pieces.take(event))
            }
        }
    }

    /// The text of a body that ended well.
    pub(super) fn finish(self) -> Result<String, AgentError> {
        match self {
            Self::Document(document) => document::read(&document),
            Self::Events { parser, pieces } if parser.is_between_events() => pieces.finish(),
            Self::Events { .. } => {
                Err(retryable(AgentErrorCode::BrokenStream, "the stream ended inside an event"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_type_says_how_to_read_whatever_its_parameters_and_case() {
        let is_document = |kind| matches!(Reading::of(kind), Ok(Reading::Document(_)));
        let is_events = |kind| matches!(Reading::of(kind), Ok(Reading::Events { .. }));
        assert!(is_document("application/json") && is_document("Application/JSON; charset=utf-8"));
        assert!(is_document("application/problem+json"));
        assert!(is_events("text/event-stream") && is_events("text/event-stream;charset=UTF-8"));
    }

    #[test]
    fn another_form_is_refused_for_good_since_the_next_answer_would_have_it_too() {
        for kind in ["text/html", "application/octet-stream", ""] {
            let error = Reading::of(kind).unwrap_err();
            assert!(matches!(error, AgentError::Permanent { code: AgentErrorCode::NotText, .. }), "{kind}");
        }
    }

    #[test]
    fn a_document_without_an_end_is_refused_before_it_fills_the_memory() {
        let mut reading = Reading::of("application/json").unwrap();
        let mebibyte = vec![b' '; 1024 * 1024];
        let refused = (0..9).find_map(|_| reading.take(&mebibyte).err());
        assert_eq!(refused.map(|error| error.code()), Some(AgentErrorCode::AnswerTooLarge));
    }
}
