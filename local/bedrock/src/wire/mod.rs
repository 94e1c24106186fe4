//! InvokeAgent and InvokeAgentRuntime on the wire. Sources: the services' API models (operations of those
//! names), the AWS event stream encoding, and AgentCore's HTTP protocol contract of runtimes.

pub(crate) mod exception;
pub(crate) mod frame;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod runtime;
pub(crate) mod stream;
pub(crate) mod trace;
