//! GetQueueAttributes and SetQueueAttributes, and what the attributes of a queue mean.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::request;
use crate::names::Names;
use crate::options::RedrivePolicy;
use crate::service::Sqs;
use crate::store::{Queue, Settings};

/// Attributes that may be asked for, but that a queue here need not have, or never has.
const UNSET: [&str; 5] =
    ["RedrivePolicy", "RedriveAllowPolicy", "Policy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetQueueAttributes {
    queue_url: Option<String>,
    #[serde(default)]
    attribute_names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SetQueueAttributes {
    queue_url: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

pub(crate) async fn get(sqs: &Sqs, request: GetQueueAttributes) -> Result<Value, ApiError> {
    let name = request::queue(request.queue_url)?;
    let queue = sqs.call(move |store, now_ms| Ok(store.settled(&name, now_ms)?.clone())).await?;
    let known = describe(&queue, sqs.names());
    let wanted = &request.attribute_names;
    let is_known = |name: &str| name == "All" || UNSET.contains(&name) || known.contains_key(name);
    if let Some(unknown) = wanted.iter().find(|name| !is_known(name)) {
        return Err(ApiError::InvalidAttributeName(unknown.clone()));
    }
    let all = wanted.iter().any(|name| name == "All");
    let shown: Map<String, Value> = known
        .into_iter()
        .filter(|(name, _)| all || wanted.iter().any(|wanted| wanted == name))
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    Ok(if shown.is_empty() { json!({}) } else { json!({ "Attributes": shown }) })
}

pub(crate) async fn set(sqs: &Sqs, request: SetQueueAttributes) -> Result<Value, ApiError> {
    let name = request::queue(request.queue_url)?;
    if request.attributes.is_empty() {
        return Err(ApiError::MissingParameter("Attributes"));
    }
    let current = name.clone();
    let mut settings = sqs.call(move |store, _| Ok(store.queue(&current)?.settings.clone())).await?;
    apply(&mut settings, request.attributes, sqs.names())?;
    sqs.call(move |store, now_ms| store.change_queue(&name, &settings, now_ms)).await?;
    Ok(json!({}))
}

fn describe(queue: &Queue, names: &Names) -> BTreeMap<&'static str, String> {
    let Settings { visibility_ms, retention_ms, delay_ms, wait_ms, maximum_bytes, redrive } = &queue.settings;
    let mut known = BTreeMap::from([
        ("QueueArn", names.arn(&queue.name)),
        ("ApproximateNumberOfMessages", queue.counts.ready.to_string()),
        ("ApproximateNumberOfMessagesNotVisible", queue.counts.in_flight.to_string()),
        ("ApproximateNumberOfMessagesDelayed", queue.counts.delayed.to_string()),
        ("CreatedTimestamp", (queue.created_ms / 1000).to_string()),
        ("LastModifiedTimestamp", (queue.modified_ms / 1000).to_string()),
        ("VisibilityTimeout", (visibility_ms / 1000).to_string()),
        ("MessageRetentionPeriod", (retention_ms / 1000).to_string()),
        ("DelaySeconds", (delay_ms / 1000).to_string()),
        ("ReceiveMessageWaitTimeSeconds", (wait_ms / 1000).to_string()),
        ("MaximumMessageSize", maximum_bytes.to_string()),
        ("SqsManagedSseEnabled", "false".to_owned()),
    ]);
    if let Some(RedrivePolicy { dead_letter_queue, max_receive_count }) = redrive {
        let policy = json!({
            "deadLetterTargetArn": names.arn(dead_letter_queue),
            "maxReceiveCount": max_receive_count,
        });
        known.insert("RedrivePolicy", policy.to_string());
    }
    known
}

/// Writes the attributes of CreateQueue or SetQueueAttributes into `settings`.
pub(crate) fn apply(
    settings: &mut Settings,
    attributes: BTreeMap<String, String>,
    names: &Names,
) -> Result<(), ApiError> {
    for (name, value) in attributes {
        match name.as_str() {
            "VisibilityTimeout" => settings.visibility_ms = number(&name, &value, 0, 43_200)? * 1000,
            "MessageRetentionPeriod" => settings.retention_ms = number(&name, &value, 60, 1_209_600)? * 1000,
            "DelaySeconds" => settings.delay_ms = number(&name, &value, 0, 900)? * 1000,
            "ReceiveMessageWaitTimeSeconds" => settings.wait_ms = number(&name, &value, 0, 20)? * 1000,
            "MaximumMessageSize" => {
                let bytes = number(&name, &value, 1024, 1_048_576)?;
                settings.maximum_bytes = usize::try_from(bytes).unwrap_or(settings.maximum_bytes);
            }
            "RedrivePolicy" => settings.redrive = redrive(&value, names)?,
            _ => return Err(ApiError::InvalidAttributeName(name)),
        }
    }
    Ok(())
}

fn number(name: &str, value: &str, least: i64, most: i64) -> Result<i64, ApiError> {
    value
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| ApiError::InvalidAttributeValue(name.to_owned()))
}

/// An empty text removes the policy. `maxReceiveCount` may be a number or its text.
fn redrive(value: &str, names: &Names) -> Result<Option<RedrivePolicy>, ApiError> {
    if value.is_empty() {
        return Ok(None);
    }
    let refuse = |reason: &str| ApiError::invalid("RedrivePolicy", value, reason);
    let policy: Value =
        serde_json::from_str(value).map_err(|_| refuse("Redrive policy is not valid JSON."))?;
    let target =
        policy["deadLetterTargetArn"].as_str().ok_or_else(|| refuse("deadLetterTargetArn is missing."))?;
    let count = &policy["maxReceiveCount"];
    let count = count.as_u64().or_else(|| count.as_str()?.parse().ok()).unwrap_or(0);
    let max_receive_count =
        u32::try_from(count).ok().filter(|count| (1..=1000).contains(count)).ok_or_else(|| {
            refuse("Invalid value for maxReceiveCount, valid values are from 1 to 1000 both inclusive.")
        })?;
    let dead_letter_queue =
        names.queue_of_arn(target).ok_or_else(|| refuse("Dead letter target does not exist."))?.to_owned();
    Ok(Some(RedrivePolicy { dead_letter_queue, max_receive_count }))
}
