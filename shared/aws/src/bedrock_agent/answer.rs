//! The answer as it grows: bytes of chunks, and what the traces tell.

use std::time::Duration;

use aws_sdk_bedrockagentruntime::types::ResponseStream;
use revops_core::ports::{AgentAnswer, AgentError, AgentErrorCode};
use revops_core::records::AgentUsage;

use super::BACKEND;
use super::trace::TraceSummary;
use crate::agent_call::{AnswerText, permanent};

/// What was received so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    text: AnswerText,
    traces: TraceSummary,
}

impl Reading {
    /// Takes the next event in. Kinds that are not known, and files, are passed over.
    pub(super) fn take(&mut self, event: ResponseStream) -> Result<(), AgentError> {
        if let ResponseStream::Chunk(chunk) = event {
            return self.text.push(chunk.bytes().map(AsRef::as_ref).unwrap_or_default());
        }
        if let ResponseStream::Trace(trace) = event {
            self.traces.take(&trace);
            return Ok(());
        }
        if event.is_return_control() {
            let detail = "the agent asks its caller to act, and no action is offered here";
            return Err(permanent(AgentErrorCode::ReturnControl, detail));
        }
        Ok(())
    }

    /// The answer of a stream that ended well after `latency`. An end without a byte is no answer: it cannot
    /// be told from a connection that was cut between two frames.
    pub(super) fn finish(self, latency: Duration) -> Result<AgentAnswer, AgentError> {
        let text = self.text.decode()?;
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
    use aws_sdk_bedrockagentruntime::types::{PayloadPart, ReturnControlPayload};

    fn chunk(bytes: &[u8]) -> ResponseStream {
        ResponseStream::Chunk(PayloadPart::builder().bytes(Blob::new(bytes)).build())
    }

    fn read(events: impl IntoIterator<Item = ResponseStream>) -> Result<AgentAnswer, AgentError> {
        let mut reading = Reading::default();
        events.into_iter().try_for_each(|event| reading.take(event))?;
        reading.finish(Duration::from_millis(7))
    }

    #[test]
    fn chunks_make_one_text() {
        let answer = read([chunk(b"caf\xc3"), chunk(b"\xa9")]).unwrap();
        assert_eq!((answer.text.as_str(), answer.usage.latency_ms), ("café", 7));
    }

    #[test]
    fn control_handed_back_is_a_failure_for_good_even_after_text() {
        let control = ResponseStream::ReturnControl(ReturnControlPayload::builder().build());
        let error = read([chunk(b"so far"), control]).unwrap_err();
        assert!(matches!(error, AgentError::Permanent { code: AgentErrorCode::ReturnControl, .. }));
    }
}
