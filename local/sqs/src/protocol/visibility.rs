//! ChangeMessageVisibility and ChangeMessageVisibilityBatch.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::{batch, request};
use crate::service::Sqs;
use crate::store::{Refusal, Store, StoreError};

/// Longest visibility time-out in seconds.
const MAXIMUM: i64 = 43_200;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ChangeMessageVisibility {
    queue_url: Option<String>,
    receipt_handle: Option<String>,
    visibility_timeout: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ChangeMessageVisibilityBatch {
    queue_url: Option<String>,
    #[serde(default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    #[serde(default)]
    id: String,
    #[serde(default)]
    receipt_handle: String,
    visibility_timeout: Option<i64>,
}

pub(crate) async fn one(sqs: &Sqs, request: ChangeMessageVisibility) -> Result<Value, ApiError> {
    let queue = request::queue(request.queue_url)?;
    let handle = request::required(request.receipt_handle, "ReceiptHandle")?;
    let seconds = seconds(request.visibility_timeout)?;
    let changed = sqs.call(move |store, now_ms| change(store, &queue, &handle, seconds, now_ms)).await?;
    changed.map(|()| json!({}))
}

pub(crate) async fn batch(sqs: &Sqs, request: ChangeMessageVisibilityBatch) -> Result<Value, ApiError> {
    let queue = request::queue(request.queue_url)?;
    let ids = request.entries.iter().map(|entry| entry.id.as_str());
    batch::check_ids(ids, "ChangeMessageVisibilityBatchRequestEntry")?;
    let outcomes = sqs.call(move |store, now_ms| {
        store.queue(&queue)?;
        let mut outcomes = Vec::with_capacity(request.entries.len());
        for Entry { id, receipt_handle, visibility_timeout } in request.entries {
            let outcome = match seconds(visibility_timeout) {
                Ok(seconds) => change(store, &queue, &receipt_handle, seconds, now_ms)?,
                Err(error) => Err(error),
            };
            outcomes.push((id, outcome.map(|()| json!({}))));
        }
        Ok(outcomes)
    });
    Ok(batch::answer(outcomes.await?))
}

/// Changes one message; the inner error is the client's, the outer one ours.
fn change(
    store: &mut Store,
    queue: &str,
    handle: &str,
    seconds: i64,
    now_ms: i64,
) -> Result<Result<(), ApiError>, StoreError> {
    match store.change_visibility(queue, handle, seconds, now_ms) {
        Ok(()) => Ok(Ok(())),
        Err(StoreError::Refused(refusal)) => Ok(Err(named(refusal, handle, seconds))),
        Err(broken) => Err(broken),
    }
}

/// AWS names the value that it refuses.
fn named(refusal: Refusal, handle: &str, seconds: i64) -> ApiError {
    let reason = refusal.to_string();
    if refusal == Refusal::MessageNotAvailable {
        return ApiError::invalid("ReceiptHandle", handle, &reason);
    }
    if refusal == Refusal::VisibilityBeyondLimit {
        return ApiError::invalid("VisibilityTimeout", seconds, &reason);
    }
    refusal.into()
}

fn seconds(visibility_timeout: Option<i64>) -> Result<i64, ApiError> {
    let seconds = visibility_timeout.ok_or(ApiError::MissingParameter("VisibilityTimeout"))?;
    request::within(seconds, 0, MAXIMUM, "VisibilityTimeout")
}
