//! SendMessage and SendMessageBatch.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::ApiError;
use super::{batch, check, request};
use crate::digest;
use crate::message::{Attributes, MessageAttribute, NewMessage};
use crate::service::Sqs;
use crate::store::StoreError;

/// Most bytes that the messages of one batch may have together (SQS quotas).
const MAXIMUM_BATCH: usize = 1_048_576;
/// Longest delay of a message in seconds.
const MAXIMUM_DELAY: i64 = 900;
/// The one system attribute that a sender may set.
const TRACE_HEADER: &str = "AWSTraceHeader";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SendMessage {
    queue_url: Option<String>,
    #[serde(flatten)]
    entry: Entry,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    message_body: Option<String>,
    delay_seconds: Option<i64>,
    message_attributes: Option<Attributes>,
    message_system_attributes: Option<BTreeMap<String, MessageAttribute>>,
    message_group_id: Option<String>,
    message_deduplication_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SendMessageBatch {
    queue_url: Option<String>,
    #[serde(default)]
    entries: Vec<BatchEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchEntry {
    #[serde(default)]
    id: String,
    #[serde(flatten)]
    entry: Entry,
}

/// A checked message and the answer that its sender gets once it is stored.
struct Prepared {
    message: NewMessage,
    answer: Value,
}

pub(crate) async fn one(sqs: &Sqs, request: SendMessage) -> Result<Value, ApiError> {
    let queue = request::queue(request.queue_url)?;
    let Prepared { message, answer } = prepare(request.entry)?;
    sqs.call(move |store, now_ms| store.send(&queue, &message, now_ms)).await?;
    Ok(answer)
}

pub(crate) async fn batch(sqs: &Sqs, request: SendMessageBatch) -> Result<Value, ApiError> {
    let queue = request::queue(request.queue_url)?;
    batch::check_ids(request.entries.iter().map(|entry| entry.id.as_str()), "SendMessageBatchRequestEntry")?;
    let sent = request.entries.iter().map(|entry| entry.entry.size()).sum();
    if sent > MAXIMUM_BATCH {
        return Err(ApiError::BatchTooLong { limit: MAXIMUM_BATCH, sent });
    }
    let prepared: Vec<_> =
        request.entries.into_iter().map(|entry| (entry.id, prepare(entry.entry))).collect();
    let outcomes = sqs.call(move |store, now_ms| {
        store.queue(&queue)?;
        let mut outcomes = Vec::with_capacity(prepared.len());
        for (id, prepared) in prepared {
            let outcome = match prepared {
                Ok(Prepared { message, answer }) => match store.send(&queue, &message, now_ms) {
                    Ok(()) => Ok(answer),
                    Err(StoreError::Refused(refusal)) => Err(refusal.into()),
                    Err(broken) => return Err(broken),
                },
                Err(error) => Err(error),
            };
            outcomes.push((id, outcome));
        }
        Ok(outcomes)
    });
    Ok(batch::answer(outcomes.await?))
}

impl Entry {
    /// Bytes that count towards the limit of a batch, before the message is known to be good.
    fn size(&self) -> usize {
        let attributes: usize = self
            .message_attributes
            .iter()
            .flatten()
            .map(|(name, attribute)| name.len() + attribute.size())
            .sum();
        self.message_body.as_ref().map_or(0, String::len) + attributes
    }
}

fn prepare(entry: Entry) -> Result<Prepared, ApiError> {
    let body = request::required(entry.message_body, "MessageBody")?;
    check::contents(&body)?;
    let attributes = entry.message_attributes.unwrap_or_default();
    check::attributes(&attributes)?;
    let delay_seconds = entry
        .delay_seconds
        .map(|seconds| request::within(seconds, 0, MAXIMUM_DELAY, "DelaySeconds"))
        .transpose()?;
    if let Some(group) = &entry.message_group_id {
        check::group(group)?;
    }
    if let Some(id) = &entry.message_deduplication_id {
        let reason = "The request include parameter that is not valid for this queue type.";
        return Err(ApiError::invalid("MessageDeduplicationId", id, reason));
    }
    let system = entry.message_system_attributes.unwrap_or_default();
    let message = NewMessage {
        message_id: Uuid::new_v4().to_string(),
        body,
        attributes,
        trace_header: trace_header(&system)?,
        group: entry.message_group_id.unwrap_or_default(),
        delay_seconds,
    };
    Ok(Prepared { answer: answer(&message, &system), message })
}

fn trace_header(system: &BTreeMap<String, MessageAttribute>) -> Result<Option<String>, ApiError> {
    if let Some(unknown) = system.keys().find(|name| *name != TRACE_HEADER) {
        let reason = "Only AWSTraceHeader can be set.";
        return Err(ApiError::invalid("MessageSystemAttributes", unknown, reason));
    }
    check::attributes(system)?;
    Ok(system.get(TRACE_HEADER).and_then(|attribute| attribute.string_value.clone()))
}

fn answer(message: &NewMessage, system: &BTreeMap<String, MessageAttribute>) -> Value {
    let mut answer = json!({
        "MessageId": message.message_id,
        "MD5OfMessageBody": digest::of_body(&message.body),
    });
    if let Some(digest) = digest::of_attributes(&message.attributes) {
        answer["MD5OfMessageAttributes"] = digest.into();
    }
    if let Some(digest) = digest::of_attributes(system) {
        answer["MD5OfMessageSystemAttributes"] = digest.into();
    }
    answer
}
