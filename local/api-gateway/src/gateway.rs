//! The front door: one handler for every path and method.

use crate::{
    answer,
    arrival::Arrival,
    body,
    event::{self, Routed},
    function::HttpFunction,
    limits::{self, MAXIMUM_EVENT},
    options::HttpApiOptions,
    path,
    refusal::Refusal,
    route::{self, Route},
};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use std::sync::Arc;
use tokio::time::timeout;

/// The header that names the request to the client.
const REQUEST_ID: HeaderName = HeaderName::from_static("apigw-requestid");

struct Gateway<F> {
    function: F,
    options: HttpApiOptions,
    routes: Vec<Route>,
}

/// The HTTP API: every request of every path and method becomes an event for `function`.
///
/// The source address is that of axum's `ConnectInfo<SocketAddr>`, or loopback where there is none.
pub fn router<F: HttpFunction>(function: F, options: HttpApiOptions) -> Router {
    let routes = options.routes.iter().filter_map(|key| Route::parse(key)).collect();
    let gateway = Arc::new(Gateway { function, options, routes });
    Router::new().fallback(handle::<F>).with_state(gateway)
}

async fn handle<F: HttpFunction>(State(gateway): State<Arc<Gateway<F>>>, request: Request) -> Response {
    let arrival = Arrival::now(request.extensions());
    let answered = gateway.answer(request, &arrival).await;
    let mut response = answered.unwrap_or_else(IntoResponse::into_response);
    if let Ok(id) = HeaderValue::from_str(&arrival.request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

impl<F: HttpFunction> Gateway<F> {
    async fn answer(&self, request: Request, arrival: &Arrival) -> Result<Response, Refusal> {
        let (parts, content) = request.into_parts();
        if !limits::head_fits(&parts) {
            return Err(Refusal::HeadTooLarge);
        }
        let routed = self.route(&parts)?;
        let content = body::read(content).await?;
        let event = event::build(&parts, &content, routed, arrival, &self.options)?;
        if event.len() > MAXIMUM_EVENT {
            return Err(Refusal::BodyTooLarge);
        }
        let payload = self.invoke(event).await?;
        answer::build(&payload, &parts.method)
    }

    fn route(&self, parts: &Parts) -> Result<Routed, Refusal> {
        let path = path::delivered(parts.uri.path()).ok_or(Refusal::BadPath)?;
        let below_stage = self.below_stage(&path).ok_or(Refusal::NotFound)?;
        let route = route::choose(&self.routes, parts.method.as_str(), below_stage);
        Ok(Routed { path, route })
    }

    /// The path that routes are matched with: without the stage, if the stage has a name.
    fn below_stage<'a>(&self, path: &'a str) -> Option<&'a str> {
        if self.options.stage == route::DEFAULT {
            return Some(path);
        }
        let below = path.strip_prefix('/')?.strip_prefix(self.options.stage.as_str())?;
        match below {
            "" => Some("/"),
            _ => below.starts_with('/').then_some(below),
        }
    }

    /// Runs the function in a task of its own, so that it goes on when the client or the gateway stops waiting.
    async fn invoke(&self, event: Bytes) -> Result<Bytes, Refusal> {
        let function = self.function.clone();
        let running = tokio::spawn(async move { function.invoke(event).await });
        match timeout(self.options.integration_timeout, running).await {
            Ok(Ok(result)) => Ok(result?),
            Ok(Err(stopped)) => {
                tracing::error!(%stopped, "the integration's task did not end by itself");
                Err(Refusal::IntegrationFailed)
            }
            Err(_) => Err(Refusal::IntegrationUnavailable),
        }
    }
}
