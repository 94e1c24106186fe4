//! StartMessageMoveTask and ListMessageMoveTasks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::ApiError;
use super::request;
use crate::service::Sqs;
use crate::store::{MoveTaskStatus, Refusal, StartMove};

/// Highest rate of a task (API reference, StartMessageMoveTask).
const MAXIMUM_RATE: i64 = 500;
/// Most tasks of one list.
const MAXIMUM_LIST: i64 = 10;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StartMessageMoveTask {
    source_arn: Option<String>,
    destination_arn: Option<String>,
    max_number_of_messages_per_second: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListMessageMoveTasks {
    source_arn: Option<String>,
    max_results: Option<i64>,
}

pub(crate) async fn start(sqs: &Sqs, request: StartMessageMoveTask) -> Result<Value, ApiError> {
    let arn = request::required(request.source_arn, "SourceArn")?;
    let source = named(sqs, &arn, "SourceArn")?;
    let destination = request.destination_arn.map(|arn| named(sqs, &arn, "DestinationArn")).transpose()?;
    let per_second = request
        .max_number_of_messages_per_second
        .map(|rate| request::within(rate, 1, MAXIMUM_RATE, "MaxNumberOfMessagesPerSecond"))
        .transpose()?;
    let handle = STANDARD.encode(json!({ "taskId": Uuid::new_v4(), "sourceArn": arn }).to_string());
    let start = StartMove { source, destination, per_second, handle: handle.clone() };
    sqs.call(move |store, now_ms| store.start_move(&start, now_ms)).await?;
    Ok(json!({ "TaskHandle": handle }))
}

pub(crate) async fn list(sqs: &Sqs, request: ListMessageMoveTasks) -> Result<Value, ApiError> {
    let arn = request::required(request.source_arn, "SourceArn")?;
    let source = named(sqs, &arn, "SourceArn")?;
    let maximum = request::within(request.max_results.unwrap_or(1), 1, MAXIMUM_LIST, "MaxResults")?;
    let maximum = usize::try_from(maximum).unwrap_or(1);
    let tasks = sqs.call(move |store, _| store.list_moves(&source, maximum)).await?;
    Ok(json!({ "Results": tasks.iter().map(|task| show(sqs, task)).collect::<Vec<_>>() }))
}

fn named(sqs: &Sqs, arn: &str, parameter: &'static str) -> Result<String, ApiError> {
    let name = sqs.names().queue_of_arn(arn).ok_or(Refusal::NoSuchResource(parameter))?;
    Ok(name.to_owned())
}

/// Absent members stay absent; the handle is shown only while it could be used to cancel the task.
fn show(sqs: &Sqs, task: &MoveTaskStatus) -> Value {
    let mut shown = json!({
        "Status": task.status,
        "SourceArn": sqs.queue_arn(&task.source),
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "StartedTimestamp": task.started_ms,
    });
    if task.status == "RUNNING" {
        shown["TaskHandle"] = task.handle.as_str().into();
    }
    if let Some(destination) = &task.destination {
        shown["DestinationArn"] = sqs.queue_arn(destination).into();
    }
    if let Some(rate) = task.per_second {
        shown["MaxNumberOfMessagesPerSecond"] = rate.into();
    }
    if let Some(reason) = &task.failure {
        shown["FailureReason"] = reason.as_str().into();
    }
    shown
}
