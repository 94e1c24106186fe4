//! Answers, as data.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use revops_core::problem::{Problem, ProblemCode};

/// An HTTP answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body's text.
    pub body: String,
}

impl Reply {
    pub(super) fn json(status: u16, body: String) -> Self {
        Self { status, headers: HeaderMap::new(), body }.with(header::CONTENT_TYPE, "application/json")
    }

    pub(super) fn problem(problem: &Problem) -> Self {
        let reply =
            Self { status: problem.code.status(), headers: HeaderMap::new(), body: problem.to_json() }
                .with(header::CONTENT_TYPE, "application/problem+json");
        match problem.code {
            ProblemCode::Unauthenticated => reply.with(header::WWW_AUTHENTICATE, "Bearer"),
            ProblemCode::DependencyUnavailable => reply.with(header::RETRY_AFTER, "2"),
            ProblemCode::MalformedJson
            | ProblemCode::InvalidRequest
            | ProblemCode::NotFound
            | ProblemCode::MethodNotAllowed
            | ProblemCode::PayloadTooLarge
            | ProblemCode::UnsupportedMediaType
            | ProblemCode::IdempotencyKeyReused
            | ProblemCode::AgentFailed
            | ProblemCode::Internal => reply,
        }
    }

    pub(super) fn method_not_allowed(allowed: &str) -> Self {
        let problem = Problem::new(ProblemCode::MethodNotAllowed, format!("allowed here: {allowed}"));
        Self::problem(&problem).with(header::ALLOW, allowed)
    }

    pub(super) fn options(allowed: &str) -> Self {
        Self { status: 204, headers: HeaderMap::new(), body: String::new() }.with(header::ALLOW, allowed)
    }

    /// Adds a header; a value that is not one is left out.
    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The same answer as `method` gets it: HEAD has no body.
    pub(super) fn for_method(self, method: &Method) -> Self {
        if method == Method::HEAD { Self { body: String::new(), ..self } } else { self }
    }

    /// The answer's kind, for the metric's dimension.
    pub(super) const fn outcome(&self) -> &'static str {
        match self.status {
            202 => "accepted",
            200..=299 => "answered",
            400..=499 => "refused",
            _ => "failed",
        }
    }
}
