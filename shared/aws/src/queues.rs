//! Queues of SQS.

use std::time::Duration;

use aws_sdk_sqs::operation::send_message::SendMessageOutput;
use aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder;
use aws_sdk_sqs::types::{
    Message, MessageAttributeValue, MessageSystemAttributeName as System, QueueAttributeName,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use md5::{Digest, Md5};
use revops_core::Timestamp;
use revops_core::ports::{
    CountMessages, DeleteMessages, HideMessages, OutgoingMessage, QueueError, ReceiveMessages,
    ReceivedMessage, SendMessages,
};

use crate::Clients;
use crate::failure::Refusal;

/// The longest `DelaySeconds`.
const MAX_DELAY: Duration = Duration::from_secs(900);
/// The longest `VisibilityTimeout`, in seconds.
const MAX_HIDE_SECONDS: u32 = 43_200;

/// The most messages of one receive.
const MOST_RECEIVED: i32 = 10;
/// Long polling, as short as it comes: an empty answer then comes from all servers of the queue, not some.
const RECEIVE_WAIT_SECONDS: i32 = 1;

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

    fn send_request(&self, queue_url: &str, message: &OutgoingMessage) -> SendMessageFluentBuilder {
        let mut request = self
            .clients
            .sqs()
            .send_message()
            .queue_url(queue_url)
            .message_body(&message.body)
            .set_message_group_id(message.group.clone());
        if !message.delay.is_zero() {
            request = request.delay_seconds(whole_seconds(message.delay));
        }
        for (name, value) in &message.attributes {
            request = request.message_attributes(*name, string_attribute(value));
        }
        request
    }
}

impl SendMessages for SqsQueues {
    async fn send(&self, queue_url: &str, message: OutgoingMessage) -> Result<(), QueueError> {
        let sent = self.send_request(queue_url, &message).send().await.map_err(queue_error)?;
        if arrived_whole(&sent, &message.body) {
            return Ok(());
        }
        Err(QueueError::Unavailable("the queue took another body than was sent".into()))
    }
}

impl HideMessages for SqsQueues {
    async fn hide(&self, queue_url: &str, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        let request = self
            .clients
            .sqs()
            .change_message_visibility()
            .queue_url(queue_url)
            .receipt_handle(receipt)
            .visibility_timeout(hide_seconds(seconds));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if is_no_longer_ours(Refusal::of(&error).code) => Err(QueueError::NotOurs),
            Err(error) => Err(queue_error(error)),
        }
    }
}

impl ReceiveMessages for SqsQueues {
    async fn receive(&self, queue_url: &str, seconds: u32) -> Result<Vec<ReceivedMessage>, QueueError> {
        let request = self
            .clients
            .sqs()
            .receive_message()
            .queue_url(queue_url)
            .max_number_of_messages(MOST_RECEIVED)
            .visibility_timeout(hide_seconds(seconds))
            .wait_time_seconds(RECEIVE_WAIT_SECONDS)
            .message_attribute_names("All")
            .message_system_attribute_names(System::SentTimestamp)
            .message_system_attribute_names(System::MessageGroupId);
        let answer = request.send().await.map_err(queue_error)?;
        Ok(answer.messages.unwrap_or_default().into_iter().map(received).collect())
    }
}

impl DeleteMessages for SqsQueues {
    async fn delete(&self, queue_url: &str, receipt: &str) -> Result<(), QueueError> {
        let request = self.clients.sqs().delete_message().queue_url(queue_url).receipt_handle(receipt);
        request.send().await.map(|_| ()).map_err(queue_error)
    }
}

impl CountMessages for SqsQueues {
    async fn in_flight(&self, queue_url: &str) -> Result<u64, QueueError> {
        let name = QueueAttributeName::ApproximateNumberOfMessagesNotVisible;
        let request =
            self.clients.sqs().get_queue_attributes().queue_url(queue_url).attribute_names(name.clone());
        let found = request.send().await.map_err(queue_error)?;
        let count = found.attributes().and_then(|attributes| attributes.get(&name)?.parse().ok());
        count.ok_or_else(|| QueueError::Unavailable("the queue did not tell its count".into()))
    }
}

/// Whole seconds, rounded up: a message may come late, never early.
fn whole_seconds(delay: Duration) -> i32 {
    let seconds = delay.min(MAX_DELAY).as_millis().div_ceil(1000);
    i32::try_from(seconds).unwrap_or(0)
}

fn hide_seconds(seconds: u32) -> i32 {
    i32::try_from(seconds.min(MAX_HIDE_SECONDS)).unwrap_or(0)
}

/// SQS always tells what is asked for here; what it should not tell is taken for empty.
fn received(message: Message) -> ReceivedMessage {
    let system = message.attributes.unwrap_or_default();
    let sent_ms = system.get(&System::SentTimestamp).and_then(|text| text.parse().ok());
    let attributes = message.message_attributes.unwrap_or_default().into_iter();
    ReceivedMessage {
        message_id: message.message_id.unwrap_or_default(),
        receipt: message.receipt_handle.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        group: system.get(&System::MessageGroupId).cloned(),
        attributes: attributes.filter_map(|(name, value)| Some((name, value.string_value?))).collect(),
        sent_at: Timestamp::from_unix_ms(sent_ms.unwrap_or_default()),
    }
}

fn string_attribute(value: &str) -> MessageAttributeValue {
    // The builder fails only without a data type.
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
        .unwrap_or_else(|_| unreachable!("the data type is set"))
}

/// SQS answers with the MD5 of the body that it stored.
fn arrived_whole(sent: &SendMessageOutput, body: &str) -> bool {
    let hex = |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16));
    let ours = Md5::digest(body).into_iter().flat_map(hex).flatten();
    sent.md5_of_message_body().is_none_or(|theirs| ours.eq(theirs.chars()))
}

/// The receipt was overtaken by a newer receive, the message was deleted, or its 12 hours are over
/// (`InvalidParameterValue`: "Total VisibilityTimeout for the message is beyond the limit").
fn is_no_longer_ours(code: Option<&str>) -> bool {
    let code = code.map(|code| code.rsplit('.').next().unwrap_or(code));
    matches!(code, Some("MessageNotInflight" | "ReceiptHandleIsInvalid" | "InvalidParameterValue"))
}

fn queue_error<E>(error: SdkError<E, HttpResponse>) -> QueueError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let code = Refusal::of(&error).code.unwrap_or_default();
    let throttled = code.ends_with("RequestThrottled") || code.ends_with("OverLimit");
    if Refusal::of(&error).is_for_good() && !throttled {
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
        assert!(is_no_longer_ours(Some("AWS.SimpleQueueService.MessageNotInflight")));
        assert!(is_no_longer_ours(Some("MessageNotInflight")));
        assert!(is_no_longer_ours(Some("ReceiptHandleIsInvalid")));
        assert!(!is_no_longer_ours(Some("AccessDenied")));
    }
}
