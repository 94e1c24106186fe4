//! What the caller of this crate decides: where the queues live, and which queues there are.

use std::path::PathBuf;
use std::time::Duration;

/// Where the embedded SQS keeps its data and how it names itself.
#[derive(Clone, Debug)]
pub struct SqsOptions {
    /// The SQLite file; its parent folder is created if it is missing.
    pub database: PathBuf,
    /// Scheme and authority that queue URLs start with, such as `http://127.0.0.1:4566`.
    pub base_url: String,
    /// The region in ARNs and events, such as `us-east-1`.
    pub region: String,
    /// The account in ARNs and queue URLs, such as `000000000000`.
    pub account_id: String,
    /// S of SPEC section 10: every ChangeMessageVisibility value, every DelaySeconds and the 12 hour
    /// limit are divided by it. A receive's own visibility time-out is not. Finite and above zero.
    pub time_scale: f64,
}

/// One queue as [`crate::Sqs::declare`] makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueSettings {
    /// 1 to 80 letters, digits, `-` and `_`.
    pub name: String,
    /// How long a receive hides a message, at most 12 hours.
    pub visibility_timeout: Duration,
    /// How long after it was sent a message is kept, at most 14 days.
    pub message_retention: Duration,
    /// How long a new message stays hidden when its sender does not say, at most 15 minutes.
    pub delay: Duration,
    /// Where messages go that are received too often.
    pub redrive: Option<RedrivePolicy>,
}

/// When and whereto a message that keeps coming back is moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedrivePolicy {
    /// Name of the queue that takes the message.
    pub dead_letter_queue: String,
    /// A message is moved when its receive count would exceed this number; 1 to 1,000.
    pub max_receive_count: u32,
}
