//! Scripted failures, as the SDK sees them.

use std::time::{Duration, Instant};

use aws_sdk_bedrockagentruntime::error::ProvideErrorMetadata;
use serde_json::{Value, json};

use crate::support::{Read, Served, invoke, read, served};

async fn control(served: &Served, method: http::Method, body: Option<Value>) -> Value {
    let request = reqwest::Client::new()
        .request(method, format!("{}/_local/agent", served.url))
        .header("content-type", "application/json")
        .body(body.map(|body| body.to_string()).unwrap_or_default());
    let mut response = request.send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.unwrap() {
        body.extend_from_slice(&part);
    }
    serde_json::from_slice(&body).unwrap()
}

async fn script(served: &Served, fault: Value) {
    control(served, http::Method::PUT, Some(fault)).await;
}

async fn ask(served: &Served) -> Read {
    read(invoke(&served.client, "s1", "How is IXIS?")).await
}

async fn refusal(served: &Served) -> (u16, String) {
    let error = invoke(&served.client, "s1", "How is IXIS?").send().await.unwrap_err();
    let status = error.raw_response().unwrap().status().as_u16();
    (status, error.as_service_error().and_then(|error| error.code()).unwrap_or_default().to_owned())
}

#[tokio::test]
async fn invocations_are_counted_and_a_fault_lasts_as_long_as_scripted() {
    let served = served().await;
    script(&served, json!({"exception": "throttlingException", "count": 2})).await;
    for _ in 0..2 {
        assert_eq!(refusal(&served).await, (429, "ThrottlingException".to_owned()));
    }
    assert!(ask(&served).await.text().contains("IXIS"));
    let report = control(&served, http::Method::GET, None).await;
    assert_eq!((&report["invocations"], &report["answered"]), (&json!(3), &json!(1)));
    assert_eq!(report["fault"], Value::Null);
    assert_eq!(report["recent_sessions"], json!(["s1", "s1", "s1"]));
}

#[tokio::test]
async fn every_exception_has_its_status() {
    let served = served().await;
    for (name, status) in [
        ("accessDeniedException", 403),
        ("badGatewayException", 502),
        ("conflictException", 409),
        ("dependencyFailedException", 424),
        ("internalServerException", 500),
        ("modelNotReadyException", 424),
        ("resourceNotFoundException", 404),
        ("serviceQuotaExceededException", 400),
        ("throttlingException", 429),
        ("validationException", 400),
    ] {
        script(&served, json!({"exception": name})).await;
        let (seen, code) = refusal(&served).await;
        assert_eq!((seen, code.to_lowercase()), (status, name.to_lowercase()));
        script(&served, json!({"exception": name, "after_chunks": 1})).await;
        let read = ask(&served).await;
        let error = read.error.unwrap();
        assert!(
            error.starts_with("ServiceError") && error.to_lowercase().contains(&name.to_lowercase()),
            "{error}"
        );
        assert_eq!(read.chunks.len(), 1);
    }
    script(&served, json!({"http_status": 503})).await;
    assert_eq!(refusal(&served).await.0, 503);
}

#[tokio::test]
async fn a_stream_can_end_early_in_every_way() {
    let served = served().await;
    script(&served, json!({"end_without_chunk": true})).await;
    let empty = ask(&served).await;
    assert!(empty.chunks.is_empty() && empty.error.is_none() && !empty.traces.is_empty());
    script(&served, json!({"cut": true, "after_chunks": 2})).await;
    let cut = ask(&served).await;
    assert!(cut.error.is_some());
    assert_eq!(cut.chunks.len(), 2);
    script(&served, json!({"return_control": true})).await;
    let control = ask(&served).await;
    assert_eq!((control.return_controls, control.chunks.len()), (1, 0));
}

#[tokio::test]
async fn chunks_end_inside_characters_and_still_make_the_same_text() {
    let served = served().await;
    let whole = ask(&served).await.text();
    script(&served, json!({"split_utf8": true})).await;
    let split = ask(&served).await;
    assert!(split.chunks.len() > 1);
    assert!(split.chunks.iter().any(|chunk| std::str::from_utf8(chunk).is_err()));
    assert_eq!(split.text(), whole);
}

#[tokio::test]
async fn a_delay_delays_and_is_cleared() {
    let served = served().await;
    script(&served, json!({"delay_ms": 300})).await;
    let started = Instant::now();
    ask(&served).await;
    assert!(started.elapsed() >= Duration::from_millis(300));
    let report = control(&served, http::Method::DELETE, None).await;
    assert_eq!((&report["fault"], &report["invocations"]), (&Value::Null, &json!(1)));
}
