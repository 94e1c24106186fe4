//! The inbox over HTTP, below `/_local/inbox`.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Extension, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::fault::{Behaviour, Fault};
use super::received::Received;
use super::{Inbox, Misbehaviour, hostile};
use crate::connection::Peer;
use crate::{clock, json, random};

/// The largest delivery that is taken, in bytes; an answer is at most 1 MiB before its envelope.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// `GET`, `DELETE /_local/inbox`, `GET /_local/faults`, and `POST`, `PUT`, `DELETE /_local/inbox/{header}`.
pub(crate) fn routes(inbox: Inbox) -> Router {
    Router::new()
        .route("/_local/inbox", get(list).delete(empty))
        .route("/_local/faults", get(faults))
        .route("/_local/inbox/{header}", post(receive).put(script).delete(heal))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(inbox)
}

async fn list(State(inbox): State<Inbox>) -> Response {
    json::response(StatusCode::OK, &inbox.contents().received)
}

async fn faults(State(inbox): State<Inbox>) -> Response {
    json::response(StatusCode::OK, &inbox.contents().faults)
}

async fn empty(State(inbox): State<Inbox>) -> StatusCode {
    inbox.contents().received.clear();
    StatusCode::NO_CONTENT
}

async fn receive(
    State(inbox): State<Inbox>,
    Path(class): Path<String>,
    peer: Option<Extension<ConnectInfo<Peer>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let arrived = clock::now();
    let misbehaviour = inbox.misbehave(&class, random::fraction());
    let signature = inbox.secrets.check(&class, &headers, &body, arrived.unix_timestamp());
    // First of all: what arrived is listed, whatever is done to the sender.
    inbox.keep(Received::new(arrived, class, &headers, &body, signature, &misbehaviour));
    tokio::time::sleep(misbehaviour.delay).await;
    match misbehaviour.behaviour {
        None | Some(Behaviour::Redirect) => answer(misbehaviour),
        Some(behaviour) => {
            let socket = peer.and_then(|Extension(ConnectInfo(peer))| peer.connection.take());
            let Some(socket) = socket else { return StatusCode::NOT_IMPLEMENTED.into_response() };
            let opening = behaviour.opening(misbehaviour.status, misbehaviour.retry_after.as_deref());
            tokio::spawn(hostile::act(socket, behaviour, opening));
            // Goes nowhere: the HTTP server finds its connection gone.
            StatusCode::OK.into_response()
        }
    }
}

/// An answer as HTTP has it.
fn answer(misbehaviour: Misbehaviour) -> Response {
    let status = misbehaviour.status.and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.unwrap_or(StatusCode::OK);
    let mut response = json::response(status, &serde_json::json!({"received": status.is_success()}));
    for (name, value) in
        [(header::RETRY_AFTER, misbehaviour.retry_after), (header::LOCATION, misbehaviour.location)]
    {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

async fn script(State(inbox): State<Inbox>, Path(class): Path<String>, body: Bytes) -> Response {
    match Fault::parse(&body) {
        Ok(fault) => {
            inbox.contents().faults.insert(class, fault);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(problem) => json::response(StatusCode::BAD_REQUEST, &serde_json::json!({"message": problem})),
    }
}

async fn heal(State(inbox): State<Inbox>, Path(class): Path<String>) -> StatusCode {
    inbox.contents().faults.remove(&class);
    StatusCode::NO_CONTENT
}
