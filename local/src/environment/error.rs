//! What can be wrong with the caller's environment.

use thiserror::Error;

/// An environment that the stack cannot start with.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum EnvironmentError {
    #[error("--bedrock asks the real agent, so set {} as well", missing.join(" and "))]
    RealAgentIsNotNamed { missing: Vec<&'static str> },
    #[error("SIGNING_SECRETS: {problem}; an example: {{\"default\":[\"whsec_…\"]}}")]
    SigningSecrets { problem: String },
}
