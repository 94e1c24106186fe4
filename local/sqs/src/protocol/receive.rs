//! ReceiveMessage.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::request;
use crate::digest;
use crate::message::{Attributes, ReceivedMessage};
use crate::service::Sqs;
use crate::store::Receive;

/// Most messages of one receive.
const MAXIMUM_MESSAGES: i64 = 10;
/// Longest wait in seconds.
const MAXIMUM_WAIT: i64 = 20;
/// Longest visibility time-out in seconds.
const MAXIMUM_VISIBILITY: i64 = 43_200;

/// The system attributes that can be asked for. Those of FIFO queues are known but never there.
const SYSTEM_ATTRIBUTES: [&str; 10] = [
    "All",
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ReceiveMessage {
    queue_url: Option<String>,
    #[serde(default)]
    attribute_names: Vec<String>,
    #[serde(default)]
    message_system_attribute_names: Vec<String>,
    #[serde(default)]
    message_attribute_names: Vec<String>,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
}

pub(crate) async fn receive(sqs: &Sqs, request: ReceiveMessage) -> Result<Value, ApiError> {
    let queue = request::queue(request.queue_url)?;
    let maximum = request.max_number_of_messages.unwrap_or(1);
    let maximum = request::within(maximum, 1, MAXIMUM_MESSAGES, "MaxNumberOfMessages")?;
    let visibility = request
        .visibility_timeout
        .map(|seconds| request::within(seconds, 0, MAXIMUM_VISIBILITY, "VisibilityTimeout"))
        .transpose()?;
    let system: Vec<String> =
        request.attribute_names.into_iter().chain(request.message_system_attribute_names).collect();
    if let Some(unknown) = system.iter().find(|name| !SYSTEM_ATTRIBUTES.contains(&name.as_str())) {
        return Err(ApiError::InvalidAttributeName(unknown.clone()));
    }
    let wait = wait(sqs, &queue, request.wait_time_seconds).await?;
    let receive = Receive {
        maximum: usize::try_from(maximum).unwrap_or(1),
        visibility_ms: visibility.map(|seconds| seconds * 1000),
    };
    let messages = sqs.receive(&queue, receive, wait).await?;
    if messages.is_empty() {
        return Ok(json!({}));
    }
    let shown = messages.iter().map(|message| show(sqs, message, &system, &request.message_attribute_names));
    Ok(json!({ "Messages": shown.collect::<Vec<_>>() }))
}

/// The wait asked for, or the queue's own.
async fn wait(sqs: &Sqs, queue: &str, seconds: Option<i64>) -> Result<Duration, ApiError> {
    let wait_ms = match seconds {
        Some(seconds) => request::within(seconds, 0, MAXIMUM_WAIT, "WaitTimeSeconds")? * 1000,
        None => {
            let queue = queue.to_owned();
            sqs.call(move |store, _| Ok(store.queue(&queue)?.settings.wait_ms)).await?
        }
    };
    Ok(Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0)))
}

fn show(sqs: &Sqs, message: &ReceivedMessage, system: &[String], wanted: &[String]) -> Value {
    let mut shown = json!({
        "MessageId": message.message_id,
        "ReceiptHandle": message.receipt_handle,
        "MD5OfBody": digest::of_body(&message.body),
        "Body": message.body,
    });
    let all = system.iter().any(|name| name == "All");
    let attributes: Map<String, Value> = system_attributes(sqs, message)
        .into_iter()
        .filter(|(name, _)| all || system.iter().any(|wanted| wanted == name))
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    if !attributes.is_empty() {
        shown["Attributes"] = attributes.into();
    }
    let chosen = choose(&message.attributes, wanted);
    if let Some(digest) = digest::of_attributes(&chosen) {
        // Over what is returned, not over what was sent: that is what a client can verify.
        shown["MD5OfMessageAttributes"] = digest.into();
        shown["MessageAttributes"] = json!(chosen);
    }
    shown
}

/// Every system attribute that the message has, as text.
pub(crate) fn system_attributes(sqs: &Sqs, message: &ReceivedMessage) -> Vec<(&'static str, String)> {
    let mut attributes = vec![
        ("SenderId", sqs.names().account_id.clone()),
        ("SentTimestamp", message.sent_ms.to_string()),
        ("ApproximateReceiveCount", message.receive_count.to_string()),
        ("ApproximateFirstReceiveTimestamp", message.first_received_ms.to_string()),
    ];
    if !message.group.is_empty() {
        attributes.push(("MessageGroupId", message.group.clone()));
    }
    if let Some(header) = &message.trace_header {
        attributes.push(("AWSTraceHeader", header.clone()));
    }
    if let Some(source) = &message.dead_letter_source {
        attributes.push(("DeadLetterQueueSourceArn", sqs.names().arn(source)));
    }
    attributes
}

/// The attributes that match one of the names asked for: `All`, `.*`, `prefix.*`, or the name.
fn choose(attributes: &Attributes, wanted: &[String]) -> Attributes {
    let matches = |name: &str| {
        wanted.iter().any(|wanted| match wanted.strip_suffix(".*") {
            Some(prefix) => name.starts_with(prefix),
            None => wanted == "All" || wanted == name,
        })
    };
    attributes
        .iter()
        .filter(|(name, _)| matches(name))
        .map(|(name, attribute)| (name.clone(), attribute.clone()))
        .collect()
}
