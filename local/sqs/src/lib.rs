//! An embedded Amazon SQS for one machine: standard queues behind the AWS JSON 1.0 protocol, kept in
//! one SQLite file, and the event source mapping that feeds a function from a queue.
//!
//! What goes where:
//! - `store` holds the queue semantics. It is synchronous, and time is an argument.
//! - `worker` runs the store on one thread, many requests a transaction, and `wake` tells waiting
//!   receives when there is something for them.
//! - `protocol` is the HTTP face, `mapping` the event source mapping. Both go through `Sqs`.
//!
//! Only standard queues exist here. FIFO queues, tags, permissions and encryption settings are refused.

mod clock;
mod digest;
mod error;
mod glance;
mod mapping;
mod message;
mod names;
mod options;
mod protocol;
mod receipt;
mod scale;
mod service;
mod store;
mod wake;
mod worker;

pub use error::{DeclareError, OpenError};
pub use glance::QueueGlance;
pub use mapping::{EventSourceMapping, InvocationOutcome, Invoker, run_event_source_mapping};
pub use options::{QueueSettings, RedrivePolicy, SqsOptions};
pub use service::Sqs;
