//! What the back ends of the agent share: how long an answer may take, how long it may be, and what a failed
//! call means to whoever asked.

mod exception;
mod patience;
mod text;

use revops_core::ports::{AgentError, AgentErrorCode};

pub(crate) use exception::{detail, is_known, of_exception, of_transport, refused};
pub(crate) use patience::{Patience, within_deadline};
pub(crate) use text::{AnswerText, too_large};

/// Asking again later can help.
pub(crate) fn retryable(code: AgentErrorCode, detail: impl Into<String>) -> AgentError {
    AgentError::Retryable { code, detail: detail.into() }
}

/// Asking again cannot help.
pub(crate) fn permanent(code: AgentErrorCode, detail: impl Into<String>) -> AgentError {
    AgentError::Permanent { code, detail: detail.into() }
}
