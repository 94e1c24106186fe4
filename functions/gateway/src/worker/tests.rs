//! What becomes of the query queue's messages.

use std::time::Duration;

use aws_lambda_events::sqs::SqsEvent;
use revops_core::TrackingId;
use revops_core::records::{DeletedRecord, VERSION, create, keys};
use revops_core::telemetry::Attribution;
use serde_json::json;

use crate::error::AdvanceError;
use crate::fixtures::{House, START, Script, json as body_of};

/// A batch of one message for a conversation that was accepted a moment ago.
async fn batch(house: &House, receives: u32) -> SqsEvent {
    let accepted = house.post(&[("prefer", "respond-async")]).await;
    let id = body_of(&accepted)["tracking_id"].as_str().unwrap().to_owned();
    of_body(&json!({"v": 1, "type": "answer_query", "tracking_id": id}).to_string(), receives)
}

fn of_body(body: &str, receives: u32) -> SqsEvent {
    let record = json!({"messageId": "m-1", "receiptHandle": "r-1", "body": body,
        "attributes": {"ApproximateReceiveCount": receives.to_string()}});
    serde_json::from_value(json!({"Records": [record]})).unwrap()
}

/// How many messages of the batch come back.
async fn left_over(house: &House, batch: &SqsEvent) -> usize {
    let deadline = START.plus(Duration::from_secs(180));
    house.door.gateway.work(batch, deadline).await.batch_item_failures.len()
}

#[tokio::test(start_paused = true)]
async fn a_query_is_answered_queued_and_done() {
    let house = House::that_answers();
    let batch = batch(&house, 1).await;
    assert_eq!(left_over(&house, &batch).await, 0);
    assert_eq!(house.sent()[1].1["type"], "deliver");
}

#[tokio::test(start_paused = true)]
async fn a_message_is_hidden_briefly_while_somebody_else_is_asking() {
    let house = House::with(vec![Script::InProgress(None)]);
    let batch = batch(&house, 1).await;
    assert_eq!(left_over(&house, &batch).await, 1);
    assert_eq!(house.queues.hidden().last(), Some(&("r-1".to_owned(), 5)));
}

#[tokio::test(start_paused = true)]
async fn a_message_is_hidden_until_the_next_try_is_due() {
    let house = House::with(vec![Script::InProgress(Some(Duration::from_secs(360)))]);
    let batch = batch(&house, 1).await;
    assert_eq!(left_over(&house, &batch).await, 1);
    assert_eq!(house.queues.hidden().last(), Some(&("r-1".to_owned(), 360)));
}

#[tokio::test(start_paused = true)]
async fn a_message_stays_hidden_while_the_agent_thinks() {
    let house = House::with(vec![Script::Answers("late", Duration::from_secs(50))]);
    let batch = batch(&house, 1).await;
    assert_eq!(left_over(&house, &batch).await, 0);
    assert_eq!(house.queues.hidden(), vec![("r-1".to_owned(), 60); 3]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_understood_stays_in_its_queue() {
    let house = House::that_answers();
    for body in ["{}", "not json", r#"{"v":2,"type":"answer_query","tracking_id":"x"}"#] {
        assert_eq!(left_over(&house, &of_body(body, 1)).await, 1, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_always_crashes_its_handler_ends_with_a_notice() {
    let house = House::that_answers();
    let batch = batch(&house, 99).await;
    assert_eq!(left_over(&house, &batch).await, 0);
    let (queue, message) = house.sent().pop().unwrap();
    assert_eq!((queue.as_str(), &message["type"]), ("general", &json!("deliver")));
}

#[tokio::test(start_paused = true)]
async fn an_expired_question_is_not_asked() {
    let house = House::that_answers();
    let soon = START.plus(Duration::from_secs(10)).to_string();
    let body = crate::fixtures::ORIGINAL.replace('{', &format!("{{\"deliver_before\":\"{soon}\","));
    let accepted = house.send("POST", "/webhook", &[("prefer", "respond-async")], body.as_bytes()).await;
    let id = body_of(&accepted)["tracking_id"].as_str().unwrap().to_owned();
    tokio::time::advance(Duration::from_secs(11)).await;
    let message = of_body(&json!({"v": 1, "type": "answer_query", "tracking_id": id}).to_string(), 1);
    assert_eq!(left_over(&house, &message).await, 0);
    assert!(house.agent.requests.lock().unwrap().is_empty());
    let delivery = house.records.json(&format!("conversations/{id}/delivery.json")).unwrap();
    assert_eq!(delivery["failure_reason"], "expired");
}

/// A message of a conversation that is not there.
fn of_nobody(id: TrackingId) -> SqsEvent {
    of_body(&json!({"v": 1, "type": "answer_query", "tracking_id": id}).to_string(), 1)
}

#[tokio::test(start_paused = true)]
async fn a_message_of_a_deleted_conversation_is_done_without_asking_the_agent() {
    let house = House::with(Vec::new());
    let id: TrackingId = "0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b".parse().unwrap();
    let tombstone = DeletedRecord { v: VERSION, tracking_id: id, deleted_at: START };
    let _ = create(&house.records, &keys::deleted(id), &tombstone).await.unwrap();
    assert_eq!(left_over(&house, &of_nobody(id)).await, 0);
    assert_eq!((house.sent().len(), house.queues.hidden().len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_query_is_lost_stays_and_rings() {
    let house = House::with(Vec::new());
    let id = "0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b".parse().unwrap();
    assert_eq!(left_over(&house, &of_nobody(id)).await, 1);
    assert_eq!(house.queues.hidden(), [("r-1".to_owned(), 30)]);
    assert_eq!(AdvanceError::QueryMissing.attribution(), Attribution::Configuration);
}
