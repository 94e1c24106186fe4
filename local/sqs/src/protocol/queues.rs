//! CreateQueue, DeleteQueue, PurgeQueue, GetQueueUrl and ListQueues.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::{attributes, request};
use crate::names::is_queue_name;
use crate::service::Sqs;
use crate::store::Settings;

/// Most queues of one page (API reference, ListQueues).
const MAXIMUM_PAGE: i64 = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateQueue {
    queue_name: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OneQueue {
    queue_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetQueueUrl {
    queue_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListQueues {
    queue_name_prefix: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

pub(crate) async fn create(sqs: &Sqs, request: CreateQueue) -> Result<Value, ApiError> {
    let name = request::required(request.queue_name, "QueueName")?;
    if name.ends_with(".fifo") {
        return Err(ApiError::Unsupported("There are only standard queues here.".into()));
    }
    if !is_queue_name(&name) {
        let reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.";
        return Err(ApiError::invalid("QueueName", name, reason));
    }
    let mut settings = Settings::default();
    attributes::apply(&mut settings, request.attributes, sqs.names())?;
    let url = sqs.queue_url(&name);
    sqs.call(move |store, now_ms| store.create_queue(&name, &settings, now_ms)).await?;
    Ok(json!({ "QueueUrl": url }))
}

pub(crate) async fn delete(sqs: &Sqs, request: OneQueue) -> Result<Value, ApiError> {
    let queue = request::queue(request.queue_url)?;
    sqs.call(move |store, _| store.delete_queue(&queue)).await?;
    Ok(json!({}))
}

pub(crate) async fn purge(sqs: &Sqs, request: OneQueue) -> Result<Value, ApiError> {
    let queue = request::queue(request.queue_url)?;
    sqs.call(move |store, _| store.purge_queue(&queue)).await?;
    Ok(json!({}))
}

pub(crate) async fn url(sqs: &Sqs, request: GetQueueUrl) -> Result<Value, ApiError> {
    let name = request::required(request.queue_name, "QueueName")?;
    let url = sqs.queue_url(&name);
    sqs.call(move |store, _| store.queue(&name).map(|_| ())).await?;
    Ok(json!({ "QueueUrl": url }))
}

/// A page begins after the queue that its token names. Without `MaxResults` there is one page.
pub(crate) async fn list(sqs: &Sqs, request: ListQueues) -> Result<Value, ApiError> {
    let maximum = request.max_results.unwrap_or(MAXIMUM_PAGE);
    let maximum = request::within(maximum, 1, MAXIMUM_PAGE, "MaxResults")?;
    let maximum = usize::try_from(maximum).unwrap_or(usize::MAX);
    let prefix = request.queue_name_prefix.unwrap_or_default();
    let after = request.next_token.unwrap_or_default();
    let mut names = sqs
        .call(move |store, _| {
            let wanted = |name: &&str| name.starts_with(&prefix) && *name > after.as_str();
            let names = store.queue_names().filter(wanted).take(maximum + 1);
            Ok(names.map(str::to_owned).collect::<Vec<_>>())
        })
        .await?;
    let more = names.len() > maximum;
    names.truncate(maximum);
    let urls: Vec<String> = names.iter().map(|name| sqs.queue_url(name)).collect();
    let mut answer = json!({ "QueueUrls": urls });
    if let Some(last) = names.last().filter(|_| more) {
        answer["NextToken"] = last.as_str().into();
    }
    Ok(answer)
}
