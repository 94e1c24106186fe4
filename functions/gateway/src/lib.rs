//! The gateway: takes questions, has them answered, and queues the answers for delivery.
//!
//! One use case, two ways to run it: [`http`] while a caller waits, [`worker`] when nobody does. Both
//! [`advance`](gateway::Gateway::advance) a conversation by one invocation of the manager agent and
//! [`finish`] it.

pub mod accept;
pub mod advance;
pub mod config;
pub mod error;
pub mod finish;
#[cfg(test)]
mod fixtures;
pub mod gateway;
pub mod http;
pub mod worker;

pub use config::{HttpConfig, WorkerConfig};
pub use gateway::Gateway;
