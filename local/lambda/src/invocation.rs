//! What goes into an invocation and what comes out of it.

use bytes::Bytes;

/// The largest payload of a synchronous invocation, in bytes (Lambda quotas: 6 MB).
pub const MAXIMUM_PAYLOAD: usize = 6 * 1024 * 1024;
/// The largest payload of an asynchronous invocation, in bytes (Lambda quotas: 1 MB).
pub const MAXIMUM_EVENT_PAYLOAD: usize = 1024 * 1024;
/// The largest response of a function, in bytes: 6 MB and a hundred bytes for its envelope, as AWS counts.
pub(crate) const MAXIMUM_RESPONSE: usize = MAXIMUM_PAYLOAD + 100;

/// How an invocation ended: the function's answer, or the error that stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The function's response, or with `function_error` a JSON object `{"errorType", "errorMessage", …}`.
    pub payload: Bytes,
    /// Set when the function failed; the invocation itself was in order.
    pub function_error: Option<FunctionErrorKind>,
    /// The invocation's id, a UUID.
    pub request_id: String,
}

/// The value of `X-Amz-Function-Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionErrorKind {
    /// The function reported the error as one that it handled.
    Handled,
    /// The function reported an error, crashed, or took too long.
    Unhandled,
}

impl FunctionErrorKind {
    /// The header's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Handled => "Handled",
            Self::Unhandled => "Unhandled",
        }
    }
}

/// Why an invocation was not begun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    /// No such function: correct the name.
    #[error("there is no function {0}")]
    UnknownFunction(String),
    /// All processes that the function may have are busy: try again later.
    #[error("all processes of the function are busy")]
    Throttled,
    /// The payload is larger than this many bytes: send less.
    #[error("the payload is larger than {0} bytes")]
    PayloadTooLarge(usize),
    /// The payload is no JSON text: correct it.
    #[error("the payload is not JSON")]
    InvalidJson,
    /// The stack is stopping: nothing is invoked any more.
    #[error("the functions are being stopped")]
    ShuttingDown,
}

/// One event for a function, with what its Runtime API says about it.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) request_id: String,
    pub(crate) function_arn: String,
    pub(crate) trace_id: String,
    /// JSON in ASCII.
    pub(crate) client_context: Option<String>,
    pub(crate) payload: Bytes,
}

impl Call {
    /// The invocation's end, with its id.
    pub(crate) fn ended(&self, payload: Bytes, function_error: Option<FunctionErrorKind>) -> Invocation {
        Invocation { payload, function_error, request_id: self.request_id.clone() }
    }
}
