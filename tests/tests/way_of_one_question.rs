//! The main job, end to end, on the stack that `cargo local` runs: the shipped binaries.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use reqwest::Method;
use serde_json::{Value, json};
use tests::stack::{Options, Stack};

const IXIS: &str = "What is the deal status for IXIS?";

async fn stack(state: &tempfile::TempDir) -> Stack {
    Stack::start(state.path(), Options::default()).await
}

fn fast() -> Options {
    Options { time_scale: 60.0, ..Options::default() }
}

/// Headers as the official Standard Webhooks library wants them.
fn received_headers(received: &Value) -> http::HeaderMap {
    let mut headers = http::HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let value = received["headers"][name].as_str().unwrap();
        headers.insert(name, value.parse().unwrap());
    }
    headers
}

#[tokio::test]
async fn a_waiting_caller_gets_the_answer_and_the_team_gets_it_signed() {
    let state = tempfile::tempdir().unwrap();
    let stack = stack(&state).await;
    let answer = stack.ask(IXIS, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["ai_response"]["header"], "deal_analysis");
    assert!(answer.body["ai_response"]["response_plain"].as_str().unwrap().contains("IXIS"));
    assert_eq!(answer.body["ai_response"]["agents_used"], json!(["ManagerAgent", "DealAnalysisAgent"]));

    let id = answer.tracking_id();
    stack.ended(&id, "delivered").await;
    let deliveries = stack.deliveries(&id).await;
    assert_eq!(deliveries.len(), 1);
    let received = &deliveries[0];
    assert_eq!((&received["header"], &received["signature"]), (&json!("deal_analysis"), &json!("valid")));
    assert_eq!(received["headers"]["webhook-id"], answer.body["webhook_delivery"]["delivery_id"]);
    let body = received["body"].as_str().unwrap();
    let secret = stack.ready.signing_secret.as_deref().unwrap();
    let official = standardwebhooks::Webhook::new(secret).unwrap();
    official.verify(body.as_bytes(), &received_headers(received)).unwrap();
    let envelope: Value = serde_json::from_str(body).unwrap();
    assert_eq!(envelope["type"], "conversation.answered");
    assert_eq!(envelope["response_rich"], answer.body["ai_response"]["response_rich"]);
}

#[tokio::test]
async fn a_caller_who_does_not_wait_can_follow_the_conversation_to_its_export() {
    let state = tempfile::tempdir().unwrap();
    let stack = stack(&state).await;
    let promise = stack.ask(IXIS, &[("prefer", "respond-async")]).await;
    assert_eq!((promise.status, &promise.body["expected_webhook"]), (202, &json!("deal_analysis")));
    let id = promise.tracking_id();
    assert_eq!(promise.headers["location"], format!("/webhook/{id}").as_str());

    let conversation = stack.ended(&id, "delivered").await;
    assert_eq!(conversation["webhook_delivery"]["attempts"][0]["http_status"], 200);
    let exported = || async {
        let names = stack.objects("conversation-history");
        (names.iter().filter(|path| path.to_string_lossy().contains(&id)).count() == 4).then_some(names)
    };
    let names = stack.until("four exports", exported).await;
    let whole = names.iter().find(|path| path.ends_with("conversation.json")).unwrap();
    let export = stack.object(&format!("conversation-history/{}", whole.display())).unwrap();
    assert_eq!((&export["status"], &export["query"]), (&json!("delivered"), &json!(IXIS)));
}

#[tokio::test]
async fn different_questions_get_different_answers_at_different_webhooks() {
    let state = tempfile::tempdir().unwrap();
    let stack = stack(&state).await;
    let cases = [
        ("What is the deal status for Acme?", "deal_analysis", "Acme"),
        ("Which leads should we contact first?", "lead_analysis", ""),
        ("How did bookings develop over the last four quarters?", "data_analysis", "Q"),
        ("What does MEDDPICC stand for?", "general", ""),
    ];
    for (query, class, word) in cases {
        let answer = stack.ask(query, &[]).await;
        let response = &answer.body["ai_response"];
        assert_eq!(response["header"], class, "{query}: {}", answer.body["classification"]);
        assert!(response["response_plain"].as_str().unwrap().contains(word), "{query}");
        stack.ended(&answer.tracking_id(), "delivered").await;
        assert_eq!(stack.deliveries(&answer.tracking_id()).await[0]["header"], class);
    }
}

#[tokio::test]
async fn ten_copies_of_a_request_at_once_are_one_conversation_asked_once_and_delivered_once() {
    let state = tempfile::tempdir().unwrap();
    let stack = stack(&state).await;
    let slow = json!({"delay_ms": 500});
    stack.call(Method::PUT, "/_local/agent", Some(slow)).await;
    let headers = [("idempotency-key", "order-1")];
    let answers = futures_util::future::join_all((0..10).map(|_| stack.ask(IXIS, &headers))).await;
    let id = answers[0].tracking_id();
    for answer in &answers {
        assert_eq!((answer.status, answer.tracking_id()), (200, id.clone()), "{}", answer.body);
    }
    let replayed = |answer: &&tests::stack::Answer| answer.headers.contains_key("idempotency-replayed");
    assert_eq!(answers.iter().filter(replayed).count(), 9);
    stack.ended(&id, "delivered").await;
    assert_eq!(stack.agent_invocations().await, 1);
    assert_eq!(stack.deliveries(&id).await.len(), 1);
}

#[tokio::test]
async fn a_failing_webhook_is_tried_again_with_the_same_bytes_until_it_takes_them() {
    let state = tempfile::tempdir().unwrap();
    let stack = Stack::start(state.path(), fast()).await;
    let fault = json!({"status": 503, "count": 2});
    stack.call(Method::PUT, "/_local/inbox/deal_analysis", Some(fault)).await;
    let id = stack.ask(IXIS, &[]).await.tracking_id();
    let conversation = stack.ended(&id, "delivered").await;
    let attempts = conversation["webhook_delivery"]["attempts"].as_array().unwrap();
    let statuses: Vec<_> = attempts.iter().map(|attempt| attempt["http_status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [503, 503, 200]);
    let deliveries = stack.deliveries(&id).await;
    assert_eq!(deliveries.len(), 3);
    assert!(deliveries.iter().all(|received| received["body"] == deliveries[0]["body"]));
    assert!(
        deliveries
            .iter()
            .all(|received| received["headers"]["webhook-id"] == deliveries[0]["headers"]["webhook-id"])
    );
}

#[tokio::test]
async fn a_refused_delivery_ends_in_the_dead_letter_queue_with_its_reason() {
    let state = tempfile::tempdir().unwrap();
    let stack = stack(&state).await;
    let fault = json!({"status": 400});
    stack.call(Method::PUT, "/_local/inbox/deal_analysis", Some(fault)).await;
    let id = stack.ask(IXIS, &[]).await.tracking_id();
    let conversation = stack.ended(&id, "failed").await;
    assert_eq!(conversation["status"], "failed");
    let letter = stack.dead_letter().await;
    let attributes = letter.message_attributes().unwrap();
    assert_eq!(attributes["tracking_id"].string_value(), Some(id.as_str()));
    assert_eq!(attributes["header"].string_value(), Some("deal_analysis"));
    assert!(attributes.contains_key("reason") && attributes.contains_key("attempts"));
    let message: Value = serde_json::from_str(letter.body().unwrap()).unwrap();
    assert_eq!((&message["type"], &message["run"]), (&json!("deliver"), &json!(2)));
}

#[tokio::test]
async fn a_permanent_failure_of_the_agent_is_told_to_the_caller_and_to_the_general_webhook() {
    let state = tempfile::tempdir().unwrap();
    let stack = stack(&state).await;
    let fault = json!({"exception": "validationException"});
    stack.call(Method::PUT, "/_local/agent", Some(fault)).await;
    let answer = stack.ask(IXIS, &[]).await;
    assert_eq!((answer.status, &answer.body["code"]), (502, &json!("agent_failed")));
    let id = answer.tracking_id();
    stack.ended(&id, "failed").await;
    let deliveries = stack.deliveries(&id).await;
    assert_eq!(deliveries[0]["header"], "general");
    assert!(deliveries[0]["body"].as_str().unwrap().contains("conversation.failed"));
}
