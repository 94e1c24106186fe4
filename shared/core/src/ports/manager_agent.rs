//! The manager-agent function, as the gateway sees it.

use std::future::Future;
use std::time::Duration;

use crate::messages::{AskReply, AskRequest};

/// An invocation without a usable reply.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// Lambda reports that this very invocation failed: it is over, and its token may be repeated.
    #[error("the manager-agent invocation failed")]
    FunctionError(String),
    /// Nobody knows whether it still runs: the connection was lost or the time was up. The token must not
    /// be repeated.
    #[error("the manager-agent invocation was lost")]
    Lost(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Lambda had no room for it just now (its concurrency or its rate is used up): it was not started.
    #[error("the manager-agent function was throttled")]
    Throttled(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Lambda did not start it (no such function, no permission).
    #[error("the manager-agent function could not be invoked")]
    NotStarted(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Invokes the manager-agent function and waits for its reply (`lambda:InvokeFunction`).
pub trait InvokeManagerAgent: Send + Sync {
    /// Invokes it once and waits for at most `within`. When the wait ends early the invocation runs on.
    fn invoke(
        &self,
        request: &AskRequest,
        within: Duration,
    ) -> impl Future<Output = Result<AskReply, InvokeError>> + Send;
}

/// Sees whether the manager-agent function could be invoked, without doing so (`lambda:InvokeFunction`).
pub trait ReachManagerAgent: Send + Sync {
    /// `Ok` when it exists and this process may invoke it.
    fn reach(&self) -> impl Future<Output = Result<(), InvokeError>> + Send;
}
