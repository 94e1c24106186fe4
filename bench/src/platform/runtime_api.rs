//! Lambda's Runtime API for one process: events one at a time, and when each was asked for and answered.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use bytes::Bytes;
use revops_aws::SystemClock;
use revops_core::ports::Clock as _;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

/// What an invocation may take: longer than any here does.
const DEADLINE: Duration = Duration::from_secs(60);

/// What the process did.
#[derive(Debug)]
pub(super) enum Told {
    /// It wants the next event.
    Next(Instant),
    /// It answered one.
    Answer(Instant, Bytes),
    /// It says that it failed.
    Failure(Bytes),
}

/// The harness's end.
pub(super) struct RuntimeApi {
    /// `127.0.0.1:PORT`, for `AWS_LAMBDA_RUNTIME_API`.
    pub(super) address: SocketAddr,
    /// Events for the process.
    pub(super) events: mpsc::Sender<Bytes>,
    /// What it did, in order.
    pub(super) told: mpsc::Receiver<Told>,
    server: tokio::task::JoinHandle<()>,
}

struct Inner {
    events: Mutex<mpsc::Receiver<Bytes>>,
    told: mpsc::Sender<Told>,
}

impl RuntimeApi {
    pub(super) async fn start() -> io::Result<Self> {
        let (events, waiting) = mpsc::channel(1);
        let (telling, told) = mpsc::channel(4);
        let inner = Arc::new(Inner { events: Mutex::new(waiting), told: telling });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .route("/2018-06-01/runtime/init/error", post(failed))
            .layer(DefaultBodyLimit::disable())
            .with_state(inner);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        // A socket that cannot be set so is only slower.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let server = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { address, events, told, server })
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(inner): State<Arc<Inner>>) -> Response {
    // Nobody listens any more when the run is over; likewise below.
    let _over = inner.told.send(Told::Next(Instant::now())).await;
    let Some(event) = inner.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = SystemClock.now().plus(DEADLINE);
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
        ("lambda-runtime-deadline-ms", deadline.unix_ms().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:123456789012:function:f".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1".to_owned(),
        ),
    ];
    (headers, event).into_response()
}

async fn answered(State(inner): State<Arc<Inner>>, Path(_id): Path<String>, body: Bytes) -> StatusCode {
    let _over = inner.told.send(Told::Answer(Instant::now(), body)).await;
    StatusCode::ACCEPTED
}

async fn failed(State(inner): State<Arc<Inner>>, body: Bytes) -> StatusCode {
    let _over = inner.told.send(Told::Failure(body)).await;
    StatusCode::ACCEPTED
}
