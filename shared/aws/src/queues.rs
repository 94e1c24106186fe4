//! Queues of SQS.

use std::time::Duration;

use md5::{Digest, Md5};
use revops_core::Timestamp;
use revops_core::ports::{
    CountMessages, DeleteMessages, HideMessages, OutgoingMessage, QueueError, ReceiveMessages,
    ReceivedMessage, SendMessages,
};

use crate::Clients;
use crate::call::CallError;
use crate::operations::sqs::{
    self, FailedEntry, Hiding, HidingBatch, HidingEntry, Message, Receiving, Sending, Sent,
};

/// The longest `DelaySeconds`.
const MAX_DELAY: Duration = Duration::from_secs(900);
/// The longest `VisibilityTimeout`, in seconds.
const MAX_HIDE_SECONDS: u32 = 43_200;

/// Attributes by the names that SQS gives them.
const SENT: &str = "SentTimestamp";
const GROUP: &str = "MessageGroupId";
const IN_FLIGHT: &str = "ApproximateNumberOfMessagesNotVisible";

/// The most messages of one receive.
const MOST_RECEIVED: u32 = 10;
/// Long polling, as short as it comes: an empty answer then comes from all servers of the queue, not some.
const RECEIVE_WAIT_SECONDS: u32 = 1;

/// Any queues, each named by its URL.
#[derive(Clone, Debug)]
pub struct SqsQueues {
    clients: Clients,
}

impl SqsQueues {
    /// Queues that this process's credentials may use.
    #[must_use]
    pub const fn new(clients: Clients) -> Self {
        Self { clients }
    }
}

impl SendMessages for SqsQueues {
    async fn send(&self, queue_url: &str, message: OutgoingMessage) -> Result<(), QueueError> {
        let attributes = message.attributes.iter().map(|(name, value)| (*name, value.as_str().into()));
        let sending = Sending {
            queue_url,
            message_body: &message.body,
            delay_seconds: (!message.delay.is_zero()).then(|| whole_seconds(message.delay)),
            message_group_id: message.group.as_deref(),
            message_attributes: attributes.collect(),
        };
        let sent = sqs::send_message(self.clients.sqs(), &sending).await.map_err(queue_error)?;
        if arrived_whole(&sent, &message.body) {
            return Ok(());
        }
        Err(QueueError::Unavailable("the queue took another body than was sent".into()))
    }
}

impl HideMessages for SqsQueues {
    async fn hide(&self, queue_url: &str, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        let visibility_timeout = seconds.min(MAX_HIDE_SECONDS);
        let hiding = Hiding { queue_url, receipt_handle: receipt, visibility_timeout };
        match sqs::change_message_visibility(self.clients.sqs(), &hiding).await {
            Err(error) if is_no_longer_ours(error.code()) => Err(QueueError::NotOurs),
            done => done.map_err(queue_error),
        }
    }

    async fn hide_all(
        &self,
        queue_url: &str,
        receipts: &[&str],
        seconds: u32,
    ) -> Result<Vec<Result<(), QueueError>>, QueueError> {
        let visibility_timeout = seconds.min(MAX_HIDE_SECONDS);
        let entries = receipts.iter().enumerate().map(|(place, receipt)| HidingEntry {
            id: place.to_string(),
            receipt_handle: receipt,
            visibility_timeout,
        });
        let batch = HidingBatch { queue_url, entries: entries.collect() };
        let failed =
            sqs::change_message_visibility_batch(self.clients.sqs(), &batch).await.map_err(queue_error)?;
        let outcome = |entry: &HidingEntry<'_>| match failed.iter().find(|failed| failed.id == entry.id) {
            Some(failed) => Err(entry_error(failed)),
            None => Ok(()),
        };
        Ok(batch.entries.iter().map(outcome).collect())
    }
}

impl ReceiveMessages for SqsQueues {
    async fn receive(&self, queue_url: &str, seconds: u32) -> Result<Vec<ReceivedMessage>, QueueError> {
        let receiving = Receiving {
            queue_url,
            max_number_of_messages: MOST_RECEIVED,
            visibility_timeout: seconds.min(MAX_HIDE_SECONDS),
            wait_time_seconds: RECEIVE_WAIT_SECONDS,
            message_attribute_names: &["All"],
            message_system_attribute_names: &[SENT, GROUP],
        };
        let messages = sqs::receive_message(self.clients.sqs(), &receiving).await;
        Ok(messages.map_err(queue_error)?.into_iter().map(received).collect())
    }
}

impl DeleteMessages for SqsQueues {
    async fn delete(&self, queue_url: &str, receipt: &str) -> Result<(), QueueError> {
        sqs::delete_message(self.clients.sqs(), queue_url, receipt).await.map_err(queue_error)
    }
}

impl CountMessages for SqsQueues {
    async fn in_flight(&self, queue_url: &str) -> Result<u64, QueueError> {
        let told = sqs::get_queue_attributes(self.clients.sqs(), queue_url, IN_FLIGHT).await;
        let count = told.map_err(queue_error)?.and_then(|count| count.parse().ok());
        count.ok_or_else(|| QueueError::Unavailable("the queue did not tell its count".into()))
    }
}

/// Whole seconds, rounded up: a message may come late, never early.
fn whole_seconds(delay: Duration) -> u32 {
    let seconds = delay.min(MAX_DELAY).as_millis().div_ceil(1000);
    u32::try_from(seconds).unwrap_or(0)
}

/// SQS always tells what is asked for here; what it should not tell is taken for empty.
fn received(mut message: Message) -> ReceivedMessage {
    let sent_ms = message.attributes.get(SENT).and_then(|text| text.parse().ok());
    let attributes = message.message_attributes.into_iter();
    ReceivedMessage {
        message_id: message.message_id,
        receipt: message.receipt_handle,
        body: message.body,
        group: message.attributes.remove(GROUP),
        attributes: attributes.filter_map(|(name, value)| Some((name, value.string_value?))).collect(),
        sent_at: Timestamp::from_unix_ms(sent_ms.unwrap_or_default()),
    }
}

/// SQS answers with the MD5 of the body that it stored.
fn arrived_whole(sent: &Sent, body: &str) -> bool {
    sent.body_md5.as_ref().is_none_or(|theirs| *theirs == hex::encode(Md5::digest(body)))
}

/// The receipt was overtaken by a newer receive, the message was deleted, or its 12 hours are over
/// (`InvalidParameterValue`: "Total VisibilityTimeout for the message is beyond the limit").
fn is_no_longer_ours(code: &str) -> bool {
    let code = code.rsplit('.').next().unwrap_or(code);
    matches!(code, "MessageNotInflight" | "ReceiptHandleIsInvalid" | "InvalidParameterValue")
}

fn entry_error(failed: &FailedEntry) -> QueueError {
    let FailedEntry { code, message, .. } = failed;
    match (is_no_longer_ours(code), failed.sender_fault) {
        (true, _) => QueueError::NotOurs,
        (false, true) => QueueError::Refused(format!("{code}: {message}").into()),
        (false, false) => QueueError::Unavailable(format!("{code}: {message}").into()),
    }
}

fn queue_error(error: CallError) -> QueueError {
    let throttled = error.code().ends_with("RequestThrottled") || error.code().ends_with("OverLimit");
    if error.is_for_good() && !throttled {
        QueueError::Refused(error.into())
    } else {
        QueueError::Unavailable(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_rounded_up_and_cut_at_fifteen_minutes() {
        assert_eq!(whole_seconds(Duration::from_millis(1)), 1);
        assert_eq!(whole_seconds(Duration::from_secs(20)), 20);
        assert_eq!(whole_seconds(Duration::from_secs(5000)), 900);
    }

    #[test]
    fn an_overtaken_receipt_is_no_longer_ours_however_the_code_is_spelt() {
        assert!(is_no_longer_ours("AWS.SimpleQueueService.MessageNotInflight"));
        assert!(is_no_longer_ours("MessageNotInflight"));
        assert!(is_no_longer_ours("ReceiptHandleIsInvalid"));
        assert!(!is_no_longer_ours("AccessDenied"));
    }
}
