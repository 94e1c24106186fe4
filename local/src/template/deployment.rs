//! What a template deploys, in plain values: all that the stack needs to run it.

use std::collections::BTreeMap;
use std::time::Duration;

/// The part of a template that runs on one machine. Roles, policies and log groups have no counterpart here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deployment {
    pub(crate) functions: Vec<Function>,
    pub(crate) queues: Vec<Queue>,
    pub(crate) event_sources: Vec<EventSource>,
    /// Names of the buckets.
    pub(crate) buckets: Vec<String>,
}

/// An `AWS::Serverless::Function`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Function {
    /// The name under which it is invoked.
    pub(crate) name: String,
    /// The cargo binary that is its `bootstrap`.
    pub(crate) binary: String,
    pub(crate) timeout: Duration,
    pub(crate) memory_mb: u32,
    pub(crate) environment: BTreeMap<String, String>,
    /// Keys of the HTTP API's routes that lead to it, such as `POST /webhook` or `$default`.
    pub(crate) routes: Vec<String>,
    /// How many invocations may run at once, where the template says so.
    pub(crate) reserved_concurrency: Option<u32>,
}

/// An `AWS::SQS::Queue`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Queue {
    pub(crate) name: String,
    pub(crate) visibility_timeout: Duration,
    pub(crate) message_retention: Duration,
    pub(crate) delay: Duration,
    pub(crate) redrive: Option<Redrive>,
}

/// Where a queue's messages go that were received too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redrive {
    /// The dead-letter queue's name.
    pub(crate) dead_letter_queue: String,
    pub(crate) max_receive_count: u32,
}

/// An `AWS::Lambda::EventSourceMapping` from a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventSource {
    /// The queue's name.
    pub(crate) queue: String,
    /// The function's name.
    pub(crate) function: String,
    pub(crate) batch_size: u32,
    pub(crate) batching_window: Duration,
    pub(crate) maximum_concurrency: u32,
    pub(crate) report_batch_item_failures: bool,
}
