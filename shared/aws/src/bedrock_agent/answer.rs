//! The answer as it grows: bytes of chunks, and what the traces tell.

use std::time::Duration;

use aws_sdk_bedrockagentruntime::types::{PayloadPart, ResponseStream};
use revops_core::ports::{AgentAnswer, AgentError, AgentErrorCode};
use revops_core::records::AgentUsage;

use super::BACKEND;
use super::trace::TraceSummary;

/// The longest answer; one above it would not be read by anybody, and does not fit elsewhere.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// What was received so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    bytes: Vec<u8>,
    traces: TraceSummary,
}

impl Reading {
    /// Takes the next event in. Kinds that are not known, and files, are passed over.
    pub(super) fn take(&mut self, event: ResponseStream) -> Result<(), AgentError> {
        if let ResponseStream::Chunk(chunk) = event {
            return self.take_chunk(&chunk);
        }
        if let ResponseStream::Trace(trace) = event {
            self.traces.take(&trace);
            return Ok(());
        }
        if event.is_return_control() {
            let detail = "the agent asks its caller to act, and no action is offered here".to_owned();
            return Err(AgentError::Permanent { code: AgentErrorCode::ReturnControl, detail });
        }
        Ok(())
    }

    fn take_chunk(&mut self, chunk: &PayloadPart) -> Result<(), AgentError> {
        let bytes = chunk.bytes().map(AsRef::as_ref).unwrap_or_default();
        if self.bytes.len().saturating_add(bytes.len()) > MAX_ANSWER_BYTES {
            let detail = format!("above {MAX_ANSWER_BYTES} bytes");
            return Err(AgentError::Permanent { code: AgentErrorCode::AnswerTooLarge, detail });
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// The answer of a stream that ended well after `latency`. Decoded here and only here: a character may be
    /// spread over two chunks. An end without a byte cannot be told from a connection that was cut between
    /// two frames.
    pub(super) fn finish(self, latency: Duration) -> Result<AgentAnswer, AgentError> {
        let retryable = |code, detail: String| AgentError::Retryable { code, detail };
        if self.bytes.is_empty() {
            return Err(retryable(AgentErrorCode::EmptyAnswer, "the stream ended without a chunk".into()));
        }
        let text = String::from_utf8(self.bytes)
            .map_err(|cause| retryable(AgentErrorCode::NotText, cause.utf8_error().to_string()))?;
        let TraceSummary { collaborators, input_tokens, output_tokens, guardrail_intervened } = self.traces;
        let usage = AgentUsage {
            backend: BACKEND.to_owned(),
            latency_ms: u64::try_from(latency.as_millis()).unwrap_or(u64::MAX),
            input_tokens,
            output_tokens,
            guardrail_intervened,
        };
        Ok(AgentAnswer { text, collaborators, usage })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_bedrockagentruntime::primitives::Blob;
    use aws_sdk_bedrockagentruntime::types::ReturnControlPayload;

    fn chunk(bytes: &[u8]) -> ResponseStream {
        ResponseStream::Chunk(PayloadPart::builder().bytes(Blob::new(bytes)).build())
    }

    fn read(events: impl IntoIterator<Item = ResponseStream>) -> Result<AgentAnswer, AgentError> {
        let mut reading = Reading::default();
        events.into_iter().try_for_each(|event| reading.take(event))?;
        reading.finish(Duration::from_millis(7))
    }

    #[test]
    fn a_character_spread_over_two_chunks_is_one_character() {
        let answer = read([chunk(b"caf\xc3"), chunk(b"\xa9")]).unwrap();
        assert_eq!((answer.text.as_str(), answer.usage.latency_ms), ("café", 7));
    }

    #[test]
    fn an_end_without_a_byte_is_a_failure_that_may_pass() {
        for events in [vec![], vec![chunk(b"")]] {
            let error = read(events).unwrap_err();
            assert!(matches!(error, AgentError::Retryable { code: AgentErrorCode::EmptyAnswer, .. }));
        }
    }

    #[test]
    fn an_answer_above_one_mebibyte_is_refused_for_good() {
        let half = vec![b'x'; MAX_ANSWER_BYTES / 2];
        assert!(read([chunk(&half), chunk(&half)]).is_ok());
        let error = read([chunk(&half), chunk(&half), chunk(b"x")]).unwrap_err();
        assert!(matches!(error, AgentError::Permanent { code: AgentErrorCode::AnswerTooLarge, .. }));
    }

    #[test]
    fn control_handed_back_is_a_failure_for_good_even_after_text() {
        let control = ResponseStream::ReturnControl(ReturnControlPayload::builder().build());
        let error = read([chunk(b"so far"), control]).unwrap_err();
        assert!(matches!(error, AgentError::Permanent { code: AgentErrorCode::ReturnControl, .. }));
    }

    #[test]
    fn bytes_that_are_not_text_are_no_answer() {
        assert_eq!(read([chunk(b"\xff")]).unwrap_err().code(), AgentErrorCode::NotText);
    }
}
