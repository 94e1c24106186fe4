//! The manager-agent function, by Lambda's Invoke.

use std::time::Duration;

use revops_core::messages::{AskReply, AskRequest};
use revops_core::ports::{InvokeError, InvokeManagerAgent, ReachManagerAgent};
use tokio::time::timeout;

use crate::Clients;
use crate::call::CallError;
use crate::operations::lambda::{Invocation, Invoked, invoke};

/// A function's error text is for the log: its start tells enough.
const MAX_ERROR_CHARS: usize = 500;

/// The manager-agent function with this name or ARN.
#[derive(Clone, Debug)]
pub struct LambdaManagerAgent {
    clients: Clients,
    function_name: String,
}

impl LambdaManagerAgent {
    /// The function called `function_name`.
    #[must_use]
    pub const fn new(clients: Clients, function_name: String) -> Self {
        Self { clients, function_name }
    }

    async fn call(&self, invocation: Invocation, payload: Vec<u8>) -> Result<Invoked, CallError> {
        invoke(self.clients.lambda(), &self.function_name, invocation, payload).await
    }
}

impl InvokeManagerAgent for LambdaManagerAgent {
    async fn invoke(&self, request: &AskRequest, within: Duration) -> Result<AskReply, InvokeError> {
        let payload = serde_json::to_vec(request).map_err(|cause| InvokeError::NotStarted(cause.into()))?;
        let call = self.call(Invocation::RequestResponse, payload);
        match timeout(within, call).await {
            Ok(Ok(invoked)) => reply(&invoked),
            Ok(Err(error)) => Err(invoke_error(error)),
            Err(elapsed) => Err(InvokeError::Lost(elapsed.into())),
        }
    }
}

impl ReachManagerAgent for LambdaManagerAgent {
    async fn reach(&self) -> Result<(), InvokeError> {
        self.call(Invocation::DryRun, Vec::new()).await.map(|_| ()).map_err(invoke_error)
    }
}

/// The reply of an invocation that ended. One that cannot be understood counts as failed: it is over.
fn reply(invoked: &Invoked) -> Result<AskReply, InvokeError> {
    if invoked.failed {
        return Err(InvokeError::FunctionError(error_text(&invoked.payload)));
    }
    serde_json::from_slice(&invoked.payload)
        .map_err(|cause| InvokeError::FunctionError(format!("its reply cannot be read: {cause}")))
}

fn error_text(payload: &[u8]) -> String {
    String::from_utf8_lossy(payload).chars().take(MAX_ERROR_CHARS).collect()
}

/// A 4xx is Lambda's own refusal to start; a 429 is one that passes. After a 5xx, or without an answer, the function
/// may be running.
///
/// Source: AWS Lambda API reference, "Invoke", errors (`TooManyRequestsException` is the one with status 429).
fn invoke_error(error: CallError) -> InvokeError {
    match (error.refusal().map(|refusal| refusal.status), &error) {
        (Some(429), _) => InvokeError::Throttled(error.into()),
        (Some(400..=499), _) | (None, CallError::NotSent(_)) => InvokeError::NotStarted(error.into()),
        (Some(_) | None, _) => InvokeError::Lost(error.into()),
    }
}
