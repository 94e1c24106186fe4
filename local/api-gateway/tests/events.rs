//! The event that a function gets.

#![expect(clippy::unwrap_used, reason = "a test's helpers may panic as the test itself may")]

mod support;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use local_api_gateway::HttpApiOptions;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::net::SocketAddr;
use support::*;

/// A request with something of everything.
fn full_request() -> Request<Body> {
    let target =
        "/webhook/two%20words?tag=a&tag=b&next=https%3A%2F%2Fexample.com%2F&plus=a+b&plus2=a%2Bb&none=";
    let mut request = Request::post(target)
        .header("accept", "*/*")
        .header("content-type", "application/json")
        .header("cookie", "session=7f3a; theme=light")
        .header("host", "gateway.localhost:3000")
        .header("user-agent", "revops/1.0")
        .header("x-amzn-trace-id", "Root=1-6a5145a9-1bae89e2512ec92d5d9438a0")
        .header("X-Tag", "first")
        .header("x-tag", "second")
        .body(Body::from(r#"{"query":"größer"}"#))
        .unwrap();
    let peer: SocketAddr = "198.51.100.7:50000".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

#[tokio::test]
async fn an_event_has_the_shape_of_a_real_http_apis() {
    let mut event = gateway("{}").event(full_request()).await;
    let context = event["requestContext"].as_object_mut().unwrap();
    let id = context.remove("requestId").unwrap();
    assert!(id.as_str().unwrap().len() == 16 && id.as_str().unwrap().ends_with('='), "{id}");
    let time = context.remove("time").unwrap();
    assert!(time.as_str().unwrap().ends_with(" +0000"), "{time}");
    assert!(context.remove("timeEpoch").unwrap().as_u64().unwrap() > 1_700_000_000_000);
    assert_eq!(event, expected_event());
}

/// Field by field what AWS makes of such a request: the path decoded, the query not, cookies taken out of the
/// headers, and several values of one name joined.
fn expected_event() -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/webhook/two words",
        "rawQueryString": "tag=a&tag=b&next=https%3A%2F%2Fexample.com%2F&plus=a+b&plus2=a%2Bb&none=",
        "cookies": ["session=7f3a", "theme=light"],
        "headers": {
            "accept": "*/*",
            "content-length": "20",
            "content-type": "application/json",
            "host": "gateway.localhost:3000",
            "user-agent": "revops/1.0",
            "x-amzn-trace-id": "Root=1-6a5145a9-1bae89e2512ec92d5d9438a0",
            "x-forwarded-for": "198.51.100.7",
            "x-forwarded-port": "3000",
            "x-forwarded-proto": "http",
            "x-tag": "first,second",
        },
        "queryStringParameters": {
            "none": "",
            "next": "https://example.com/",
            "plus": "a b",
            "plus2": "a+b",
            "tag": "a,b",
        },
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": "gateway.localhost",
            "domainPrefix": "gateway",
            "http": {
                "method": "POST",
                "path": "/webhook/two words",
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.7",
                "userAgent": "revops/1.0",
            },
            "routeKey": "$default",
            "stage": "$default",
        },
        "body": r#"{"query":"größer"}"#,
        "isBase64Encoded": false,
    })
}

#[tokio::test]
async fn the_lambda_crate_reads_an_event_back() {
    let event = gateway("{}").event(full_request()).await;
    let request: ApiGatewayV2httpRequest = serde_json::from_value(event).unwrap();
    assert_eq!(request.raw_path.as_deref(), Some("/webhook/two words"));
    assert_eq!(request.cookies.unwrap(), ["session=7f3a", "theme=light"]);
    assert_eq!(request.query_string_parameters.first("plus"), Some("a b"));
    assert_eq!(request.request_context.http.method, Method::POST);
    assert_eq!(request.request_context.http.source_ip.as_deref(), Some("198.51.100.7"));
    assert_eq!(request.request_context.request_id.map(|id| id.len()), Some(16));
    let time = request.request_context.time.unwrap();
    assert!(time.ends_with(" +0000") && time.len() == "22/Nov/2026:19:00:00 +0000".len(), "{time}");
}

#[tokio::test]
async fn what_is_empty_is_absent() {
    let event = gateway("{}").event(get("/health")).await;
    for absent in ["body", "cookies", "queryStringParameters", "pathParameters", "stageVariables"] {
        assert!(event.get(absent).is_none(), "{absent}");
    }
    assert_eq!(event["rawQueryString"], "");
    assert_eq!(event["isBase64Encoded"], false);
    assert_eq!(event["requestContext"]["http"]["sourceIp"], "127.0.0.1");
}

#[tokio::test]
async fn routes_name_themselves_and_their_parameters() {
    let routes = ["POST /webhook", "GET /webhook/{tracking_id}"].map(Into::into).into();
    let gateway = gateway_with(returning(Ok("{}")), HttpApiOptions { routes, ..HttpApiOptions::default() });
    let event = gateway.event(get("/webhook/42")).await;
    assert_eq!(event["routeKey"], "GET /webhook/{tracking_id}");
    assert_eq!(event["requestContext"]["routeKey"], "GET /webhook/{tracking_id}");
    assert_eq!(event["pathParameters"], json!({ "tracking_id": "42" }));
    assert_eq!(gateway.event(get("/other")).await["routeKey"], "$default");
}

#[tokio::test]
async fn a_named_stage_is_part_of_the_path() {
    let options = HttpApiOptions {
        stage: "prod".into(),
        routes: vec!["GET /health".into()],
        ..HttpApiOptions::default()
    };
    let gateway = gateway_with(returning(Ok("{}")), options);
    let event = gateway.event(get("/prod/health")).await;
    assert_eq!((&event["rawPath"], &event["routeKey"]), (&json!("/prod/health"), &json!("GET /health")));
    assert_eq!(event["requestContext"]["stage"], "prod");
    for outside in ["/health", "/production/health"] {
        assert_eq!(read(gateway.send(get(outside)).await).await, (404, r#"{"message":"Not Found"}"#.into()));
    }
}

#[tokio::test]
async fn a_proxys_client_stays_first_in_x_forwarded_for() {
    let request = Request::get("/").header("x-forwarded-for", "203.0.113.9").body(Body::empty()).unwrap();
    let event = gateway("{}").event(request).await;
    assert_eq!(event["headers"]["x-forwarded-for"], "203.0.113.9, 127.0.0.1");
}

type Headers = Vec<(String, Vec<u8>)>;

/// Any target, headers and body that HTTP allows.
fn any_request() -> impl Strategy<Value = (String, Headers, Vec<u8>)> {
    let target = "/[a-zA-Z0-9%/._~-]{0,30}(\\?[a-zA-Z0-9%&=+/?._~-]{0,40})?";
    let value = proptest::collection::vec(prop_oneof![32..127_u8, 128..=255_u8], 0..30);
    let name =
        prop_oneof!["[a-zA-Z][a-zA-Z0-9-]{0,12}", Just("cookie".to_owned()), Just("content-type".to_owned())];
    (target, proptest::collection::vec((name, value), 0..8), proptest::collection::vec(any::<u8>(), 0..300))
}

proptest! {
    #[test]
    fn any_request_becomes_an_event_whose_body_is_the_requests((target, headers, body) in any_request()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut request = Request::put(&target);
        for (name, value) in &headers {
            request = request.header(name, value.as_slice());
        }
        let request = request.body(Body::from(body.clone())).unwrap();
        let gateway = gateway("{}");
        let status = runtime.block_on(gateway.send(request)).status().as_u16();
        // Only a path that cannot be decoded is refused.
        prop_assert!(status == 200 || (status == 400 && target.contains('%')));
        if let Some(event) = gateway.function.events.lock().unwrap().last() {
            let event: ApiGatewayV2httpRequest = serde_json::from_slice(event).unwrap();
            let text = event.body.unwrap_or_default();
            let delivered = if event.is_base64_encoded { STANDARD.decode(text).unwrap() } else { text.into_bytes() };
            prop_assert_eq!(delivered, body);
            prop_assert_eq!(event.raw_query_string.unwrap_or_default(), target.split_once('?').map_or("", |(_, query)| query));
        }
    }
}
