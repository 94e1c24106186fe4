//! The manager-agent function, by Lambda's Invoke.

use std::time::Duration;

use aws_sdk_lambda::operation::invoke::{InvokeError as SdkInvokeError, InvokeOutput};
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use revops_core::messages::{AskReply, AskRequest};
use revops_core::ports::{InvokeError, InvokeManagerAgent, ReachManagerAgent};
use tokio::time::timeout;

use crate::Clients;

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
}

impl InvokeManagerAgent for LambdaManagerAgent {
    async fn invoke(&self, request: &AskRequest, within: Duration) -> Result<AskReply, InvokeError> {
        let payload = serde_json::to_vec(request).map_err(|cause| InvokeError::NotStarted(cause.into()))?;
        let call = self
            .clients
            .lambda()
            .invoke()
            .function_name(&self.function_name)
            .invocation_type(InvocationType::RequestResponse)
            .payload(Blob::new(payload))
            .send();
        match timeout(within, call).await {
            Ok(Ok(output)) => reply(&output),
            Ok(Err(error)) => Err(invoke_error(error)),
            Err(elapsed) => Err(InvokeError::Lost(elapsed.into())),
        }
    }
}

impl ReachManagerAgent for LambdaManagerAgent {
    async fn reach(&self) -> Result<(), InvokeError> {
        let call = self.clients.lambda().invoke().function_name(&self.function_name);
        // Lambda checks name and permission, and runs nothing.
        let dry = call.invocation_type(InvocationType::DryRun).send().await;
        dry.map(|_| ()).map_err(invoke_error)
    }
}

/// The reply of an invocation that ended. One that cannot be understood counts as failed: it is over.
fn reply(output: &InvokeOutput) -> Result<AskReply, InvokeError> {
    let payload = output.payload().map(Blob::as_ref).unwrap_or_default();
    if output.function_error().is_some() {
        return Err(InvokeError::FunctionError(error_text(payload)));
    }
    serde_json::from_slice(payload)
        .map_err(|cause| InvokeError::FunctionError(format!("its reply cannot be read: {cause}")))
}

fn error_text(payload: &[u8]) -> String {
    String::from_utf8_lossy(payload).chars().take(MAX_ERROR_CHARS).collect()
}

/// A 4xx is Lambda's own refusal to start; a 429 is one that passes. After a 5xx, or without an answer, the function
/// may be running.
///
/// Source: AWS Lambda API reference, "Invoke", errors (`TooManyRequestsException` is the one with status 429).
fn invoke_error(error: SdkError<SdkInvokeError, HttpResponse>) -> InvokeError {
    match error.raw_response().map(|response| response.status().as_u16()) {
        Some(429) => InvokeError::Throttled(error.into()),
        Some(400..=499) => InvokeError::NotStarted(error.into()),
        Some(_) | None if matches!(error, SdkError::ConstructionFailure(_)) => {
            InvokeError::NotStarted(error.into())
        }
        Some(_) | None => InvokeError::Lost(error.into()),
    }
}
