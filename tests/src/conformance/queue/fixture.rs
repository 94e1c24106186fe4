//! A queue of a case's own, and short ways to use it.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::change_message_visibility::builders::ChangeMessageVisibilityFluentBuilder;
use aws_sdk_sqs::operation::delete_message::builders::DeleteMessageFluentBuilder;
use aws_sdk_sqs::operation::receive_message::builders::ReceiveMessageFluentBuilder;
use aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder;
use aws_sdk_sqs::types::{Message, MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName};
use uuid::Uuid;

use crate::conformance::harness::check::{eventually, holds, present};
use crate::conformance::{Failure, Verdict};

/// A new queue.
#[derive(Clone, Debug)]
pub(super) struct TestQueue {
    pub(super) client: Client,
    pub(super) url: String,
}

impl TestQueue {
    /// With SQS's defaults: a visibility time-out of 30 s, and no delay.
    pub(super) async fn create(client: &Client) -> Result<Self, Failure> {
        Self::with(client, []).await
    }

    /// With a visibility time-out of `seconds`.
    pub(super) async fn hiding_for(client: &Client, seconds: u32) -> Result<Self, Failure> {
        Self::with(client, [(QueueAttributeName::VisibilityTimeout, seconds.to_string())]).await
    }

    /// With these attributes, and otherwise SQS's defaults.
    pub(super) async fn with(
        client: &Client,
        attributes: impl IntoIterator<Item = (QueueAttributeName, String)>,
    ) -> Result<Self, Failure> {
        let attributes = attributes.into_iter().collect();
        let created =
            client.create_queue().queue_name(unique_name()).set_attributes(Some(attributes)).send().await?;
        Ok(Self { client: client.clone(), url: present("the queue's URL", created.queue_url)? })
    }

    /// A request to send `body`.
    pub(super) fn send(&self, body: &str) -> SendMessageFluentBuilder {
        self.client.send_message().queue_url(&self.url).message_body(body)
    }

    /// A request for one message and everything about it, without a wait.
    pub(super) fn receive(&self) -> ReceiveMessageFluentBuilder {
        self.client
            .receive_message()
            .queue_url(&self.url)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
    }

    /// A request to delete the message with this receipt.
    pub(super) fn delete(&self, receipt: &str) -> DeleteMessageFluentBuilder {
        self.client.delete_message().queue_url(&self.url).receipt_handle(receipt)
    }

    /// A request to hide the message with this receipt for `seconds` from now.
    pub(super) fn hide(&self, receipt: &str, seconds: i32) -> ChangeMessageVisibilityFluentBuilder {
        let request = self.client.change_message_visibility().queue_url(&self.url);
        request.receipt_handle(receipt).visibility_timeout(seconds)
    }

    /// The next message, once there is one.
    pub(super) async fn next(&self) -> Result<Message, Failure> {
        eventually("a message", || async { self.look().await }).await
    }

    /// Nothing can be received now.
    pub(super) async fn is_silent(&self) -> Verdict {
        let found = self.look().await?;
        holds(found.is_none(), || format!("a message came that should not have: {found:?}"))
    }

    async fn look(&self) -> Result<Option<Message>, Failure> {
        Ok(self.receive().send().await?.messages.and_then(|messages| messages.into_iter().next()))
    }

    /// The value of one of the queue's attributes.
    pub(super) async fn attribute(&self, name: QueueAttributeName) -> Result<String, Failure> {
        let request = self.client.get_queue_attributes().queue_url(&self.url).attribute_names(name.clone());
        let attributes = request.send().await?.attributes.unwrap_or_default();
        present(name.as_str(), attributes.get(&name).cloned())
    }

    /// The queue's ARN.
    pub(super) async fn arn(&self) -> Result<String, Failure> {
        self.attribute(QueueAttributeName::QueueArn).await
    }
}

/// A queue name that no other case and no other run has.
pub(super) fn unique_name() -> String {
    format!("conformance-{}", Uuid::new_v4())
}

/// The message's receipt handle.
pub(super) fn receipt(message: &Message) -> Result<&str, Failure> {
    present("the receipt handle", message.receipt_handle())
}

/// The value of one of the message's system attributes.
pub(super) fn system(message: &Message, name: MessageSystemAttributeName) -> Result<&str, Failure> {
    let value = message.attributes().and_then(|attributes| attributes.get(&name));
    present(name.as_str(), value.map(String::as_str))
}

/// How often the message was received, this time included.
pub(super) fn receive_count(message: &Message) -> Result<&str, Failure> {
    system(message, MessageSystemAttributeName::ApproximateReceiveCount)
}

/// A message attribute of a textual type.
pub(super) fn text(data_type: &str, value: &str) -> Result<MessageAttributeValue, Failure> {
    Ok(MessageAttributeValue::builder().data_type(data_type).string_value(value).build()?)
}
