//! How long an answer may take: in all, and between two of its pieces.

use std::future::Future;
use std::time::Duration;

use revops_core::ports::{AgentAnswer, AgentError, AgentErrorCode, AgentQuestion};
use tokio::time::timeout;

use super::retryable;

/// Bounds the whole call. The SDK's own time-outs end with the response's headers; this one covers the stream.
/// The call is boxed: its state is large, and too deep for the compiler inside those of its callers.
pub(crate) async fn within_deadline(
    question: &AgentQuestion,
    answer: impl Future<Output = Result<AgentAnswer, AgentError>>,
) -> Result<AgentAnswer, AgentError> {
    timeout(question.deadline, Box::pin(answer)).await.unwrap_or_else(|_| {
        let seconds = question.deadline.as_secs();
        Err(retryable(AgentErrorCode::TimedOut, format!("no complete answer within {seconds} s")))
    })
}

/// Bounds the silence inside an answer. It counts from the first piece on: before that the agent thinks, and
/// only the deadline ends the wait.
#[derive(Debug)]
pub(crate) struct Patience {
    longest_silence: Duration,
    has_begun: bool,
}

impl Patience {
    pub(crate) const fn new(question: &AgentQuestion) -> Self {
        Self { longest_silence: question.longest_silence, has_begun: false }
    }

    /// What `piece` brings, unless the stream has gone silent for too long.
    pub(crate) async fn wait_for<T>(&mut self, piece: impl Future<Output = T>) -> Result<T, AgentError> {
        if !self.has_begun {
            let first = piece.await;
            self.has_begun = true;
            return Ok(first);
        }
        timeout(self.longest_silence, piece).await.map_err(|_| {
            let seconds = self.longest_silence.as_secs();
            retryable(AgentErrorCode::TimedOut, format!("the stream was silent for {seconds} s"))
        })
    }
}
