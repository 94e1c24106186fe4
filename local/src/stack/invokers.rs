//! How API Gateway and the event source mappings reach Lambda.

use bytes::Bytes;
use local_api_gateway::{HttpFunction, HttpFunctionError};
use local_lambda::{InvokeError, Lambda};
use local_sqs::{InvocationOutcome, Invoker};

/// The function that answers HTTP requests.
#[derive(Clone)]
pub(super) struct FrontFunction {
    pub(super) lambda: Lambda,
    pub(super) name: String,
}

impl HttpFunction for FrontFunction {
    async fn invoke(&self, event: Bytes) -> Result<Bytes, HttpFunctionError> {
        match self.lambda.invoke(&self.name, event).await {
            Ok(invocation) if invocation.function_error.is_none() => Ok(invocation.payload),
            Ok(_failed) => Err(HttpFunctionError::Failed),
            Err(InvokeError::Throttled) => Err(HttpFunctionError::Throttled),
            Err(
                InvokeError::UnknownFunction(_)
                | InvokeError::PayloadTooLarge(_)
                | InvokeError::InvalidJson
                | InvokeError::ShuttingDown,
            ) => Err(HttpFunctionError::Failed),
        }
    }
}

/// The functions that queues feed.
#[derive(Clone)]
pub(super) struct QueueFunctions(pub(super) Lambda);

impl Invoker for QueueFunctions {
    async fn invoke(&self, function: &str, payload: Bytes) -> InvocationOutcome {
        match self.0.invoke(function, payload).await {
            Ok(invocation) if invocation.function_error.is_none() => {
                InvocationOutcome::Answered(invocation.payload)
            }
            Ok(failed) => InvocationOutcome::FunctionError(failed.payload),
            Err(InvokeError::Throttled) => InvocationOutcome::Throttled,
            Err(error) => InvocationOutcome::FunctionError(error.to_string().into()),
        }
    }
}
