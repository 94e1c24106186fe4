//! An OpenAI-compatible server as the agent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_bedrockagentruntime::error::ProvideErrorMetadata;
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use local_bedrock::BedrockOptions;
use serde_json::{Value, json};

use crate::support::{Served, invoke, read, serve, served_with};

/// A fake server: what it answers, and what it was asked.
#[derive(Clone)]
struct Fake {
    status: StatusCode,
    body: &'static str,
    delay: Duration,
    asked: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
}

async fn complete(State(fake): State<Fake>, headers: HeaderMap, body: String) -> (StatusCode, &'static str) {
    fake.asked.lock().unwrap().push((headers, serde_json::from_str(&body).unwrap()));
    tokio::time::sleep(fake.delay).await;
    (fake.status, fake.body)
}

const GOOD: &str = r###"{"choices":[{"message":{"role":"assistant","content":"## Café\n\nroute: general x"}}],
    "usage":{"prompt_tokens":11,"completion_tokens":7}}"###;

async fn agent(status: u16, body: &'static str, delay: Duration) -> (Served, Fake) {
    let status = StatusCode::from_u16(status).unwrap();
    let fake = Fake { status, body, delay, asked: Arc::default() };
    let url =
        serve(Router::new().route("/v1/chat/completions", post(complete)).with_state(fake.clone())).await;
    let options = BedrockOptions {
        agent_url: Some(format!("{url}/v1")),
        model: "small".to_owned(),
        api_key: Some("secret".to_owned()),
        agent_timeout: Duration::from_millis(500),
        ..BedrockOptions::default()
    };
    (served_with(options).await, fake)
}

#[tokio::test]
async fn its_answer_comes_in_the_services_format() {
    let (served, fake) = agent(200, GOOD, Duration::ZERO).await;
    let first = read(invoke(&served.client, "s1", "one")).await;
    assert_eq!(first.text(), "## Café\n\nroute: general x");
    assert_eq!(first.traces.len(), 3);
    read(invoke(&served.client, "s1", "two")).await;
    let asked = fake.asked.lock().unwrap();
    let (headers, body) = &asked[1];
    assert_eq!(headers["authorization"], "Bearer secret");
    assert_eq!(body["model"], "small");
    let roles: Vec<_> = body["messages"].as_array().unwrap().iter().map(|m| m["role"].clone()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "user"]);
    assert_eq!(body["messages"][3]["content"], json!("two"));
}

#[tokio::test]
async fn its_failures_are_the_services_exceptions() {
    let slow = Duration::from_secs(5);
    for (status, body, delay, exception) in [
        (429, "", Duration::ZERO, "ThrottlingException"),
        (500, "", Duration::ZERO, "BadGatewayException"),
        (401, "", Duration::ZERO, "DependencyFailedException"),
        (200, "not json", Duration::ZERO, "BadGatewayException"),
        (200, r#"{"choices":[]}"#, Duration::ZERO, "DependencyFailedException"),
        (200, GOOD, slow, "DependencyFailedException"),
    ] {
        let (served, _fake) = agent(status, body, delay).await;
        let error = invoke(&served.client, "s1", "one").send().await.unwrap_err().into_service_error();
        assert_eq!(error.code(), Some(exception), "{status} {body}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_bad_gateway_and_a_bad_url_says_so() {
    for (url, exception) in
        [("http://127.0.0.1:1", "BadGatewayException"), ("no url", "DependencyFailedException")]
    {
        let options = BedrockOptions { agent_url: Some(url.to_owned()), ..BedrockOptions::default() };
        let served = served_with(options).await;
        let error = invoke(&served.client, "s1", "one").send().await.unwrap_err().into_service_error();
        assert_eq!(error.code(), Some(exception));
    }
}
