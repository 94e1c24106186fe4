//! The lease: one asks, the others wait, and nobody waits for the dead.

use std::time::Duration;

use revops_core::messages::AskReply;
use revops_core::records::keys;
use serde_json::json;

use crate::world::{World, answer, put};

const BUSY: AskReply = AskReply::InProgress { retry_at: None };

pub(crate) fn held_by(world: &World, token: &str, state: &str) {
    let lease = json!({"v": 1, "state": state, "token": token, "lives_ms": 130_000, "number": 1});
    world.put(keys::lease(world.id).path(), &lease);
}

#[tokio::test(start_paused = true)]
async fn of_two_concurrent_callers_one_asks_and_the_other_is_told_so() {
    let world = World::new([Ok(answer("once"))]);
    let (first, second) = tokio::join!(world.ask("t-1"), world.ask("t-2"));
    let mut replies = [first.unwrap(), second.unwrap()];
    replies.sort_by_key(|reply| *reply != AskReply::Answered);
    assert_eq!(replies, [AskReply::Answered, BUSY]);
    assert_eq!(world.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn forty_racers_ask_once() {
    let world = World::new([Ok(answer("once"))]);
    let tokens: Vec<_> = (0..40).map(|number| format!("t-{number}")).collect();
    let mut racers = tokio::task::JoinSet::new();
    let world = std::sync::Arc::new(world);
    for token in tokens {
        let world = std::sync::Arc::clone(&world);
        racers.spawn(async move { world.ask(&token).await.unwrap() });
    }
    let replies = racers.join_all().await;
    assert_eq!(replies.iter().filter(|reply| **reply == AskReply::Answered).count(), 1);
    assert_eq!(world.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn while_another_holds_the_lease_nobody_else_asks() {
    let world = World::new([]);
    held_by(&world, "other", "held");
    world.clock.advance(Duration::from_secs(129));
    assert_eq!(world.ask("t-1").await.unwrap(), BUSY);
}

#[tokio::test(start_paused = true)]
async fn an_expired_lease_is_taken_over() {
    let world = World::new([Ok(answer("ok"))]);
    held_by(&world, "crashed", "held");
    world.clock.advance(Duration::from_secs(130));
    assert_eq!(world.ask("t-1").await.unwrap(), AskReply::Answered);
    let lease = world.record("lease.json").unwrap();
    assert_eq!((&lease["token"], &lease["number"]), (&json!("t-1"), &json!(2)));
}

#[tokio::test(start_paused = true)]
async fn a_released_lease_is_taken_at_once() {
    let world = World::new([Ok(answer("ok"))]);
    held_by(&world, "other", "released");
    assert_eq!(world.ask("t-1").await.unwrap(), AskReply::Answered);
}

#[tokio::test(start_paused = true)]
async fn whoever_repeats_the_token_of_a_failed_invocation_takes_its_lease_over_at_once() {
    let world = World::new([Ok(answer("ok"))]);
    held_by(&world, "t-1", "held");
    assert_eq!(world.ask("t-2").await.unwrap(), BUSY);
    assert_eq!(world.ask("t-1").await.unwrap(), AskReply::Answered);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_came_while_the_lease_was_taken_over_is_not_asked_for_again() {
    let world = World::new([]);
    held_by(&world, "other", "released");
    let failed = json!({"v": 1, "decided_at": "2025-08-13T06:30:00.000Z", "attempt": 1,
        "status": "failed", "code": "invalid", "message": "no"});
    let (records, key) = (world.records.clone(), keys::answer(world.id).path().to_owned());
    world.function.records.once_leased(move || put(&records, &key, &failed));
    assert_eq!(world.ask("t-1").await.unwrap(), AskReply::Failed);
    assert!(world.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn of_two_answers_the_first_that_is_stored_is_everybodys() {
    // The first holder outlives its lease, so that both ask.
    let world = World::new([Ok(answer("first")), Ok(answer("second"))]);
    let (first, second) = tokio::join!(world.ask("t-1"), async {
        while world.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        world.clock.advance(Duration::from_secs(130));
        world.ask("t-2").await
    });
    assert_eq!((first.unwrap(), second.unwrap()), (AskReply::Answered, AskReply::Answered));
    assert_eq!(world.asked().len(), 2);
    assert_eq!(world.record("answer.json").unwrap()["text"], "first");
}
