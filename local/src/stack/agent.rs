//! Who answers the manager agent's questions here: the sample agent, or an OpenAI-compatible server.

use axum::Router;
use local_bedrock::{BedrockOptions, Faults};

use crate::cli::Arguments;
use crate::environment::Caller;

/// The embedded Bedrock.
pub(super) struct Agent {
    /// The AWS API.
    pub(super) service: Router,
    /// What the stack answers below `/_local/agent`: scripted faults.
    pub(super) control: Router,
}

impl Agent {
    /// The agent that the command line asks for.
    pub(super) fn new(arguments: &Arguments, caller: &Caller) -> Self {
        let faults = Faults::default();
        let mut options = BedrockOptions { faults: faults.clone(), ..BedrockOptions::default() };
        options.agent_url.clone_from(&arguments.agent_url);
        options.api_key = caller.set("OPENAI_API_KEY").map(str::to_owned);
        if let Some(model) = caller.set("OPENAI_MODEL") {
            model.clone_into(&mut options.model);
        }
        Self { service: local_bedrock::router(options), control: local_bedrock::control_router(faults) }
    }
}
