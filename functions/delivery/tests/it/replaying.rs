//! Replays: sent twice, at once, after a crash; and copies of one message that end differently.

use crate::support::{START, World};
use delivery::ports::Response;
use futures_util::FutureExt as _;
use revops_core::messages::{Deliver, Message};
use revops_core::ports::CreateRecords as _;
use revops_core::records::Run;
use serde_json::{Value, json};

/// A world whose first run was refused, and the message of the second.
async fn refused() -> (World, Deliver) {
    let world = World::new().await;
    world.receiver.answers_status(400);
    assert!(world.receive(&world.message(), 1).await);
    let letter = world.queues.sent().remove(0).message.body;
    let Message::Deliver(replay) = Message::parse(&letter).unwrap() else { panic!("not a delivery") };
    (world, replay)
}

/// What stores `record` under the conversation at the moment of the call.
fn storing(world: &World, name: &str, record: Value) -> impl Fn() + Send + 'static {
    let (records, key) = (world.records.clone(), format!("conversations/{}/{name}", world.id));
    move || {
        let body = record.to_string().into_bytes();
        let _ = records.create(&key, body).now_or_never().unwrap().unwrap();
    }
}

fn outcome(status: &str) -> Value {
    json!({"v": 1, "run": 1, "status": status, "reason": "http_status", "at": START, "attempts": 1})
}

/// The status of the conversation as its exports tell it.
fn exported(world: &World) -> Value {
    let summary = world.records.keys().into_iter().find(|key| key.ends_with("/summary.json")).unwrap();
    world.records.json(&summary).unwrap()["status"].clone()
}

#[tokio::test]
async fn a_replay_sent_twice_makes_one_post() {
    let (world, replay) = refused().await;
    assert!(world.receive(&replay, 1).await);
    assert!(world.receive(&replay, 1).await);
    assert_eq!((world.receiver.got().len(), world.metric("DuplicatesSuppressed")), (2, 1.0));
}

#[tokio::test]
async fn a_replay_whose_copy_is_being_posted_waits_and_finds_its_outcome() {
    let (world, replay) = refused().await;
    let claim = json!({"v": 1, "run": 2, "attempt": 1, "token": "the other's"});
    storing(&world, "attempts/002-001-claim.json", claim)();
    assert!(!world.receive(&replay, 1).await);
    assert_eq!((world.receiver.got().len(), world.hidden_for()), (1, 5));
    let mut delivered = outcome("delivered");
    delivered["run"] = json!(2);
    storing(&world, "outcomes/002-delivered.json", delivered)();
    world.advance(5);
    assert!(world.receive(&replay, 2).await);
    assert_eq!(world.receiver.got().len(), 1);
}

#[tokio::test]
async fn a_replay_whose_attempt_died_is_taken_over_after_half_a_minute() {
    let (world, replay) = refused().await;
    let claim = json!({"v": 1, "run": 2, "attempt": 1, "token": "a dead one's"});
    storing(&world, "attempts/002-001-claim.json", claim)();
    world.advance(30);
    assert!(!world.receive(&replay, 1).await);
    world.advance(1);
    assert!(world.receive(&replay, 2).await);
    assert_eq!(world.receiver.got().len(), 2);
    assert_ne!(world.json("attempts/002-001-claim.json").unwrap()["token"], "a dead one's");
}

#[tokio::test]
async fn a_replay_that_is_told_to_come_again_does_so_at_once_when_it_is_due() {
    let (world, replay) = refused().await;
    world.receiver.answers_status(503);
    assert!(!world.receive(&replay, 1).await);
    world.advance(11);
    assert!(world.receive(&replay, 2).await);
    assert_eq!(world.json("outcomes/002-delivered.json").unwrap()["attempts"], 2);
}

#[tokio::test]
async fn a_first_run_claims_nothing() {
    let world = World::new().await;
    assert!(world.receive(&world.message(), 1).await);
    assert!(!world.records.keys().iter().any(|key| key.contains("claim")));
}

#[tokio::test]
async fn of_two_copies_the_one_that_is_refused_after_the_other_was_delivered_leaves_no_dead_letter() {
    let world = World::new().await;
    let the_other_delivers = storing(&world, "outcomes/001-delivered.json", outcome("delivered"));
    world.receiver.answers(move || {
        the_other_delivers();
        Ok(Response { status: 400, ..Response::default() })
    });
    assert!(world.receive(&world.message(), 1).await);
    assert!(world.queues.sent().is_empty() && world.json("outcomes/001-failed.json").is_none());
    assert_eq!(exported(&world), "delivered");
}

#[tokio::test]
async fn of_two_copies_the_one_that_is_delivered_after_the_other_was_refused_counts_and_a_replay_makes_no_post()
 {
    let world = World::new().await;
    let the_other_fails = storing(&world, "outcomes/001-failed.json", outcome("failed"));
    world.receiver.answers(move || {
        the_other_fails();
        Ok(Response { status: 200, ..Response::default() })
    });
    assert!(world.receive(&world.message(), 1).await);
    assert!(
        world.json("outcomes/001-failed.json").is_some()
            && world.json("outcomes/001-delivered.json").is_some()
    );
    // The letter that the other one left.
    let replay = Deliver { run: Run(2), ..world.message() };
    assert!(world.receive(&replay, 1).await);
    assert_eq!((world.receiver.got().len(), exported(&world)), (1, json!("delivered")));
}
