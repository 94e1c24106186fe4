//! The agent that the configuration names, behind the one port.

use revops_aws::{AgentCore, BedrockAgent, Clients};
use revops_core::ports::{Agent, AgentAnswer, AgentError, AgentQuestion};

use crate::config::AgentBackend;

/// One of the back ends.
#[derive(Clone, Debug)]
pub enum ChosenAgent {
    /// Bedrock's InvokeAgent.
    BedrockAgent(BedrockAgent),
    /// Bedrock AgentCore's InvokeAgentRuntime.
    AgentCore(AgentCore),
}

impl AgentBackend {
    /// The adapter of this back end. Nothing is connected yet.
    #[must_use]
    pub fn connect(self, clients: Clients) -> ChosenAgent {
        match self {
            Self::BedrockAgent { agent_id, alias_id } => {
                ChosenAgent::BedrockAgent(BedrockAgent::new(clients, agent_id, alias_id))
            }
            Self::AgentCore { runtime_arn } => ChosenAgent::AgentCore(AgentCore::new(clients, runtime_arn)),
        }
    }
}

impl Agent for ChosenAgent {
    async fn ask(&self, question: &AgentQuestion) -> Result<AgentAnswer, AgentError> {
        match self {
            Self::BedrockAgent(agent) => agent.ask(question).await,
            Self::AgentCore(agent) => agent.ask(question).await,
        }
    }
}
