//! A message as SQS hands it over, parsed.

use aws_lambda_events::sqs::SqsMessage;
use revops_core::Timestamp;
use revops_core::config::ClassQueues;
use revops_core::messages::{Deliver, Message, UnknownMessage};

/// Runs beyond this are no replays but nonsense; it also bounds what one message makes the function read.
const MOST_RUNS: u32 = 999;

/// One received message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    /// The queue's own name for the message.
    pub message_id: String,
    /// What it asks for.
    pub deliver: Deliver,
    /// The receipt, with which it is hidden.
    pub receipt: String,
    /// The queue that it came from.
    pub queue_url: String,
    /// How many times it has been received, this one included.
    pub receive_count: u32,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When this function got it: at most moments after SQS counted the receive.
    pub received_at: Timestamp,
}

/// The message stays in its queue, for a newer version or a person.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotUnderstood {
    /// No body, no receipt, or no id: not from SQS.
    #[error("the record has no {0}")]
    Missing(&'static str),
    /// Another version or type.
    #[error(transparent)]
    Unknown(#[from] UnknownMessage),
    /// A message of the query queue.
    #[error("a message of type answer_query is not for this function")]
    NotADelivery,
    /// A run that no replay reaches.
    #[error("run {0} is out of range")]
    Run(u32),
    /// The event source is not one of the outbound queues.
    #[error("the queue {0} is not configured")]
    UnknownQueue(String),
}

impl Received {
    /// Reads a record of an SQS event.
    pub(crate) fn parse(
        record: &SqsMessage,
        queues: &ClassQueues,
        now: Timestamp,
    ) -> Result<Self, NotUnderstood> {
        let body = record.body.as_deref().ok_or(NotUnderstood::Missing("body"))?;
        let Message::Deliver(deliver) = Message::parse(body)? else {
            return Err(NotUnderstood::NotADelivery);
        };
        if !(1..=MOST_RUNS).contains(&deliver.run.0) {
            return Err(NotUnderstood::Run(deliver.run.0));
        }
        let receipt = record.receipt_handle.clone().ok_or(NotUnderstood::Missing("receipt handle"))?;
        let arn = record.event_source_arn.as_deref().ok_or(NotUnderstood::Missing("event source"))?;
        let queue = arn.rsplit(':').next().unwrap_or(arn);
        let queue_url = queues.url_of_queue_named(queue).map(str::to_owned);
        let queue_url = queue_url.ok_or_else(|| NotUnderstood::UnknownQueue(queue.to_owned()))?;
        let receive_count = attribute(record, "ApproximateReceiveCount").unwrap_or(1);
        let sent_at = attribute(record, "SentTimestamp").map_or(now, Timestamp::from_unix_ms);
        let message_id = record.message_id.clone().unwrap_or_default();
        Ok(Self { message_id, deliver, receipt, queue_url, receive_count, sent_at, received_at: now })
    }
}

fn attribute<T: std::str::FromStr>(record: &SqsMessage, name: &str) -> Option<T> {
    record.attributes.get(name)?.parse().ok()
}
