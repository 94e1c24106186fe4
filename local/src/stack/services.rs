//! The embedded AWS services behind one endpoint, told apart as their clients' requests are.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde_json::json;
use tower::ServiceExt;

use crate::{json, page};

/// The services' routers.
#[derive(Clone)]
pub(super) struct Services {
    pub(super) sqs: Router,
    pub(super) lambda: Router,
    pub(super) bedrock: Router,
    pub(super) s3: Router,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Sqs,
    Lambda,
    Bedrock,
    SecretsManager,
    S3,
}

impl Services {
    /// All services on one port, for programs of this machine: they ask for no signature, so a web page that got
    /// through would read every object and queue.
    pub(super) fn router(self) -> Router {
        page::guarded_throughout(Router::new().fallback(dispatch).with_state(self))
    }
}

async fn dispatch(State(services): State<Services>, request: Request) -> Response {
    let service = match service_of(request.headers(), request.uri().path()) {
        Service::Sqs => services.sqs,
        Service::Lambda => services.lambda,
        Service::Bedrock => services.bedrock,
        Service::S3 => services.s3,
        Service::SecretsManager => return no_secrets_manager(),
    };
    match service.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn service_of(headers: &HeaderMap, path: &str) -> Service {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let is_below = |prefix: &str| path.starts_with(prefix);
    if target.starts_with("AmazonSQS.") {
        Service::Sqs
    } else if target.starts_with("secretsmanager.") {
        Service::SecretsManager
    } else if is_below("/2015-03-31/functions/") {
        Service::Lambda
    } else if is_below("/agents/") || is_below("/runtimes/") {
        Service::Bedrock
    } else {
        Service::S3
    }
}

/// There is nothing to read here; the message says what to do instead.
fn no_secrets_manager() -> Response {
    let message = "the local stack has no Secrets Manager: set the secret itself instead of its ARN, or \
                   AWS_ENDPOINT_URL_SECRETS_MANAGER";
    let body = json!({"__type": "ResourceNotFoundException", "Message": message});
    json::response(StatusCode::BAD_REQUEST, &body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn check(target: Option<&str>, path: &str, expected: Service) {
        let mut headers = HeaderMap::new();
        if let Some(target) = target {
            headers.insert("x-amz-target", target.parse().unwrap());
        }
        assert_eq!(service_of(&headers, path), expected, "{target:?} {path}");
    }

    #[test]
    fn a_request_reaches_the_service_that_its_client_means() {
        check(Some("AmazonSQS.SendMessage"), "/", Service::Sqs);
        check(Some("secretsmanager.GetSecretValue"), "/", Service::SecretsManager);
        check(None, "/2015-03-31/functions/manager-agent/invocations", Service::Lambda);
        check(None, "/agents/A/agentAliases/B/sessions/s/text", Service::Bedrock);
        check(None, "/runtimes/arn/invocations", Service::Bedrock);
        check(None, "/conversations/agents/x", Service::S3);
        check(None, "/", Service::S3);
    }

    async fn status(headers: &[(&str, &str)]) -> StatusCode {
        let service = || Router::new().fallback(|| async { "answered" });
        let services = Services { sqs: service(), lambda: service(), bedrock: service(), s3: service() };
        let request = http::Request::builder().method("POST").uri("/_local/inbox/general");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        services.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
    }

    #[tokio::test]
    async fn programs_of_this_machine_are_answered_and_web_pages_are_not() {
        assert_eq!(status(&[("host", "127.0.0.1:4566")]).await, StatusCode::OK);
        assert_eq!(status(&[("host", "evil.example:4566")]).await, StatusCode::FORBIDDEN);
        let page = [("host", "localhost:4566"), ("origin", "http://evil.example")];
        assert_eq!(status(&page).await, StatusCode::FORBIDDEN);
    }
}
