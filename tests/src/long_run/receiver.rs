//! The receivers of a long run: one server that answers each delivery as its fate has it, and remembers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use revops_core::auth::sha256_hex;
use serde_json::Value;

use super::fate::{Fate, Reply};

/// Longer than a delivery waits for an answer.
const SILENCE: Duration = Duration::from_secs(20);

/// What the callers write before a conversation's number.
pub(super) const PROCESS: &str = "conversation ";

/// Everything that was received for one conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct Received {
    pub(super) number: u32,
    pub(super) posts: u32,
    /// How many of them were answered with 200.
    pub(super) taken: u32,
    pub(super) webhook_ids: BTreeSet<String>,
    /// Hashes of the bodies.
    pub(super) bodies: BTreeSet<String>,
}

/// The receivers. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Receivers {
    pub(super) url: String,
    seed: u64,
    by_tracking_id: Arc<Mutex<BTreeMap<String, Received>>>,
}

impl Receivers {
    /// Starts them on a free port.
    pub(super) async fn start(seed: u64) -> Self {
        let listener = tokio::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let receivers = Self { url, seed, by_tracking_id: Arc::default() };
        let router = Router::new().fallback(receive).with_state(receivers.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receivers
    }

    /// What was received, by tracking id.
    pub(super) fn all(&self) -> BTreeMap<String, Received> {
        self.received().clone()
    }

    fn received(&self) -> MutexGuard<'_, BTreeMap<String, Received>> {
        self.by_tracking_id.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, headers: &HeaderMap, body: &Bytes) -> Reply {
        let text = |name: &str| headers[name].to_str().unwrap().to_owned();
        let number = number_in(body);
        let mut all = self.received();
        let received = all.entry(text("x-tracking-id")).or_default();
        received.number = number;
        received.posts += 1;
        received.webhook_ids.insert(text("webhook-id"));
        received.bodies.insert(sha256_hex(body));
        let reply = Fate::of(self.seed, number).reply(self.seed, number, received.posts);
        received.taken += u32::from(reply == Reply::TAKEN);
        reply
    }
}

fn number_in(body: &Bytes) -> u32 {
    let envelope: Value = serde_json::from_slice(body).unwrap();
    let process = envelope.pointer("/metadata/source_process").and_then(Value::as_str).unwrap();
    process.strip_prefix(PROCESS).unwrap().parse().unwrap()
}

async fn receive(State(receivers): State<Receivers>, headers: HeaderMap, body: Bytes) -> Response {
    match receivers.keep(&headers, &body) {
        Reply::Status(status, None) => status.into_response(),
        Reply::Status(status, Some(seconds)) => {
            (status, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
        }
        Reply::Silence => {
            tokio::time::sleep(SILENCE).await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
