//! The front door: the gateway's HTTP API, and beside it what the stack itself answers below `/_local`.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{any, get};
use http::StatusCode;
use local_api_gateway::HttpApiOptions;
use local_lambda::Lambda;
use local_sqs::Sqs;
use serde_json::json;

use super::invokers::FrontFunction;
use crate::inbox::{self, Inbox};
use crate::json;
use crate::logs::Recent;
use crate::metrics::Registry;
use crate::page::{self, Conversations};
use sam_template::Function;

/// What the stack answers below `/_local`.
pub(super) struct Local<'a> {
    pub(super) inbox: Inbox,
    pub(super) metrics: &'a Registry,
    pub(super) logs: &'a Recent,
    /// The sample agent's own control, if it has one.
    pub(super) agent: Router,
    pub(super) conversations: Conversations,
    pub(super) sqs: Sqs,
    /// The key that the stack made for itself.
    pub(super) api_key: Option<&'a str>,
}

/// Everything on the front port.
pub(super) fn router(gateway: &Function, lambda: &Lambda, local: Local) -> Router {
    let function = FrontFunction { lambda: lambda.clone(), name: gateway.name.clone() };
    let options = HttpApiOptions { routes: gateway.routes.clone(), ..HttpApiOptions::default() };
    let gateway = local_api_gateway::router(function, options);
    let Local { inbox, metrics, logs, agent, conversations, sqs, api_key } = local;
    let routes = Router::new()
        .route("/_local/functions", get(processes).delete(end_idle).with_state(lambda.clone()))
        .route("/_local/invocations", get(invocations).with_state(lambda.clone()))
        .merge(inbox::routes(inbox))
        .merge(metrics.routes())
        .merge(logs.routes())
        .merge(agent)
        .merge(page::routes(conversations, sqs, gateway.clone(), api_key))
        .route("/_local/{*rest}", any(unknown));
    page::guarded(routes).fallback_service(gateway)
}

async fn processes(State(lambda): State<Lambda>) -> Response {
    json::response(StatusCode::OK, &lambda.processes())
}

/// What a deploy does to the processes: those that are idle end, and what comes starts new ones.
async fn end_idle(State(lambda): State<Lambda>) -> StatusCode {
    lambda.end_idle();
    StatusCode::NO_CONTENT
}

/// What CloudWatch would show of the functions in `AWS/Lambda`.
async fn invocations(State(lambda): State<Lambda>) -> Response {
    json::response(StatusCode::OK, &lambda.counts())
}

async fn unknown() -> Response {
    let message = "see `cargo local --help` for what there is";
    json::response(StatusCode::NOT_FOUND, &json!({"message": message}))
}
