//! The front door: `POST /webhook`, `GET /webhook/{id}`, `GET /health`, `GET /openapi.json` (SPEC 2).

mod ask;
mod caller;
mod entry;
mod health;
#[cfg(test)]
mod interleavings;
#[cfg(test)]
mod openapi_tests;
mod read;
mod reply;
mod route;
#[cfg(test)]
mod tests;
mod wait;

pub use caller::Callers;
pub use reply::Reply;

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderMap, Method};
use revops_core::ports::{
    CountMessages, CreateRecords, FetchSecret, InvokeManagerAgent, ReachManagerAgent, ReadRecords,
    SendMessages,
};
use revops_core::problem::{Problem, ProblemCode};
use revops_core::request::refuse_too_large;
use revops_core::telemetry::{Attribution, Measurements, Metric, event, service, with_causes};
use revops_core::{Timestamp, TrackingId};
use tokio::time::timeout;

use crate::gateway::Gateway;
use route::Route;

/// The OpenAPI description, served as it is.
const OPENAPI: &str = include_str!("../../openapi.json");

/// A request as it came through API Gateway.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The method.
    pub method: Method,
    /// The path, with its stage prefix if it has one.
    pub path: String,
    /// The query string, without its question mark.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The raw body: base64 is decoded already.
    pub body: Vec<u8>,
    /// When this invocation is killed.
    pub deadline: Timestamp,
}

/// The gateway behind its front door.
pub struct FrontDoor<R, Q, M, F> {
    /// The use case.
    pub gateway: Gateway<R, Q, M>,
    /// Who may call.
    pub callers: Callers<F>,
    /// How long a caller waits who does not say.
    pub default_wait: Duration,
}

/// What the answer needs to get out before the invocation is ended. A dependency that hangs must not take
/// that from it: without an answer of ours the caller would get one of API Gateway's.
const WAY_BACK: Duration = Duration::from_millis(500);

/// Bookkeeping and the answer's way back must fit between the end of a wait and the invocation's end.
const RESERVE: Duration = Duration::from_secs(3);

impl Incoming {
    /// The header `name` as text; none when it is absent or not visible ASCII.
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The header `name`, whatever bytes it has: for those that must not be taken for absent.
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        Some(String::from_utf8_lossy(self.headers.get(name)?.as_bytes()))
    }
}

impl<R, Q, M, F> FrontDoor<R, Q, M, F>
where
    R: ReadRecords + CreateRecords,
    Q: SendMessages + CountMessages,
    M: InvokeManagerAgent + ReachManagerAgent,
    F: FetchSecret,
{
    /// Answers one request; every error becomes a problem document.
    pub async fn handle(&self, request: Incoming) -> Reply {
        let started = self.gateway.now();
        let within = request.deadline.since(started).saturating_sub(WAY_BACK);
        let reply = match timeout(within, self.dispatch(&request, started)).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(problem)) => self.reject(&problem),
            Err(elapsed) => self.reject(&unavailable(&elapsed, Attribution::Network)),
        };
        let took = self.gateway.now().since(started);
        let measured = Measurements::of(service::GATEWAY).outcome(reply.outcome());
        (self.gateway.emit)(&measured.duration(Metric::RequestLatency, took));
        reply.for_method(&request.method)
    }

    async fn dispatch(&self, request: &Incoming, started: Timestamp) -> Result<Reply, Problem> {
        let (prefix, route) = Route::of(&request.path);
        let Some(allowed) = route.methods() else { return Err(not_found()) };
        if request.method == Method::OPTIONS {
            return Ok(Reply::options(allowed));
        }
        if !allowed.split(", ").any(|method| method == request.method.as_str()) {
            return Ok(Reply::method_not_allowed(allowed));
        }
        let authenticated = || self.callers.authenticate(request, started);
        match route {
            Route::Webhook => {
                // Before its signature is computed: whoever sends too much is told so, whoever it is.
                refuse_too_large(&request.body)?;
                self.ask(request, prefix, &authenticated().await?, started).await
            }
            Route::Conversation(id) => self.read(&authenticated().await?.caller, parsed(id)?).await,
            Route::Health if health::is_deep(&request.query) => {
                authenticated().await?;
                Ok(self.deep_health().await)
            }
            Route::Health => Ok(health::shallow()),
            Route::OpenApi => Ok(Reply::json(200, OPENAPI.to_owned())),
            Route::Unknown => Err(not_found()),
        }
    }

    fn reject(&self, problem: &Problem) -> Reply {
        let (code, attribution) = (problem.code.as_str(), problem.attribution);
        tracing::info!(event = event::REQUEST_REJECTED, code, status = problem.code.status(), %attribution, "refused");
        (self.gateway.emit)(
            &Measurements::of(service::GATEWAY).outcome(code).count(Metric::RequestsRejected),
        );
        // The agent's failures are counted where it was asked.
        if problem.code != ProblemCode::AgentFailed {
            self.gateway.count_failure(attribution);
        }
        Reply::problem(problem)
    }
}

fn parsed(id: &str) -> Result<TrackingId, Problem> {
    id.parse().map_err(|_| not_found())
}

fn not_found() -> Problem {
    Problem::new(ProblemCode::NotFound, "no such path or conversation")
}

/// A dependency refused: nothing was acknowledged, and the caller may repeat. The cause goes to the log.
fn unavailable(cause: &dyn std::error::Error, party: Attribution) -> Problem {
    tracing::error!(event = event::ERROR_OCCURRED, attribution = %party, cause = with_causes(cause), "a dependency refused");
    Problem::new(ProblemCode::DependencyUnavailable, "a dependency is not available; nothing was accepted")
        .due_to(party)
}
