//! Amazon SQS, in its JSON protocol.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::output;
use crate::call::{CallError, Json, Service, ServiceName};

/// Amazon SQS.
pub(crate) const SQS: ServiceName = ServiceName { id: "SQS", host: "sqs" };

const PROTOCOL: Json = Json { media_type: "application/x-amz-json-1.0", target: "AmazonSQS" };

/// The input of [`send_message`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Sending<'a> {
    pub(crate) queue_url: &'a str,
    pub(crate) message_body: &'a str,
    /// 0 to 900; without it the queue's own delay applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message_group_id: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) message_attributes: BTreeMap<&'a str, TextAttribute<'a>>,
}

/// An attribute that is text.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TextAttribute<'a> {
    data_type: &'static str,
    string_value: &'a str,
}

impl<'a> From<&'a str> for TextAttribute<'a> {
    fn from(string_value: &'a str) -> Self {
        Self { data_type: "String", string_value }
    }
}

/// What SQS says of a message that it took.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    /// In hexadecimal digits.
    #[serde(rename = "MD5OfMessageBody")]
    pub(crate) body_md5: Option<String>,
}

/// `SendMessage`.
pub(crate) async fn send_message(sqs: &Service, sending: &Sending<'_>) -> Result<Sent, CallError> {
    output(&PROTOCOL.call(sqs, "SendMessage", sending).await?)
}

/// The input of [`change_message_visibility`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Hiding<'a> {
    pub(crate) queue_url: &'a str,
    pub(crate) receipt_handle: &'a str,
    /// In seconds, 0 to 43,200.
    pub(crate) visibility_timeout: u32,
}

/// `ChangeMessageVisibility`.
pub(crate) async fn change_message_visibility(sqs: &Service, hiding: &Hiding<'_>) -> Result<(), CallError> {
    PROTOCOL.call(sqs, "ChangeMessageVisibility", hiding).await.map(|_| ())
}

/// The input of [`change_message_visibility_batch`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HidingBatch<'a> {
    pub(crate) queue_url: &'a str,
    /// One to ten.
    pub(crate) entries: Vec<HidingEntry<'a>>,
}

/// One message of a [`HidingBatch`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HidingEntry<'a> {
    /// By which the answer names it.
    pub(crate) id: String,
    pub(crate) receipt_handle: &'a str,
    /// In seconds, 0 to 43,200.
    pub(crate) visibility_timeout: u32,
}

/// An entry of a batch that SQS did not take.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FailedEntry {
    pub(crate) id: String,
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) message: String,
    pub(crate) sender_fault: bool,
}

/// `ChangeMessageVisibilityBatch`; the entries that failed.
pub(crate) async fn change_message_visibility_batch(
    sqs: &Service,
    batch: &HidingBatch<'_>,
) -> Result<Vec<FailedEntry>, CallError> {
    #[derive(Deserialize)]
    struct Changed {
        #[serde(default, rename = "Failed")]
        failed: Vec<FailedEntry>,
    }
    let changed: Changed = output(&PROTOCOL.call(sqs, "ChangeMessageVisibilityBatch", batch).await?)?;
    Ok(changed.failed)
}

/// The input of [`receive_message`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Receiving<'a> {
    pub(crate) queue_url: &'a str,
    pub(crate) max_number_of_messages: u32,
    pub(crate) visibility_timeout: u32,
    pub(crate) wait_time_seconds: u32,
    pub(crate) message_attribute_names: &'a [&'a str],
    pub(crate) message_system_attribute_names: &'a [&'a str],
}

/// A message as it was received.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Message {
    pub(crate) message_id: String,
    pub(crate) receipt_handle: String,
    pub(crate) body: String,
    /// The system's attributes.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) message_attributes: BTreeMap<String, Attribute>,
}

/// An attribute of any type.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Attribute {
    /// None of a binary one.
    pub(crate) string_value: Option<String>,
}

/// `ReceiveMessage`.
pub(crate) async fn receive_message(
    sqs: &Service,
    receiving: &Receiving<'_>,
) -> Result<Vec<Message>, CallError> {
    #[derive(Deserialize)]
    struct Received {
        #[serde(default, rename = "Messages")]
        messages: Vec<Message>,
    }
    let received: Received = output(&PROTOCOL.call(sqs, "ReceiveMessage", receiving).await?)?;
    Ok(received.messages)
}

/// `DeleteMessage`.
pub(crate) async fn delete_message(sqs: &Service, queue_url: &str, receipt: &str) -> Result<(), CallError> {
    let input = serde_json::json!({"QueueUrl": queue_url, "ReceiptHandle": receipt});
    PROTOCOL.call(sqs, "DeleteMessage", &input).await.map(|_| ())
}

/// `GetQueueAttributes` of one attribute; none where SQS does not tell it.
pub(crate) async fn get_queue_attributes(
    sqs: &Service,
    queue_url: &str,
    name: &str,
) -> Result<Option<String>, CallError> {
    #[derive(Deserialize)]
    struct Told {
        #[serde(default, rename = "Attributes")]
        attributes: BTreeMap<String, String>,
    }
    let input = serde_json::json!({"QueueUrl": queue_url, "AttributeNames": [name]});
    let mut told: Told = output(&PROTOCOL.call(sqs, "GetQueueAttributes", &input).await?)?;
    Ok(told.attributes.remove(name))
}
