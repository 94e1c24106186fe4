//! A webhook that answers as it is told, and remembers what it was sent.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::serve::ListenerExt as _;
use revops_aws::SystemClock;
use revops_core::ports::Clock as _;
use revops_core::{Timestamp, TrackingId};
use tokio::net::TcpListener;

/// A receiver on a port of its own; clones are the same one.
#[derive(Clone)]
pub(crate) struct Receiver {
    /// Where it listens, with a path.
    pub(crate) url: String,
    state: Arc<Mutex<Received>>,
}

/// What was received, by conversation.
#[derive(Default)]
pub(crate) struct Received {
    /// When each 2xx of a conversation was answered.
    pub(crate) answered: HashMap<TrackingId, Vec<Timestamp>>,
    /// How many POSTs of each conversation arrived.
    pub(crate) arrived: HashMap<TrackingId, u32>,
    /// POSTs that have begun.
    pub(crate) begun: u64,
    /// Those that are not over: their answers are being waited for.
    under_way: u64,
    /// POSTs that were refused.
    pub(crate) refused: u64,
    takes: Duration,
    refuses_percent: u64,
}

impl Receiver {
    /// Starts one that answers 200 at once.
    ///
    /// # Errors
    /// No port.
    pub(crate) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}/general", listener.local_addr()?);
        let this = Self { url, state: Arc::default() };
        let router = Router::new().fallback(receive).with_state(this.clone());
        // A socket that cannot be set so is only slower.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(this)
    }

    /// From now on it takes so long for an answer.
    pub(crate) fn takes(&self, time: Duration) {
        self.received().takes = time;
    }

    /// From now on it refuses so many of a hundred, spread evenly.
    pub(crate) fn refuses(&self, percent: u64) {
        self.received().refuses_percent = percent;
    }

    /// What it has received.
    pub(crate) fn received(&self) -> MutexGuard<'_, Received> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// POSTs whose answers are being waited for.
    pub(crate) fn under_way(&self) -> u64 {
        self.received().under_way
    }

    /// The next request's fate: how long it takes, and whether it is refused.
    fn fate(&self, id: Option<TrackingId>) -> (Duration, bool) {
        let mut received = self.received();
        if let Some(id) = id {
            *received.arrived.entry(id).or_default() += 1;
        }
        let percent = received.refuses_percent;
        let refused = (received.begun * percent / 100) != ((received.begun + 1) * percent / 100);
        received.begun += 1;
        (received.takes, refused)
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, _body: Bytes) -> StatusCode {
    let id = headers.get("x-tracking-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let (takes, refused) = receiver.fate(id);
    let _under_way = UnderWay::of(&receiver);
    if !takes.is_zero() {
        tokio::time::sleep(takes).await;
    }
    let mut received = receiver.received();
    if refused {
        received.refused += 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    if let Some(id) = id {
        received.answered.entry(id).or_default().push(SystemClock.now());
    }
    StatusCode::OK
}

/// One POST that is not over. It is over, too, when the sender went away.
struct UnderWay(Receiver);

impl UnderWay {
    fn of(receiver: &Receiver) -> Self {
        receiver.received().under_way += 1;
        Self(receiver.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.received().under_way -= 1;
    }
}
