//! A stand-in for Amazon Bedrock's InvokeAgent and Bedrock AgentCore's InvokeAgentRuntime on one machine: the
//! services' wire formats, with answers from a small sample CRM or from an OpenAI-compatible server.
//!
//! ```text
//! wire/      requests validated, events framed, errors as the service shapes them
//! manager/   the answers: which collaborators a question needs, and what they say (pure)
//! crm/       the sample data, from data/*.json
//! prompt     the question, the day and the nonce out of the input text (pure)
//! session    what a session remembers
//! openai     the other back end: a chat completions server
//! faults/    scripted failures, and how often the agent was asked
//! invoke     one invocation of the agent from request to response
//! invoke_runtime   the same of an agent runtime
//! ```
//!
//! Signatures are accepted and not verified. Nothing of a question or an answer is logged.

mod clock;
mod crm;
mod faults;
mod invoke;
mod invoke_runtime;
mod manager;
mod openai;
mod prompt;
mod session;
mod wire;

use std::time::Duration;

use axum::Router;
use axum::routing::post;

pub use faults::{Faults, control_router};

/// The name sent to an OpenAI-compatible server when none is configured.
pub const DEFAULT_MODEL: &str = "default";

/// How the stand-in answers. Without `Debug`: it holds a key.
#[derive(Clone)]
pub struct BedrockOptions {
    /// Base URL of an OpenAI-compatible server (`http://127.0.0.1:11434`, also with `/v1` at its
    /// end), asked instead of the sample CRM.
    pub agent_url: Option<String>,
    /// The model's name there.
    pub model: String,
    /// Sent as `Authorization: Bearer` there.
    pub api_key: Option<String>,
    /// How long that server may take for one answer.
    pub agent_timeout: Duration,
    /// Scripted failures; a clone of it serves [`control_router`].
    pub faults: Faults,
}

impl Default for BedrockOptions {
    /// The sample CRM, no faults.
    fn default() -> Self {
        Self {
            agent_url: None,
            model: DEFAULT_MODEL.to_owned(),
            api_key: None,
            agent_timeout: Duration::from_secs(120),
            faults: Faults::default(),
        }
    }
}

/// `POST /agents/{agentId}/agentAliases/{agentAliasId}/sessions/{sessionId}/text` and
/// `POST /runtimes/{agentRuntimeArn}/invocations`.
pub fn router(options: BedrockOptions) -> Router {
    let path = "/agents/{agent_id}/agentAliases/{alias_id}/sessions/{session_id}/text";
    Router::new()
        .route(path, post(invoke::handle).fallback(invoke::unknown))
        .route("/runtimes/{runtime}/invocations", post(invoke_runtime::handle).fallback(invoke::unknown))
        .fallback(invoke::unknown)
        .with_state(invoke::Agent::new(options))
}
