//! Keeps other web sites out. The stack is on loopback, and so is the browser of whoever runs it: any page that
//! is open there could call the stack, directly, or under a name of its own that it lets point at 127.0.0.1.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::header::{HOST, HeaderName, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, Method, StatusCode};
use serde_json::json;

use crate::json;

/// What browsers say about who asks (Fetch Metadata).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// `routes` for this machine's own callers only, and the inbox for everybody.
pub(crate) fn guarded(routes: Router) -> Router {
    routes.layer(from_fn(check_unless_delivery))
}

/// `routes` for this machine's own callers only.
pub(crate) fn guarded_throughout(routes: Router) -> Router {
    routes.layer(from_fn(check))
}

/// The webhooks' own way in: a receiver may be configured under any name, and it only lists what comes.
async fn check_unless_delivery(request: Request, next: Next) -> Response {
    let is_delivery = request.method() == Method::POST && request.uri().path().starts_with("/_local/inbox/");
    if is_delivery { next.run(request).await } else { check(request, next).await }
}

async fn check(request: Request, next: Next) -> Response {
    match refusal(request.method(), request.headers()) {
        Some(reason) => json::response(StatusCode::FORBIDDEN, &json!({"message": reason})).into_response(),
        None => next.run(request).await,
    }
}

/// Why whoever sent this is not answered; none for programs of this machine and for the stack's own page.
fn refusal(method: &Method, headers: &HeaderMap) -> Option<&'static str> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let Some(host) = text(&HOST) else { return Some("a Host header is missing") };
    if !is_this_machine(host) {
        return Some("ask for 127.0.0.1 or localhost: under another name any web site could ask");
    }
    if text(&ORIGIN).is_some_and(|origin| origin.strip_prefix("http://") != Some(host)) {
        return Some("another web site may not ask");
    }
    let is_own = matches!(text(&SEC_FETCH_SITE), None | Some("same-origin" | "none"));
    (method != Method::GET && !is_own).then_some("another web site may not ask")
}

fn is_this_machine(host: &str) -> bool {
    host.parse::<Authority>().is_ok_and(|host| matches!(host.host(), "127.0.0.1" | "localhost" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::any;
    use tower::ServiceExt as _;

    fn refused(method: &Method, headers: &[(&'static str, &'static str)]) -> bool {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        refusal(method, &headers.collect()).is_some()
    }

    #[test]
    fn programs_of_this_machine_and_the_page_itself_are_answered() {
        for host in ["127.0.0.1:3000", "localhost:3000", "[::1]:3000", "localhost"] {
            assert!(!refused(&Method::PUT, &[("host", host)]), "{host}");
        }
        let page = [
            ("host", "localhost:3000"),
            ("origin", "http://localhost:3000"),
            ("sec-fetch-site", "same-origin"),
        ];
        assert!(!refused(&Method::POST, &page));
    }

    #[test]
    fn a_name_that_somebody_else_points_at_loopback_is_refused() {
        for host in
            ["evil.example", "evil.example:3000", "127.0.0.1.evil.example", "localhost.evil.example", ""]
        {
            assert!(refused(&Method::GET, &[("host", host)]), "{host}");
        }
        assert!(refused(&Method::GET, &[]));
    }

    #[test]
    fn another_site_is_refused_whatever_it_calls_itself() {
        for origin in ["http://evil.example", "null", "http://localhost:3001", "https://localhost:3000"] {
            assert!(refused(&Method::GET, &[("host", "localhost:3000"), ("origin", origin)]), "{origin}");
        }
        assert!(refused(&Method::DELETE, &[("host", "localhost:3000"), ("sec-fetch-site", "cross-site")]));
    }

    #[tokio::test]
    async fn a_delivery_is_taken_under_any_name_and_nothing_else_is() {
        let app = guarded(Router::new().route("/_local/inbox/{header}", any(|| async { "ok" })));
        let status = async |method: &str| {
            let request = http::Request::builder().method(method).uri("/_local/inbox/general");
            let request = request.header("host", "receiver.example").body(Body::empty()).unwrap();
            app.clone().oneshot(request).await.unwrap().status()
        };
        assert_eq!((status("POST").await, status("PUT").await), (StatusCode::OK, StatusCode::FORBIDDEN));
    }
}
