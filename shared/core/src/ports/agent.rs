//! The AI agent behind the manager-agent function.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::records::AgentUsage;

/// What an agent is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentQuestion {
    /// The session, a UUID in lower case: the one spelling that every back end accepts.
    pub session_id: String,
    /// The whole input text: date block, question, route request.
    pub input: String,
    /// The caller's `user_context`: prompt session attributes, or a member of the payload.
    pub user_context: BTreeMap<String, String>,
    /// The whole answer must be there within this time.
    pub deadline: Duration,
    /// An answer that has begun is never silent for longer: a connection that is dead shows so before the
    /// deadline. The wait for its first piece is the agent's thinking, and not meant.
    pub longest_silence: Duration,
}

/// An agent's complete answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentAnswer {
    /// The text, decoded once from all chunks.
    pub text: String,
    /// Collaborators named by the traces, in order of first use.
    pub collaborators: Vec<String>,
    /// Tokens, latency and what else the traces tell.
    pub usage: AgentUsage,
}

/// Why an agent gave no answer. The variant says whether asking again can help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgentError {
    /// Asking again later can help.
    #[error("{code}: {detail}")]
    Retryable {
        /// What happened.
        code: AgentErrorCode,
        /// For the log only.
        detail: String,
    },
    /// Asking again cannot help.
    #[error("{code}: {detail}")]
    Permanent {
        /// What happened.
        code: AgentErrorCode,
        /// For the log only.
        detail: String,
    },
}

impl AgentError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> AgentErrorCode {
        match self {
            Self::Retryable { code, .. } | Self::Permanent { code, .. } => *code,
        }
    }
}

/// Stable names of the ways in which an agent fails; recorded, and shown to receivers of
/// `conversation.failed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentErrorCode {
    /// The service throttled.
    Throttled,
    /// A quota of the account is used up.
    QuotaExceeded,
    /// The service failed (5xx).
    ServiceError,
    /// Something that the agent depends on failed.
    DependencyFailed,
    /// The model was not ready.
    ModelNotReady,
    /// The session was in use.
    Conflict,
    /// No complete answer within the deadline.
    TimedOut,
    /// The connection or the stream broke.
    BrokenStream,
    /// The stream ended without a single chunk, or brought white space alone.
    EmptyAnswer,
    /// The service refused the input.
    Invalid,
    /// Credentials or permissions are wrong.
    AccessDenied,
    /// No such agent or alias.
    NotFound,
    /// The agent handed control back, which nobody here can take.
    ReturnControl,
    /// The answer is above 1 MiB.
    AnswerTooLarge,
    /// The answer is not UTF-8, or in no form that is known here.
    NotText,
}

impl AgentErrorCode {
    /// Every code.
    pub const ALL: [Self; 15] = [
        Self::Throttled,
        Self::QuotaExceeded,
        Self::ServiceError,
        Self::DependencyFailed,
        Self::ModelNotReady,
        Self::Conflict,
        Self::TimedOut,
        Self::BrokenStream,
        Self::EmptyAnswer,
        Self::Invalid,
        Self::AccessDenied,
        Self::NotFound,
        Self::ReturnControl,
        Self::AnswerTooLarge,
        Self::NotText,
    ];

    /// The name on the wire, such as `timed_out`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::QuotaExceeded => "quota_exceeded",
            Self::ServiceError => "service_error",
            Self::DependencyFailed => "dependency_failed",
            Self::ModelNotReady => "model_not_ready",
            Self::Conflict => "conflict",
            Self::TimedOut => "timed_out",
            Self::BrokenStream => "broken_stream",
            Self::EmptyAnswer => "empty_answer",
            Self::Invalid => "invalid",
            Self::AccessDenied => "access_denied",
            Self::NotFound => "not_found",
            Self::ReturnControl => "return_control",
            Self::AnswerTooLarge => "answer_too_large",
            Self::NotText => "not_text",
        }
    }
}

impl fmt::Display for AgentErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An agent that answers questions (`bedrock:InvokeAgent`, `bedrock-agentcore:InvokeAgentRuntime`).
pub trait Agent: Send + Sync {
    /// Asks once; no retries inside: the manager-agent function owns the retry policy.
    fn ask(&self, question: &AgentQuestion) -> impl Future<Output = Result<AgentAnswer, AgentError>> + Send;
}
