//! Adapters of the ports to AWS, and the few things that a process takes from its surroundings: time,
//! randomness, the environment, and standard output.
//!
//! They decide nothing but what an answer of a service means to the caller (try again, mend it, or it is
//! somebody else's by now). Every call has a time-out. A call is repeated few times within bounds, and not
//! at all where repeating has a price: the agent and the manager-agent function.

mod agent_call;
pub mod agentcore;
pub mod bedrock_agent;
pub mod call;
mod clients;
pub mod environment;
mod function_config;
pub mod http;
mod manager_agent;
mod operations;
mod process;
mod queues;
mod records;
mod secrets;
pub mod start;
mod system;
pub mod telemetry;

pub use agentcore::AgentCore;
pub use bedrock_agent::BedrockAgent;
pub use clients::Clients;
pub use manager_agent::LambdaManagerAgent;
pub use process::Process;
pub use queues::SqsQueues;
pub use records::S3Records;
pub use secrets::{CachedSecret, SecretError, SecretsManager};
pub use system::{OsRandom, SystemClock};
