//! What is behind the gateway.

use bytes::Bytes;

/// Why the function gave no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpFunctionError {
    /// It failed (a function error).
    Failed,
    /// It took longer than its own time-out.
    TimedOut,
    /// No process was free for it.
    Throttled,
}

/// A function that serves HTTP requests.
pub trait HttpFunction: Clone + Send + Sync + 'static {
    /// Invokes the function with an event in payload format 2.0 and gives back what it returns. The gateway lets
    /// the future run to its end even if its client goes away.
    fn invoke(&self, event: Bytes) -> impl Future<Output = Result<Bytes, HttpFunctionError>> + Send;
}
