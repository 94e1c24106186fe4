//! `POST /_local/webhook`: the gateway's own `/webhook`, asked with the stack's key, so that the page needs none.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use http::{HeaderName, HeaderValue, Uri};
use tower::ServiceExt as _;

/// Where the gateway takes the key.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

#[derive(Clone)]
struct Gateway {
    router: Router,
    /// None where whoever started the stack brought keys, of which only the hashes are known.
    api_key: Option<HeaderValue>,
}

pub(super) fn routes(router: Router, api_key: Option<&str>) -> Router {
    let api_key = api_key.and_then(|key| HeaderValue::from_str(key).ok());
    Router::new().route("/_local/webhook", post(ask)).with_state(Gateway { router, api_key })
}

async fn ask(State(gateway): State<Gateway>, mut request: Request) -> Response {
    *request.uri_mut() = Uri::from_static("/webhook");
    if let Some(key) = gateway.api_key {
        request.headers_mut().entry(API_KEY).or_insert(key);
    }
    match gateway.router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    /// What the gateway saw: the path and the key.
    async fn seen(api_key: Option<&str>, own_key: Option<&str>) -> String {
        let gateway = Router::new().fallback(|request: Request| async move {
            let key = request.headers().get(API_KEY).map(|key| key.to_str().unwrap().to_owned());
            format!("{} {key:?}", request.uri())
        });
        let mut request = http::Request::builder().method("POST").uri("/_local/webhook?a=b");
        if let Some(key) = own_key {
            request = request.header(API_KEY, key);
        }
        let app = routes(gateway, api_key);
        let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_question_of_the_page_reaches_the_gateway_with_the_stacks_key() {
        assert_eq!(seen(Some("k"), None).await, "/webhook Some(\"k\")");
        assert_eq!(seen(None, None).await, "/webhook None");
    }

    #[tokio::test]
    async fn a_key_that_the_page_was_given_wins() {
        assert_eq!(seen(Some("k"), Some("mine")).await, "/webhook Some(\"mine\")");
    }
}
