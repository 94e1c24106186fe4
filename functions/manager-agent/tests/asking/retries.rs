//! Failed tries: recorded, waited for, and at last final.

use std::time::Duration;

use revops_core::Timestamp;
use revops_core::messages::AskReply;
use revops_core::ports::{AgentErrorCode, Clock};
use serde_json::json;

use crate::takeover::held_by;
use crate::world::{World, answer, put, retryable};

async fn retry_at(world: &World, token: &str) -> Timestamp {
    match world.ask(token).await.unwrap() {
        AskReply::InProgress { retry_at: Some(at) } => at,
        reply @ (AskReply::Answered | AskReply::Failed | AskReply::InProgress { retry_at: None }) => {
            panic!("{reply:?}")
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_try_is_recorded_with_the_time_of_the_next_and_gives_the_lease_back() {
    let world = World::new([Err(retryable(AgentErrorCode::Throttled))]);
    let at = retry_at(&world, "t-1").await;
    let wait = at.since(world.clock.now());
    assert!((Duration::from_secs(10)..=Duration::from_secs(11)).contains(&wait), "{wait:?}");
    let record = world.record("agent-attempts/001.json").unwrap();
    assert_eq!((&record["code"], &record["retry_at"]), (&json!("throttled"), &json!(at.to_string())));
    assert_eq!(world.record("lease.json").unwrap()["state"], "released");
    assert_eq!(world.metric_lines("AgentErrors"), 1);
}

#[tokio::test(start_paused = true)]
async fn until_its_time_nobody_asks_and_then_whoever_comes_first_does() {
    let world = World::new([Err(retryable(AgentErrorCode::ServiceError)), Ok(answer("at last"))]);
    let at = retry_at(&world, "t-1").await;
    assert_eq!(retry_at(&world, "t-2").await, at);
    assert_eq!(retry_at(&world, "t-1").await, at);
    assert_eq!(world.asked().len(), 1);
    world.clock.advance(at.since(world.clock.now()));
    assert_eq!(world.ask("t-3").await.unwrap(), AskReply::Answered);
    assert_eq!(world.record("answer.json").unwrap()["attempt"], 2);
}

#[tokio::test(start_paused = true)]
async fn each_try_has_a_session_of_its_own_unless_the_caller_named_one() {
    let failing = || [Err(retryable(AgentErrorCode::BrokenStream)), Ok(answer("ok"))];
    let (fresh, named) = (World::new(failing()), World::without_query());
    let named = {
        named.put_query(Some("550e8400-e29b-41d4-a716-446655440000"));
        named.agent().script(failing());
        named
    };
    for world in [&fresh, &named] {
        let at = retry_at(world, "t-1").await;
        world.clock.advance(at.since(world.clock.now()));
        world.ask("t-2").await.unwrap();
    }
    let sessions =
        |world: &World| world.asked().into_iter().map(|asked| asked.session_id).collect::<Vec<_>>();
    assert_ne!(sessions(&fresh)[0], sessions(&fresh)[1]);
    assert_eq!(sessions(&named), ["550e8400-e29b-41d4-a716-446655440000"; 2]);
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_never_answers_is_given_up_after_six_hours() {
    let world = World::new(std::iter::repeat_with(|| Err(retryable(AgentErrorCode::TimedOut))).take(20));
    let started = world.clock.now();
    let mut waits = Vec::new();
    let failed = loop {
        match world.ask("t").await.unwrap() {
            AskReply::InProgress { retry_at: Some(at) } => {
                waits.push(at.since(world.clock.now()).as_secs());
                world.clock.advance(at.since(world.clock.now()));
            }
            reply @ (AskReply::Answered | AskReply::Failed | AskReply::InProgress { retry_at: None }) => {
                break reply;
            }
        }
    };
    assert_eq!(failed, AskReply::Failed);
    for (wait, expected) in waits.iter().zip([10, 60, 360, 2_160, 12_960]) {
        assert!((expected..=expected + expected / 10 + 1).contains(wait), "{waits:?}");
    }
    assert_eq!((waits.len(), world.asked().len()), (5, 6));
    assert!(world.clock.now().since(started) < Duration::from_hours(6));
    assert_eq!(world.record("answer.json").unwrap()["code"], "timed_out");
}

#[tokio::test(start_paused = true)]
async fn a_scaled_stack_waits_a_scaled_time() {
    let mut world = World::new([Err(retryable(AgentErrorCode::Throttled))]);
    world.function.settings.scale = "10".parse().unwrap();
    let wait = retry_at(&world, "t-1").await.since(world.clock.now());
    assert!((Duration::from_secs(1)..=Duration::from_millis(1_100)).contains(&wait), "{wait:?}");
}

#[tokio::test(start_paused = true)]
async fn a_try_that_failed_while_the_lease_was_taken_over_is_waited_for() {
    let world = World::new([]);
    held_by(&world, "other", "released");
    let at = world.clock.now().plus(Duration::from_secs(10));
    let (records, (key, record)) = (world.records.clone(), world.failed_try(1, at));
    world.function.records.once_leased(move || put(&records, &key, &record));
    assert_eq!(retry_at(&world, "t-1").await, at);
    assert_eq!(world.record("lease.json").unwrap()["state"], "released");
    assert!(world.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_number_that_another_invocation_wrote_first_brings_its_time() {
    let world = World::new([Err(retryable(AgentErrorCode::Throttled))]);
    let theirs = world.clock.now().plus(Duration::from_secs(77));
    let (at, ()) = tokio::join!(retry_at(&world, "t-1"), async {
        while world.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        let (key, record) = world.failed_try(1, theirs);
        world.put(&key, &record);
    });
    assert_eq!(at, theirs);
}
