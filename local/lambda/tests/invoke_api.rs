//! The Invoke API, used by the AWS SDK and looked at on the wire.

#![expect(clippy::unwrap_used, reason = "a test's helpers may panic as the test itself may")]

mod support;

use aws_sdk_lambda::{
    Client,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
    error::ProvideErrorMetadata,
    primitives::Blob,
    types::InvocationType,
};
use local_lambda::{FunctionSettings, Lambda, MAXIMUM_EVENT_PAYLOAD, MAXIMUM_PAYLOAD};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use std::time::Duration;
use support::*;

struct Api {
    lambda: Lambda,
    url: String,
}

async fn serve(settings: FunctionSettings) -> Api {
    let lambda = start(settings);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = lambda.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Api { lambda, url }
}

impl Api {
    fn client(&self) -> Client {
        let config = aws_sdk_lambda::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
            .endpoint_url(&self.url)
            .region(Region::new("us-east-1"))
            .retry_config(RetryConfig::disabled())
            .build();
        Client::from_conf(config)
    }

    fn post(&self, function: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/2015-03-31/functions/{function}/invocations", self.url);
        reqwest::Client::builder().no_proxy().build().unwrap().post(url)
    }
}

#[expect(clippy::disallowed_methods, reason = "the answers of a test are small")]
async fn send(request: reqwest::RequestBuilder) -> (u16, HeaderMap, Vec<u8>) {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.bytes().await.unwrap().to_vec())
}

fn blob(value: Value) -> Blob {
    Blob::new(value.to_string())
}

#[tokio::test]
async fn the_sdk_invokes_a_function_by_name_and_by_arn() {
    let client = serve(settings()).await.client();
    for name in
        ["obedient", "obedient:$LATEST", "arn:aws:lambda:us-east-1:000000000000:function:obedient:live"]
    {
        let invoke = client.invoke().function_name(name).qualifier("$LATEST");
        let output = invoke.payload(blob(json!({ "a": 1 }))).send().await.unwrap();
        assert_eq!((output.status_code(), output.function_error()), (200, None));
        assert_eq!(output.executed_version(), Some("$LATEST"));
        assert_eq!(output.payload().unwrap().as_ref(), br#"{"a":1}"#);
    }
}

#[tokio::test]
async fn the_sdk_sees_a_function_error() {
    let client = serve(settings()).await.client();
    let invoke = client.invoke().function_name("obedient").payload(blob(json!({ "do": "fail" })));
    let output = invoke.send().await.unwrap();
    assert_eq!((output.status_code(), output.function_error()), (200, Some("Unhandled")));
    let error: Value = serde_json::from_slice(output.payload().unwrap().as_ref()).unwrap();
    assert_eq!(error["errorMessage"], "it did not work");
}

#[tokio::test]
async fn the_sdk_recognises_the_errors_of_the_service() {
    let mut settings = settings();
    settings.maximum_processes = 0;
    let client = serve(settings).await.client();
    let invoke = async |name: &str, payload: Vec<u8>| {
        let request = client.invoke().function_name(name).payload(Blob::new(payload));
        request.send().await.unwrap_err().into_service_error()
    };
    let unknown = invoke("other", b"1".to_vec()).await;
    assert!(unknown.is_resource_not_found_exception());
    let message = "Function not found: arn:aws:lambda:us-east-1:000000000000:function:other";
    assert_eq!(unknown.message(), Some(message));
    assert!(invoke("obedient", b"{".to_vec()).await.is_invalid_request_content_exception());
    assert!(invoke("obedient", b"1".to_vec()).await.is_too_many_requests_exception());
    let large = vec![b'1'; MAXIMUM_PAYLOAD + 1];
    assert!(invoke("obedient", large).await.is_request_too_large_exception());
}

#[tokio::test]
async fn an_event_is_accepted_at_once_and_tried_three_times() {
    let (api, file) = (serve(settings()).await, scratch("event"));
    let invoke = api.client().invoke().function_name("obedient").invocation_type(InvocationType::Event);
    let event = json!({ "do": "count", "file": file });
    let output = invoke.payload(blob(event)).send().await.unwrap();
    assert_eq!(output.status_code(), 202);
    assert!(output.payload().is_none_or(|payload| payload.as_ref().is_empty()));
    until("three tries", || length(&file) == 3).await;
    // A fourth try would follow the third as fast as that followed the second.
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(length(&file), 3);
}

#[tokio::test]
async fn a_dry_run_starts_nothing() {
    let api = serve(settings()).await;
    let invoke = api.client().invoke().function_name("obedient").invocation_type(InvocationType::DryRun);
    assert_eq!(invoke.payload(blob(json!(1))).send().await.unwrap().status_code(), 204);
    assert_eq!(api.lambda.processes(), []);
}

#[tokio::test]
async fn the_client_context_and_the_trace_reach_the_function() {
    let api = serve(settings()).await;
    // {"custom":{"tenant":"acme"}}
    let request =
        api.post("obedient").header("x-amz-client-context", "eyJjdXN0b20iOnsidGVuYW50IjoiYWNtZSJ9fQ==");
    let trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0";
    let request = request.header("x-amzn-trace-id", trace).body(r#"{"do":"context"}"#);
    let (status, headers, body) = send(request).await;
    let context: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(status, 200);
    assert_eq!(headers["x-amzn-requestid"], context["request_id"].as_str().unwrap());
    assert_eq!(context["client_context"]["custom"]["tenant"], "acme");
    assert_eq!(context["trace_id"], trace);
}

#[tokio::test]
async fn refusals_have_the_shape_of_the_protocol() {
    let api = serve(settings()).await;
    let check = async |request: reqwest::RequestBuilder, expected: u16, error_type: &str| {
        let (status, headers, body) = send(request).await;
        assert_eq!((status, headers["x-amzn-errortype"].to_str().unwrap()), (expected, error_type));
        assert!(headers.contains_key("x-amzn-requestid"));
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["Type"], "User");
    };
    check(api.post("nobody").body("1"), 404, "ResourceNotFoundException").await;
    check(api.post("obedient").body("nonsense"), 400, "InvalidRequestContentException").await;
    let context = api.post("obedient").header("x-amz-client-context", "%").body("1");
    check(context, 400, "InvalidRequestContentException").await;
    let kind = api.post("obedient").header("x-amz-invocation-type", "Later").body("1");
    check(kind, 400, "InvalidParameterValueException").await;
    let large = api.post("obedient").header("x-amz-invocation-type", "Event");
    let large = large.body(vec![b'1'; MAXIMUM_EVENT_PAYLOAD + 1]);
    check(large, 413, "RequestTooLargeException").await;
}

#[tokio::test]
async fn no_payload_is_an_empty_object() {
    let (status, _, body) = send(serve(settings()).await.post("obedient")).await;
    assert_eq!((status, body.as_slice()), (200, b"{}".as_slice()));
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_stop_the_function() {
    let (api, file) = (serve(settings()).await, scratch("hang-up"));
    let body = json!({ "do": "sleep", "ms": 400, "file": file }).to_string();
    let request = api.post("obedient").body(body).timeout(Duration::from_millis(150));
    assert!(request.send().await.unwrap_err().is_timeout());
    until("done", || length(&file) == 1).await;
}
