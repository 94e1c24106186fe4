//! The event that a function gets: AWS's SQSEvent (FACTS 2.1).

use std::collections::BTreeMap;

use serde::Serialize;

use super::EventSourceMapping;
use crate::digest;
use crate::message::{MessageAttribute, ReceivedMessage};
use crate::protocol::system_attributes;
use crate::service::Sqs;

/// Largest payload of a batch: Lambda's limit for a synchronous invocation.
const MAXIMUM_PAYLOAD: usize = 6 * 1024 * 1024;
/// `{"Records":[` and `]}`.
const ENVELOPE: usize = 14;

#[derive(Serialize)]
struct Event<'a> {
    #[serde(rename = "Records")]
    records: Vec<Record<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    message_id: &'a str,
    receipt_handle: &'a str,
    body: &'a str,
    md5_of_body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    md5_of_message_attributes: Option<String>,
    attributes: BTreeMap<&'static str, String>,
    message_attributes: BTreeMap<&'a str, RecordAttribute<'a>>,
    #[serde(rename = "eventSourceARN")]
    event_source_arn: String,
    event_source: &'static str,
    aws_region: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordAttribute<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    string_value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binary_value: Option<String>,
    /// SQS has never filled the lists, but the event has them.
    string_list_values: [(); 0],
    binary_list_values: [(); 0],
    data_type: &'a str,
}

impl<'a> From<&'a MessageAttribute> for RecordAttribute<'a> {
    fn from(attribute: &'a MessageAttribute) -> Self {
        Self {
            string_value: attribute.string_value.as_deref(),
            binary_value: attribute.binary_value.as_ref().map(crate::message::Binary::to_base64),
            string_list_values: [],
            binary_list_values: [],
            data_type: &attribute.data_type,
        }
    }
}

fn record<'a>(message: &'a ReceivedMessage, mapping: &EventSourceMapping, sqs: &'a Sqs) -> Record<'a> {
    Record {
        message_id: &message.message_id,
        receipt_handle: &message.receipt_handle,
        body: &message.body,
        md5_of_body: digest::of_body(&message.body),
        md5_of_message_attributes: digest::of_attributes(&message.attributes),
        attributes: system_attributes(sqs, message).into_iter().collect(),
        message_attributes: message
            .attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.into()))
            .collect(),
        event_source_arn: sqs.queue_arn(&mapping.queue),
        event_source: "aws:sqs",
        aws_region: &sqs.names().region,
    }
}

/// The JSON of the event.
pub(super) fn payload(messages: &[ReceivedMessage], mapping: &EventSourceMapping, sqs: &Sqs) -> Vec<u8> {
    let event = Event { records: messages.iter().map(|message| record(message, mapping, sqs)).collect() };
    json(&event)
}

/// Cuts what was received into batches whose payloads Lambda would take.
pub(super) fn split(
    messages: Vec<ReceivedMessage>,
    mapping: &EventSourceMapping,
    sqs: &Sqs,
) -> Vec<Vec<ReceivedMessage>> {
    let mut batches = Vec::new();
    let (mut batch, mut size) = (Vec::new(), ENVELOPE);
    for message in messages {
        let own = json(&record(&message, mapping, sqs)).len() + 1;
        if size + own > MAXIMUM_PAYLOAD && !batch.is_empty() {
            batches.push(std::mem::take(&mut batch));
            size = ENVELOPE;
        }
        size += own;
        batch.push(message);
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}

/// Serialisation of plain strings cannot fail; should it ever, the function gets an empty payload and
/// fails, and the batch comes back.
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
