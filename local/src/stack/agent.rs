//! Who answers the manager agent's questions here: the sample agent, or an OpenAI-compatible server.

use axum::Router;

use crate::cli::Arguments;

/// The embedded Bedrock.
pub(super) struct Agent {
    /// The AWS API.
    pub(super) service: Router,
    /// What the stack answers below `/_local/agent`.
    pub(super) control: Router,
}

impl Agent {
    /// The agent that the command line asks for.
    pub(super) fn new(_arguments: &Arguments) -> Self {
        Self { service: Router::new(), control: Router::new() }
    }
}
