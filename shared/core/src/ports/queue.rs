//! The queues: SQS.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use crate::Timestamp;

/// A message about to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutgoingMessage {
    /// The JSON text.
    pub body: String,
    /// Nobody receives it before this has passed (at most 15 minutes; whole seconds on the wire).
    pub delay: Duration,
    /// Fair queues: messages of one group cannot crowd out another's.
    pub group: Option<String>,
    /// String attributes, shown by consoles without opening the body.
    pub attributes: Vec<(&'static str, String)>,
}

/// A message that was received, and is hidden from others for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMessage {
    /// The queue's own name for the message, the same at every receive.
    pub message_id: String,
    /// Names this receive: what hides or deletes the message.
    pub receipt: String,
    /// The JSON text.
    pub body: String,
    /// The fair-queue group.
    pub group: Option<String>,
    /// String attributes.
    pub attributes: BTreeMap<String, String>,
    /// When it was sent. A message that a redrive policy moved keeps the time at which it was sent first.
    pub sent_at: Timestamp,
}

/// The queue did not take the message or the change.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// Unreachable, slow, throttled or failing: try again.
    #[error("the queue is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Refused: missing permission or a wrong URL. A person must mend it.
    #[error("the queue refused the call")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The receipt is no longer the message's newest, or the message is gone: somebody else has it now.
    #[error("the message is no longer ours")]
    NotOurs,
}

/// Sends messages (`sqs:SendMessage`).
pub trait SendMessages: Send + Sync {
    /// Sends `message` to the queue at `queue_url`; `Ok` means that the queue holds it.
    fn send(
        &self,
        queue_url: &str,
        message: OutgoingMessage,
    ) -> impl Future<Output = Result<(), QueueError>> + Send;
}

/// Receives messages (`sqs:ReceiveMessage`). The functions need it not, since their event sources do it.
pub trait ReceiveMessages: Send + Sync {
    /// Receives up to ten messages of the queue at `queue_url`, hidden for `seconds` (1 to 43,200) from now.
    /// None means that the queue has none to give, as far as it can tell within a second.
    fn receive(
        &self,
        queue_url: &str,
        seconds: u32,
    ) -> impl Future<Output = Result<Vec<ReceivedMessage>, QueueError>> + Send;
}

/// Deletes received messages (`sqs:DeleteMessage`).
pub trait DeleteMessages: Send + Sync {
    /// Deletes the message with `receipt`. One that was deleted before is deleted.
    fn delete(&self, queue_url: &str, receipt: &str) -> impl Future<Output = Result<(), QueueError>> + Send;
}

/// Hides received messages (`sqs:ChangeMessageVisibility`).
pub trait HideMessages: Send + Sync {
    /// Hides the message with `receipt` for `seconds` from now (0 to 43,200).
    fn hide(
        &self,
        queue_url: &str,
        receipt: &str,
        seconds: u32,
    ) -> impl Future<Output = Result<(), QueueError>> + Send;

    /// Hides the messages with `receipts`, one to ten of one queue, in one call. What became of each, in their order.
    /// Where the call fails as a whole, nothing is known of any.
    fn hide_all(
        &self,
        queue_url: &str,
        receipts: &[&str],
        seconds: u32,
    ) -> impl Future<Output = Result<Vec<Result<(), QueueError>>, QueueError>> + Send;
}

/// Counts messages (`sqs:GetQueueAttributes`).
pub trait CountMessages: Send + Sync {
    /// About how many messages of the queue are received and hidden: an eventually consistent figure.
    fn in_flight(&self, queue_url: &str) -> impl Future<Output = Result<u64, QueueError>> + Send;
}
