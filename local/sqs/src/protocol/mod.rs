//! The HTTP face: AWS JSON protocol 1.0, `POST /` with `x-amz-target: AmazonSQS.<Action>`.
//! Each action is a function from its request body to its answer; this file only routes.

mod attributes;
mod batch;
mod check;
mod delete;
mod error;
mod move_tasks;
mod queues;
mod receive;
mod request;
mod send;
mod visibility;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;
use uuid::Uuid;

use crate::service::Sqs;
use error::ApiError;
pub(crate) use receive::system_attributes;

/// Largest request body. A batch has at most 1 MiB of content, which JSON escapes can swell sixfold.
const MAXIMUM_BODY: usize = 8 * 1024 * 1024;

pub(crate) const CONTENT_TYPE: &str = "application/x-amz-json-1.0";

/// The routes of the API. Requests are not authenticated: the stack listens on loopback only.
pub(crate) fn router(sqs: Sqs) -> Router {
    Router::new()
        .route("/", post(handle))
        .route("/{account}/{queue}", post(handle))
        .layer(DefaultBodyLimit::max(MAXIMUM_BODY))
        .with_state(sqs)
}

async fn handle(State(sqs): State<Sqs>, headers: HeaderMap, body: Bytes) -> Response {
    match dispatch(&sqs, &headers, &body).await {
        Ok(answer) => {
            let headers = [
                (header::CONTENT_TYPE, CONTENT_TYPE.to_owned()),
                (error::REQUEST_ID, Uuid::new_v4().to_string()),
            ];
            (StatusCode::OK, headers, answer.to_string()).into_response()
        }
        Err(error) => error.into_response(),
    }
}

async fn dispatch(sqs: &Sqs, headers: &HeaderMap, body: &[u8]) -> Result<Value, ApiError> {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match target.strip_prefix("AmazonSQS.").unwrap_or_default() {
        "SendMessage" => send::one(sqs, request::parse(body)?).await,
        "SendMessageBatch" => send::batch(sqs, request::parse(body)?).await,
        "ReceiveMessage" => receive::receive(sqs, request::parse(body)?).await,
        "DeleteMessage" => delete::one(sqs, request::parse(body)?).await,
        "DeleteMessageBatch" => delete::batch(sqs, request::parse(body)?).await,
        "ChangeMessageVisibility" => visibility::one(sqs, request::parse(body)?).await,
        "ChangeMessageVisibilityBatch" => visibility::batch(sqs, request::parse(body)?).await,
        "GetQueueAttributes" => attributes::get(sqs, request::parse(body)?).await,
        "SetQueueAttributes" => attributes::set(sqs, request::parse(body)?).await,
        "CreateQueue" => queues::create(sqs, request::parse(body)?).await,
        "DeleteQueue" => queues::delete(sqs, request::parse(body)?).await,
        "PurgeQueue" => queues::purge(sqs, request::parse(body)?).await,
        "GetQueueUrl" => queues::url(sqs, request::parse(body)?).await,
        "ListQueues" => queues::list(sqs, request::parse(body)?).await,
        "StartMessageMoveTask" => move_tasks::start(sqs, request::parse(body)?).await,
        "ListMessageMoveTasks" => move_tasks::list(sqs, request::parse(body)?).await,
        _ => Err(ApiError::InvalidAction(target.to_owned())),
    }
}
