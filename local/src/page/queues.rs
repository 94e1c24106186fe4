//! `GET /_local/queues`: the queues at a glance.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use local_sqs::{QueueGlance, Sqs};
use serde_json::{Value, json};

use crate::json;

pub(super) fn routes(sqs: Sqs) -> Router {
    Router::new().route("/_local/queues", get(show)).with_state(sqs)
}

async fn show(State(sqs): State<Sqs>) -> Response {
    match sqs.glance().await {
        Ok(queues) => json::response(StatusCode::OK, &queues.into_iter().map(shown).collect::<Vec<_>>()),
        Err(error) => {
            json::response(StatusCode::INTERNAL_SERVER_ERROR, &json!({"message": error.to_string()}))
        }
    }
}

fn shown(glance: QueueGlance) -> Value {
    let QueueGlance { queue, waiting, in_flight, delayed, oldest_seconds, dead_letter_queue } = glance;
    json!({"queue": queue, "waiting": waiting, "in_flight": in_flight, "delayed": delayed,
        "oldest_seconds": oldest_seconds, "dead_letter_queue": dead_letter_queue})
}
