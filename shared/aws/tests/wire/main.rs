//! The adapters at the wire: the request that is sent, and what each answer means to the caller.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what a helper cannot do fails the test")]

mod agent_port;
mod agentcore;
mod bedrock_agent;
mod manager_agent;
mod queues;
mod records;
mod script;
mod secrets;
