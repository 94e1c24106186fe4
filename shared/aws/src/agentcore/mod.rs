//! The manager agent behind Bedrock AgentCore's InvokeAgentRuntime.
//!
//! A runtime is code of its owner's, and the service carries its bytes both ways as they are. So what follows
//! is a convention and no contract of AWS, the one that AgentCore's own guides and templates keep:
//!
//! - the payload is `{"prompt": <input text>}`, and `"user_context": {…}` with it where the caller sent one;
//! - an answer of type `application/json` is read by `document`, one of `text/event-stream` by `stream`;
//! - nothing tells collaborators or tokens, so none are reported.

mod document;
mod reading;
mod sse;
mod stream;

use aws_sdk_bedrockagentcore::operation::invoke_agent_runtime::builders::InvokeAgentRuntimeFluentBuilder;
use aws_sdk_bedrockagentcore::primitives::Blob;
use revops_core::ports::{Agent, AgentAnswer, AgentError, AgentErrorCode, AgentQuestion};
use revops_core::records::AgentUsage;
use serde_json::json;
use tokio::time::Instant;

use crate::Clients;
use crate::agent_call::{Patience, refused, retryable, within_deadline};
use reading::Reading;

/// The name of this back end in records and configuration.
pub const BACKEND: &str = "agentcore";

/// The forms of an answer that are understood. Which of them comes is the runtime's choice.
const ACCEPT: &str = "application/json, text/event-stream";

/// An agent runtime, by its default endpoint (`bedrock-agentcore:InvokeAgentRuntime`).
#[derive(Clone, Debug)]
pub struct AgentCore {
    clients: Clients,
    runtime_arn: String,
}

impl AgentCore {
    /// The agent that runs in the runtime `runtime_arn`.
    #[must_use]
    pub const fn new(clients: Clients, runtime_arn: String) -> Self {
        Self { clients, runtime_arn }
    }

    /// The session id is a UUID: 36 characters, where the service wants 33 to 256.
    fn request(&self, question: &AgentQuestion) -> InvokeAgentRuntimeFluentBuilder {
        self.clients
            .agentcore()
            .invoke_agent_runtime()
            .agent_runtime_arn(&self.runtime_arn)
            .runtime_session_id(&question.session_id)
            .content_type("application/json")
            .accept(ACCEPT)
            .payload(Blob::new(payload(question)))
    }

    async fn read_to_the_end(&self, question: &AgentQuestion) -> Result<AgentAnswer, AgentError> {
        let started = Instant::now();
        let mut patience = Patience::new(question);
        let mut response = self.request(question).send().await.map_err(|cause| refused(&cause))?;
        let mut reading = Reading::of(&response.content_type)?;
        while let Some(bytes) = patience.wait_for(response.response.next()).await? {
            let bytes = bytes.map_err(|cause| retryable(AgentErrorCode::BrokenStream, cause.to_string()))?;
            reading.take(&bytes)?;
        }
        let text = reading.finish()?;
        let latency_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let usage = AgentUsage { backend: BACKEND.to_owned(), latency_ms, ..AgentUsage::default() };
        Ok(AgentAnswer { text, collaborators: Vec::new(), usage })
    }
}

impl Agent for AgentCore {
    async fn ask(&self, question: &AgentQuestion) -> Result<AgentAnswer, AgentError> {
        within_deadline(question, self.read_to_the_end(question)).await
    }
}

fn payload(question: &AgentQuestion) -> Vec<u8> {
    let mut payload = json!({ "prompt": question.input });
    if !question.user_context.is_empty() {
        payload["user_context"] = json!(question.user_context);
    }
    payload.to_string().into_bytes()
}
