//! What the functions need from the outside, one trait a capability, so that IAM can mirror them.
//!
//! Implementations: the adapters of `revops-aws`, and the doubles of [`fake`](crate::fake). One conformance
//! suite a port is run by both.

mod agent;
mod manager_agent;
mod queue;
mod records;
mod secrets;
mod surroundings;

pub use agent::{Agent, AgentAnswer, AgentError, AgentErrorCode, AgentQuestion};
pub use manager_agent::{InvokeError, InvokeManagerAgent, ReachManagerAgent};
pub use queue::{
    CountMessages, DeleteMessages, HideMessages, OutgoingMessage, QueueError, ReceiveMessages,
    ReceivedMessage, SendMessages,
};
pub use records::{
    CreateRecords, Created, Etag, PutExports, ReadRecords, RemoveRecords, ReplaceRecords, Replaced,
    StoreError, Stored,
};
pub use secrets::FetchSecret;
pub use surroundings::{Clock, Random};
