//! What callers see at the front door.

use std::time::Duration;

use revops_core::Header;
use revops_core::ports::{OutgoingMessage, QueueError};
use revops_core::records::{keys, read};

use crate::fixtures::{House, ORIGINAL, Script, json};

#[tokio::test(start_paused = true)]
async fn a_waiting_caller_gets_the_answer_and_the_delivery_is_queued() {
    let house = House::that_answers();
    let reply = house.post(&[]).await;
    let body = json(&reply);
    assert_eq!(reply.status, 200, "{body}");
    assert_eq!(body["webhook_delivery"]["status"], "queued");
    assert_eq!(body["webhook_delivery"]["target_webhook"], "deal_analysis");
    assert_eq!(body["ai_response"]["agents_used"][1], "DealAnalysisAgent");
    let (queue, message) = &house.sent()[0];
    assert_eq!((queue.as_str(), &message["type"]), ("deals", &"deliver".into()));
    assert_eq!(message["delivery_id"], body["webhook_delivery"]["delivery_id"]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_does_not_wait_gets_a_promise_that_the_queue_holds() {
    let house = House::that_answers();
    let reply = house.post(&[("prefer", "respond-async")]).await;
    let body = json(&reply);
    assert_eq!(reply.status, 202);
    assert_eq!(reply.headers["preference-applied"], "respond-async");
    assert_eq!(reply.headers["location"], body["status_url"].as_str().unwrap());
    assert_eq!(body["expected_webhook"], "deal_analysis");
    let id = body["tracking_id"].as_str().unwrap().parse().unwrap();
    let stored = read(&house.records, &keys::query(id)).await.unwrap().unwrap();
    assert_eq!(stored.expected_header, Some(Header::DealAnalysis));
    assert_eq!(house.sent()[0].1["type"], "answer_query");
    assert!(house.agent.requests.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_ends_before_the_answer_becomes_a_promise() {
    let house = House::with(vec![Script::Answers("late", Duration::from_secs(60))]);
    let reply = house.post(&[("prefer", "wait=3")]).await;
    assert_eq!(reply.status, 202);
    assert_eq!(house.door.gateway.clock.now().since(crate::fixtures::START), Duration::from_secs(3));
    assert_eq!(house.sent()[0].1["type"], "answer_query");
}

#[tokio::test(start_paused = true)]
async fn no_promise_is_made_when_the_queue_refuses() {
    let house = House::that_answers();
    house.queues.set_outage(true);
    for preference in ["respond-async", "wait=5"] {
        let reply = house.post(&[("prefer", preference)]).await;
        assert_eq!((reply.status, json(&reply)["code"].as_str()), (503, Some("dependency_unavailable")));
        assert!(reply.headers.contains_key("retry-after"));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_acknowledged_when_the_store_refuses() {
    let house = House::that_answers();
    house.records.set_outage(true);
    assert_eq!(house.post(&[]).await.status, 503);
    assert!(house.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_same_key_and_body_is_the_same_conversation() {
    let house = House::that_answers();
    let first = house.post(&[("idempotency-key", "k-1")]).await;
    let second = house.post(&[("idempotency-key", "k-1")]).await;
    assert_eq!(json(&first)["tracking_id"], json(&second)["tracking_id"]);
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(house.sent()[1].1["copy"], true, "the replay sends a copy of the delivery");
    assert_eq!(house.queues.sent()[1].message.delay, Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn the_same_key_with_another_body_is_refused() {
    let house = House::that_answers();
    house.post(&[("idempotency-key", "k-1")]).await;
    let other = ORIGINAL.replace("IXIS", "Acme");
    let reply = house.send("POST", "/webhook", &[("idempotency-key", "k-1")], other.as_bytes()).await;
    assert_eq!((reply.status, json(&reply)["code"].as_str()), (422, Some("idempotency_key_reused")));
}

#[tokio::test(start_paused = true)]
async fn a_failed_invocation_is_repeated_with_its_token_and_a_lost_one_is_not() {
    let answers = Script::Answers("fine", Duration::ZERO);
    let house = House::with(vec![Script::FunctionError, Script::Lost, answers]);
    assert_eq!(house.post(&[]).await.status, 200);
    let requests = house.agent.requests.lock().unwrap().clone();
    assert_eq!(requests[0].invocation_token, requests[1].invocation_token);
    assert_ne!(requests[1].invocation_token, requests[2].invocation_token);
}

#[tokio::test(start_paused = true)]
async fn a_permanent_failure_is_told_to_the_caller_and_to_the_general_webhook() {
    let house = House::with(vec![Script::FailsForGood]);
    let reply = house.post(&[]).await;
    assert_eq!((reply.status, json(&reply)["code"].as_str()), (502, Some("agent_failed")));
    let (queue, message) = &house.sent()[0];
    assert_eq!((queue.as_str(), &message["header"]), ("general", &"general".into()));
    let id = json(&reply)["tracking_id"].as_str().unwrap().to_owned();
    let delivery = house.records.json(&format!("conversations/{id}/delivery.json")).unwrap();
    assert!(delivery["envelope"].as_str().unwrap().contains("\"conversation.failed\""));
    assert_eq!(json(&house.get(&format!("/webhook/{id}"), "k-crm").await)["status"], "failed");
}

#[tokio::test(start_paused = true)]
async fn a_loser_of_the_race_waits_for_the_winners_answer() {
    let wait = Script::InProgress(None);
    let house = House::with(vec![wait, Script::Answers("fine", Duration::ZERO)]);
    assert_eq!(house.post(&[]).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_caller_sees_its_own_conversations_only_and_an_operator_all() {
    let house = House::that_answers();
    let id = json(&house.post(&[]).await)["tracking_id"].as_str().unwrap().to_owned();
    let path = format!("/prod/webhook/{id}");
    assert_eq!(house.get(&path, "k-crm").await.status, 200);
    assert_eq!(house.get(&path, "k-ops").await.status, 200);
    assert_eq!(house.get(&path, "k-erp").await.status, 404);
    assert_eq!(house.get(&path, "wrong").await.status, 401);
}

#[tokio::test(start_paused = true)]
async fn a_conversation_is_shown_with_its_timeline_and_delivery() {
    let house = House::that_answers();
    let id = json(&house.post(&[]).await)["tracking_id"].as_str().unwrap().to_owned();
    let view = json(&house.get(&format!("/webhook/{id}"), "k-crm").await);
    assert_eq!((view["status"].as_str(), view["success"].as_bool()), (Some("queued"), Some(true)));
    assert_eq!(view["webhook_delivery"]["attempts"], serde_json::json!([]));
    assert_eq!(view["events"][0]["event"], "accepted from external_app");
    assert!(view.get("outcome").is_none());
}

#[tokio::test(start_paused = true)]
async fn hostile_requests_get_the_one_right_answer() {
    let house = House::that_answers();
    type Headers = [(&'static str, &'static str)];
    let cases: [(&str, &str, &Headers, &[u8], u16); 10] = [
        ("POST", "/webhook", &[("authorization", "Bearer nobody")], ORIGINAL.as_bytes(), 401),
        ("POST", "/webhook", &[("content-type", "text/plain")], ORIGINAL.as_bytes(), 415),
        ("POST", "/webhook", &[], b"{", 400),
        ("POST", "/webhook", &[("idempotency-key", "a b")], ORIGINAL.as_bytes(), 400),
        ("POST", "/webhook", &[("idempotency-key", "clé")], ORIGINAL.as_bytes(), 400),
        ("POST", "/webhook", &[("authorization", "Bearer nobody")], &[b'x'; 256 * 1024 + 1], 413),
        ("DELETE", "/webhook", &[], b"", 405),
        ("POST", "/elsewhere", &[], ORIGINAL.as_bytes(), 404),
        ("GET", "/webhook/not-an-id", &[("x-api-key", "k-crm")], b"", 404),
        ("OPTIONS", "/webhook", &[], b"", 204),
    ];
    for (method, path, headers, body, status) in cases {
        let reply = house.send(method, path, headers, body).await;
        assert_eq!(reply.status, status, "{method} {path} {headers:?}");
    }
    assert!(house.records.keys().is_empty(), "a refused request leaves no trace");
}

#[tokio::test(start_paused = true)]
async fn a_question_whose_deadline_has_passed_is_refused_unless_it_is_a_replay() {
    let house = House::that_answers();
    let soon = crate::fixtures::START.plus(Duration::from_secs(10)).to_string();
    let body = ORIGINAL.replace('{', &format!("{{\"deliver_before\":\"{soon}\","));
    let key = [("idempotency-key", "k-1")];
    assert_eq!(house.send("POST", "/webhook", &key, body.as_bytes()).await.status, 200);
    tokio::time::advance(Duration::from_secs(11)).await;
    assert_eq!(house.send("POST", "/webhook", &key, body.as_bytes()).await.status, 200);
    let reply = house.send("POST", "/webhook", &[("idempotency-key", "k-2")], body.as_bytes()).await;
    assert_eq!(json(&reply)["errors"][0]["code"], "in_the_past");
}

#[tokio::test(start_paused = true)]
async fn a_head_request_is_answered_without_a_body() {
    let house = House::that_answers();
    let reply = house.send("HEAD", "/health", &[], b"").await;
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
}

/// Queues that take their time, and more of it than anybody has.
#[derive(Clone)]
struct HangingQueues;

impl revops_core::ports::SendMessages for HangingQueues {
    async fn send(&self, _: &str, _: OutgoingMessage) -> Result<(), QueueError> {
        std::future::pending().await
    }
}

impl revops_core::ports::CountMessages for HangingQueues {
    async fn in_flight(&self, _: &str) -> Result<u64, QueueError> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_dependency_that_hangs_leaves_time_to_say_so() {
    let house = House::that_answers();
    let door = house.front_door(house.records.clone(), HangingQueues, house.agent.clone());
    let request = house.incoming("POST", "/webhook", &[("prefer", "respond-async")], ORIGINAL.as_bytes());
    let deadline = request.deadline;
    let reply = door.handle(request).await;
    assert_eq!((reply.status, json(&reply)["code"].as_str()), (503, Some("dependency_unavailable")));
    assert!(reply.headers.contains_key("retry-after"));
    assert!(door.gateway.clock.now() < deadline);
}
