//! The Lambda Runtime API, version 2018-06-01: what a function's process talks to.
//!
//! Each process has an API of its own, on a port of its own, as each execution environment on AWS does. So no
//! request needs to say whose it is, and any runtime client works.
//!
//! Source: Lambda Developer Guide, "Using the Lambda runtime API".

mod session;

use crate::{
    body::{self, BodyError},
    invocation::MAXIMUM_RESPONSE,
};
use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use std::{net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, sync::mpsc, task::AbortHandle};

pub(crate) use session::{NextEvent, RuntimeEvent, RuntimeReport};
use session::{Refusal, Session};

/// How many reports of a process may wait; it makes one at a time.
const REPORTS: usize = 8;
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";

/// The Runtime API of one process, seen from the service's side. Dropping it closes the API.
pub(crate) struct RuntimeApi {
    /// Where the process finds it.
    pub(crate) address: SocketAddr,
    /// Events for the process.
    pub(crate) next: mpsc::Sender<NextEvent>,
    /// What the process says.
    pub(crate) events: mpsc::Receiver<RuntimeEvent>,
    server: AbortHandle,
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl RuntimeApi {
    /// Opens the API on a free port of the loopback interface.
    pub(crate) async fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (next, waiting) = mpsc::channel(1);
        let (report, events) = mpsc::channel(REPORTS);
        let router = router(Arc::new(Session::new(report, waiting)));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "a Runtime API stopped");
            }
        });
        Ok(Self { address, next, events, server: server.abort_handle() })
    }
}

fn router(session: Arc<Session>) -> Router {
    let routes = Router::new()
        .route("/invocation/next", get(next))
        .route("/invocation/{request_id}/response", post(response))
        .route("/invocation/{request_id}/error", post(error))
        .route("/init/error", post(init_error));
    Router::new().nest("/2018-06-01/runtime", routes).with_state(session)
}

async fn next(State(session): State<Arc<Session>>) -> Result<Response, Refusal> {
    session.next().await?.into_response()
}

async fn response(
    State(session): State<Arc<Session>>,
    Path(request_id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    session.check(&request_id)?;
    match body::read(request.into_body(), MAXIMUM_RESPONSE).await {
        Ok(payload) => session.answer(&request_id, RuntimeReport::Response(payload)).await?,
        Err(BodyError::TooLarge) => {
            session.answer(&request_id, RuntimeReport::ResponseTooLarge).await?;
            return Err(Refusal::TooLarge);
        }
        Err(BodyError::Broken) => return Err(Refusal::Broken),
    }
    Ok(accepted())
}

async fn error(
    State(session): State<Arc<Session>>,
    Path(request_id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    session.check(&request_id)?;
    let handled = says_handled(request.headers());
    let payload = body::read(request.into_body(), MAXIMUM_RESPONSE).await?;
    session.answer(&request_id, RuntimeReport::Error { payload, handled }).await?;
    Ok(accepted())
}

async fn init_error(State(session): State<Arc<Session>>, request: Request) -> Result<Response, Refusal> {
    let payload = body::read(request.into_body(), MAXIMUM_RESPONSE).await?;
    session.init_failed(payload).await?;
    Ok(accepted())
}

/// Runtimes of today say `unhandled` or name an error type; only the word itself means a handled error.
fn says_handled(headers: &HeaderMap) -> bool {
    headers.get(ERROR_TYPE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"handled"))
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(json!({ "status": "OK" }))).into_response()
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::TooLarge,
            BodyError::Broken => Self::Broken,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error_type, message) = match self {
            Self::UnknownInvocation => (StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID"),
            Self::OutOfTurn => {
                (StatusCode::FORBIDDEN, "InvalidStateTransition", "Transition is not allowed in this state")
            }
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLarge",
                "Exceeded maximum allowed payload size (6291556 bytes).",
            ),
            Self::Broken => (StatusCode::BAD_REQUEST, "TruncatedRequest", "The body ended early"),
            Self::Closed => (StatusCode::INTERNAL_SERVER_ERROR, "Closed", "The environment is being stopped"),
        };
        (status, Json(json!({ "errorType": error_type, "errorMessage": message }))).into_response()
    }
}
