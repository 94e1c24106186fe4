//! DeleteMessage and DeleteMessageBatch.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::{batch, request};
use crate::service::Sqs;
use crate::store::StoreError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeleteMessage {
    queue_url: Option<String>,
    receipt_handle: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeleteMessageBatch {
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
}

pub(crate) async fn one(sqs: &Sqs, request: DeleteMessage) -> Result<Value, ApiError> {
    let queue = request::queue(request.queue_url)?;
    let handle = request::required(request.receipt_handle, "ReceiptHandle")?;
    sqs.call(move |store, _| store.delete(&queue, &handle)).await?;
    Ok(json!({}))
}

pub(crate) async fn batch(sqs: &Sqs, request: DeleteMessageBatch) -> Result<Value, ApiError> {
    let queue = request::queue(request.queue_url)?;
    batch::check_ids(
        request.entries.iter().map(|entry| entry.id.as_str()),
        "DeleteMessageBatchRequestEntry",
    )?;
    let outcomes = sqs.call(move |store, _| {
        store.queue(&queue)?;
        let mut outcomes = Vec::with_capacity(request.entries.len());
        for Entry { id, receipt_handle } in request.entries {
            let outcome = match store.delete(&queue, &receipt_handle) {
                Ok(()) => Ok(json!({})),
                Err(StoreError::Refused(refusal)) => Err(refusal.into()),
                Err(broken) => return Err(broken),
            };
            outcomes.push((id, outcome));
        }
        Ok(outcomes)
    });
    Ok(batch::answer(outcomes.await?))
}
