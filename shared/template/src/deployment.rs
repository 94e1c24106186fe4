//! What a template deploys, in plain values: all that the stack needs to run it.

use std::collections::BTreeMap;
use std::time::Duration;

/// The part of a template that runs on one machine. Roles, policies and log groups have no counterpart here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Every function.
    pub functions: Vec<Function>,
    /// Every queue, dead-letter queues included.
    pub queues: Vec<Queue>,
    /// Which queue feeds which function.
    pub event_sources: Vec<EventSource>,
    /// Names of the buckets.
    pub buckets: Vec<String>,
}

/// An `AWS::Serverless::Function`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its key under `Resources`.
    pub logical_id: String,
    /// The name under which it is invoked.
    pub name: String,
    /// The cargo binary that is its `bootstrap`.
    pub binary: String,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// Megabytes of memory.
    pub memory_mb: u32,
    /// Its variables, evaluated.
    pub environment: BTreeMap<String, String>,
    /// Keys of the HTTP API's routes that lead to it, such as `POST /webhook` or `$default`.
    pub routes: Vec<String>,
    /// How many invocations may run at once, where the template says so.
    pub reserved_concurrency: Option<u32>,
}

/// An `AWS::SQS::Queue`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its key under `Resources`.
    pub logical_id: String,
    /// Its name in the account.
    pub name: String,
    /// How long a received message hides.
    pub visibility_timeout: Duration,
    /// How long a message is kept.
    pub message_retention: Duration,
    /// How long a new message hides.
    pub delay: Duration,
    /// Its dead-letter queue, where it has one.
    pub redrive: Option<Redrive>,
}

/// Where a queue's messages go that were received too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redrive {
    /// The dead-letter queue's name.
    pub dead_letter_queue: String,
    /// How often a message is received before it moves.
    pub max_receive_count: u32,
}

/// An `AWS::Lambda::EventSourceMapping` from a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSource {
    /// Its key under `Resources`.
    pub logical_id: String,
    /// The queue's name.
    pub queue: String,
    /// The function's name.
    pub function: String,
    /// Messages of one invocation, at most.
    pub batch_size: u32,
    /// How long a batch may wait to become full.
    pub batching_window: Duration,
    /// Concurrent invocations, at most.
    pub maximum_concurrency: u32,
    /// Whether the function answers which messages failed.
    pub report_batch_item_failures: bool,
}
