//! The front door: the gateway's HTTP API, and beside it what the stack itself answers below `/_local`.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{any, get};
use http::StatusCode;
use local_api_gateway::HttpApiOptions;
use local_lambda::Lambda;
use serde_json::json;

use super::invokers::FrontFunction;
use crate::inbox::{self, Inbox};
use crate::json;
use crate::metrics::Registry;
use crate::template::Function;

/// Everything on the front port. `agent` is the sample agent's own control, if it has one.
pub(super) fn router(
    gateway: &Function,
    lambda: &Lambda,
    inbox: Inbox,
    metrics: &Registry,
    agent: Router,
) -> Router {
    let function = FrontFunction { lambda: lambda.clone(), name: gateway.name.clone() };
    let options = HttpApiOptions { routes: gateway.routes.clone(), ..HttpApiOptions::default() };
    Router::new()
        .route("/_local/functions", get(processes).with_state(lambda.clone()))
        .route("/_local/invocations", get(invocations).with_state(lambda.clone()))
        .merge(inbox::routes(inbox))
        .merge(metrics.routes())
        .merge(agent)
        .route("/_local/{*rest}", any(unknown))
        .fallback_service(local_api_gateway::router(function, options))
}

async fn processes(State(lambda): State<Lambda>) -> Response {
    json::response(StatusCode::OK, &lambda.processes())
}

/// What CloudWatch would show of the functions in `AWS/Lambda`.
async fn invocations(State(lambda): State<Lambda>) -> Response {
    json::response(StatusCode::OK, &lambda.counts())
}

async fn unknown() -> Response {
    let message =
        "there are /_local/inbox, /_local/functions, /_local/invocations, /_local/metrics and /_local/agent";
    json::response(StatusCode::NOT_FOUND, &json!({"message": message}))
}
