//! What the manager-agent function writes: lease, failed tries, and the one decision.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::ports::AgentErrorCode;

/// `lease.json`: who is asking the agent at this moment. Its age is judged by the store's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseRecord {
    /// Record version, 1.
    pub v: u32,
    /// Held or released.
    pub state: LeaseState,
    /// The invocation token of the holder: whoever repeats it may take the lease over.
    pub token: String,
    /// How long the lease lives after it was written: the agent's deadline and 10 s.
    pub lives_ms: u64,
    /// Which writing this is, from 1: two leases never have the same bytes.
    pub number: u64,
}

/// Whether somebody is asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaseState {
    /// The holder is asking, until the lease's life ends.
    Held,
    /// The holder's try failed and is recorded; anyone may take the lease.
    Released,
}

/// `agent-attempts/NNN.json`: one failed try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgentAttemptRecord {
    /// Record version, 1.
    pub v: u32,
    /// 1 for the first try.
    pub number: u32,
    /// When it started.
    pub started_at: Timestamp,
    /// How long it took.
    pub duration_ms: u64,
    /// What went wrong.
    pub code: AgentErrorCode,
    /// Until then nobody asks again.
    pub retry_at: Timestamp,
}

/// Tokens and time, as the traces tell them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgentUsage {
    /// The back end: `bedrock_agent` or `agentcore`.
    pub backend: String,
    /// From the call to the last byte.
    pub latency_ms: u64,
    /// Tokens read by all model calls; absent where the back end does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens written by all model calls; absent where the back end does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// A guardrail changed or refused the answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guardrail_intervened: bool,
}

/// `answer.json`: the single create-only decision of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRecord {
    /// Record version, 1.
    pub v: u32,
    /// When the decision was made.
    pub decided_at: Timestamp,
    /// The try that decided, from 1.
    pub attempt: u32,
    /// The answer or the failure.
    #[serde(flatten)]
    pub answer: Answer,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Answer {
    /// The agent answered.
    Answered {
        /// The agent's text, with its route line.
        text: String,
        /// The nonce of the route line that was asked for; none where it was not asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nonce: Option<String>,
        /// The manager first, then collaborators in order of first use.
        agents_used: Vec<String>,
        /// Tokens and time.
        usage: AgentUsage,
    },
    /// The agent will not be asked again.
    Failed(FailedAnswer),
}

/// The final failure of the agent hop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedAnswer {
    /// The failure's stable code.
    pub code: AgentErrorCode,
    /// One sentence for the receiver of `conversation.failed`; no internals.
    pub message: String,
}
