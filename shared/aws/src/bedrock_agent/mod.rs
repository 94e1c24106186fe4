//! The manager agent behind Bedrock's InvokeAgent.

mod answer;
mod error;
mod trace;

use aws_sdk_bedrockagentruntime::operation::invoke_agent::builders::InvokeAgentFluentBuilder;
use aws_sdk_bedrockagentruntime::types::SessionState;
use revops_core::ports::{Agent, AgentAnswer, AgentError, AgentQuestion};
use tokio::time::Instant;

use crate::Clients;
use crate::agent_call::{Patience, refused, within_deadline};
use answer::Reading;

/// The name of this back end in records and configuration.
pub const BACKEND: &str = "bedrock_agent";

/// One alias of a Bedrock agent (`bedrock:InvokeAgent`).
#[derive(Clone, Debug)]
pub struct BedrockAgent {
    clients: Clients,
    agent_id: String,
    alias_id: String,
}

impl BedrockAgent {
    /// The agent `agent_id` behind its alias `alias_id`.
    #[must_use]
    pub const fn new(clients: Clients, agent_id: String, alias_id: String) -> Self {
        Self { clients, agent_id, alias_id }
    }

    fn request(&self, question: &AgentQuestion) -> InvokeAgentFluentBuilder {
        let request = self
            .clients
            .bedrock_agent()
            .invoke_agent()
            .agent_id(&self.agent_id)
            .agent_alias_id(&self.alias_id)
            .session_id(&question.session_id)
            .input_text(&question.input)
            .enable_trace(true);
        if question.user_context.is_empty() {
            return request;
        }
        let attributes = question.user_context.clone().into_iter().collect();
        request.session_state(SessionState::builder().set_prompt_session_attributes(Some(attributes)).build())
    }

    async fn read_to_the_end(&self, question: &AgentQuestion) -> Result<AgentAnswer, AgentError> {
        let started = Instant::now();
        let mut reading = Reading::default();
        let mut patience = Patience::new(question);
        let mut response = self.request(question).send().await.map_err(|cause| refused(&cause))?;
        // After an error the receiver says that the stream ended well: the first error must end the reading.
        while let Some(event) = patience
            .wait_for(response.completion.recv())
            .await?
            .map_err(|cause| error::interrupted(&cause))?
        {
            reading.take(event)?;
        }
        reading.finish(started.elapsed())
    }
}

impl Agent for BedrockAgent {
    async fn ask(&self, question: &AgentQuestion) -> Result<AgentAnswer, AgentError> {
        within_deadline(question, self.read_to_the_end(question)).await
    }
}
