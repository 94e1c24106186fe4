//! The sample agent as an agent runtime, asked by the SDK.

use aws_sdk_bedrockagentcore::Client;
use aws_sdk_bedrockagentcore::config::retry::RetryConfig;
use aws_sdk_bedrockagentcore::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_bedrockagentcore::error::ProvideErrorMetadata;
use aws_sdk_bedrockagentcore::operation::invoke_agent_runtime::builders::InvokeAgentRuntimeFluentBuilder;
use aws_sdk_bedrockagentcore::primitives::Blob;
use serde_json::{Value, json};

use crate::support::{NONCE, Served, served, wrapped};

const ARN: &str = "arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/local_manager-0000000000";
const SESSION: &str = "550e8400-e29b-41d4-a716-446655440000";
const EITHER: &str = "application/json, text/event-stream";

fn invoke(served: &Served, accept: &str, session: &str, prompt: &str) -> InvokeAgentRuntimeFluentBuilder {
    let config = aws_sdk_bedrockagentcore::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("any", "thing", None, None, "test"))
        .endpoint_url(&served.url)
        .retry_config(RetryConfig::disabled())
        .build();
    let call = Client::from_conf(config).invoke_agent_runtime().agent_runtime_arn(ARN);
    let payload = json!({ "prompt": prompt, "user_context": { "region": "emea" } });
    call.runtime_session_id(session).accept(accept).payload(Blob::new(payload.to_string()))
}

/// The content type, and all of the body or what came before it broke.
async fn read(call: InvokeAgentRuntimeFluentBuilder) -> (String, Result<String, String>) {
    let mut response = call.send().await.unwrap();
    assert!(response.runtime_session_id().is_some());
    let mut body = Vec::new();
    while let Some(bytes) = response.response.next().await {
        match bytes {
            Ok(bytes) => body.extend_from_slice(&bytes),
            Err(_) => return (response.content_type, Err(String::from_utf8_lossy(&body).into_owned())),
        }
    }
    (response.content_type, Ok(String::from_utf8(body).unwrap()))
}

fn events(body: &str) -> Vec<Value> {
    let events = body.strip_suffix("\n\n").unwrap().split("\n\n");
    events.map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap()).collect()
}

fn text(events: &[Value]) -> String {
    events.iter().map(|event| event.as_str().unwrap()).collect()
}

async fn script(served: &Served, fault: Value) {
    let request = reqwest::Client::new().put(format!("{}/_local/agent", served.url));
    let request = request.header("content-type", "application/json").body(fault.to_string());
    assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
}

#[tokio::test]
async fn both_forms_tell_the_answer_of_the_same_manager_and_the_caller_picks() {
    let served = served().await;
    let question = wrapped("What is the deal status for IXIS?");
    let (kind, document) = read(invoke(&served, "application/json", SESSION, &question)).await;
    let document: Value = serde_json::from_str(&document.unwrap()).unwrap();
    assert_eq!(kind, "application/json");
    let (kind, streamed) = read(invoke(&served, EITHER, SESSION, &question)).await;
    assert!(kind.starts_with("text/event-stream"), "{kind}");
    let streamed = events(&streamed.unwrap());
    assert!(streamed.len() > 3);
    assert_eq!(text(&streamed), document["result"]);
    assert!(text(&streamed).ends_with(&format!("\n\nroute: deal_analysis {NONCE}")));
}

#[tokio::test]
async fn a_session_remembers_the_deal() {
    let served = served().await;
    let other = SESSION.replace("550e", "660f");
    assert!(read(invoke(&served, EITHER, SESSION, &wrapped("How is Fjordbank?"))).await.1.is_ok());
    let next = read(invoke(&served, EITHER, SESSION, &wrapped("And its risks?"))).await.1.unwrap();
    assert!(text(&events(&next)).starts_with("## Fjordbank"));
    let apart = read(invoke(&served, EITHER, &other, &wrapped("And its risks?"))).await.1.unwrap();
    assert!(text(&events(&apart)).starts_with("## Deals at risk"));
}

#[tokio::test]
async fn every_refusal_has_the_name_and_status_of_this_service() {
    let served = served().await;
    for (exception, name, status) in [
        ("throttlingException", "ThrottlingException", 429),
        ("serviceQuotaExceededException", "ServiceQuotaExceededException", 402),
        ("conflictException", "RetryableConflictException", 409),
        ("modelNotReadyException", "RuntimeClientError", 424),
        ("internalServerException", "InternalServerException", 500),
        ("validationException", "ValidationException", 400),
    ] {
        script(&served, json!({"exception": exception, "count": 1})).await;
        let error = invoke(&served, EITHER, SESSION, "hi").send().await.unwrap_err();
        let seen = error.raw_response().unwrap().status().as_u16();
        assert_eq!((error.as_service_error().unwrap().code(), seen), (Some(name), status));
    }
    let short = invoke(&served, EITHER, "too-short", "hi").send().await.unwrap_err();
    assert!(short.into_service_error().is_validation_exception());
    let no_prompt = invoke(&served, EITHER, SESSION, "").payload(Blob::new("{}")).send().await.unwrap_err();
    assert_eq!(no_prompt.into_service_error().code(), Some("RuntimeClientError"));
}

#[tokio::test]
async fn a_stream_can_fail_and_end_early() {
    let served = served().await;
    let ask = || read(invoke(&served, EITHER, SESSION, "How is IXIS?"));
    script(&served, json!({"exception": "validationException", "after_chunks": 2})).await;
    let failed = events(&ask().await.1.unwrap());
    assert_eq!((failed.len(), &failed[2]["error_type"]), (3, &json!("ValidationException")));
    script(&served, json!({"end_without_chunk": true})).await;
    assert_eq!(ask().await.1.unwrap(), "");
    script(&served, json!({"cut": true, "after_chunks": 1})).await;
    let before = ask().await.1.unwrap_err();
    assert_eq!(before.matches("data: ").count(), 2, "a whole event and half of one: {before}");
}

#[tokio::test]
async fn the_invocations_of_runtimes_are_counted_with_the_others() {
    let served = served().await;
    assert!(read(invoke(&served, EITHER, SESSION, "hi")).await.1.is_ok());
    let mut response = reqwest::get(format!("{}/_local/agent", served.url)).await.unwrap();
    let report: Value = serde_json::from_slice(&response.chunk().await.unwrap().unwrap()).unwrap();
    assert_eq!((&report["invocations"], &report["recent_sessions"]), (&json!(1), &json!([SESSION])));
}
