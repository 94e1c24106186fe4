//! Ends: dead-letter copies, outcomes, exports, and what happens when an ending is interrupted or repeated.

use crate::support::{DEAD_LETTERS, World};
use revops_core::messages::{Deliver, Message};
use revops_core::records::Run;
use revops_core::retry::NoAnswer;

#[tokio::test]
async fn a_refusal_ends_in_the_dead_letter_queue_as_the_next_run_with_its_reason() {
    let world = World::new().await;
    world.receiver.answers_status(400);
    assert!(world.receive(&world.message(), 1).await);
    let copy = world.queues.sent().remove(0);
    assert_eq!(copy.queue_url, DEAD_LETTERS);
    let Message::Deliver(deliver) = Message::parse(&copy.message.body).unwrap() else {
        panic!("not a delivery")
    };
    assert_eq!((deliver.run, deliver.tracking_id), (Run(2), world.id));
    let attributes = copy.message.attributes;
    assert_eq!(attributes[0], ("reason", "http_status".to_owned()));
    assert_eq!(attributes[1], ("header", "deal_analysis".to_owned()));
    assert_eq!(attributes[2], ("tracking_id", world.id.to_string()));
    assert_eq!(attributes[3], ("attempts", "1".to_owned()));
    assert_eq!(world.json("outcomes/001-failed.json").unwrap()["reason"], "http_status");
    assert_eq!(world.exports(), 4);
    assert_eq!((world.metric("DeadLettered"), world.metric("DeliveryFailed")), (1.0, 1.0));
}

#[tokio::test]
async fn a_delivery_at_once_reads_no_record_twice() {
    let world = World::new().await;
    assert!(world.receive(&world.message(), 1).await);
    // Before the POST: delivery, three outcomes, an attempt, the destination's marker. For the exports: query,
    // answer, the agent's failed tries, and whether the conversation was deleted meanwhile.
    assert_eq!(world.records.reads(), 6 + 4);
}

#[tokio::test]
async fn what_is_exported_from_what_is_known_is_what_all_records_say() {
    let world = World::new().await;
    world.receiver.answers_status(503);
    world.receive(&world.message(), 1).await;
    world.advance(11);
    assert!(world.receive(&world.message(), 2).await);
    let exported = || {
        let keys = world.records.keys().into_iter().filter(|key| key.starts_with("conversation-history/"));
        keys.map(|key| world.records.json(&key)).collect::<Vec<_>>()
    };
    let from_known = exported();
    assert_eq!(from_known.len(), 4);
    assert!(world.receive(&world.message(), 3).await, "a duplicate, which reads everything");
    assert_eq!(exported(), from_known);
}

#[tokio::test]
async fn the_last_attempt_of_the_policy_ends_the_run() {
    let world = World::new().await;
    for count in 1..=5 {
        world.receiver.answers(|| Err(NoAnswer::TimedOut));
        assert_eq!(world.receive(&world.message(), count).await, count == 5, "{count}");
        world.advance(3_000);
    }
    let outcome = world.json("outcomes/001-failed.json").unwrap();
    assert_eq!((&outcome["reason"], &outcome["attempts"]), (&"attempts_exhausted".into(), &5.into()));
    assert_eq!(world.json("attempts/001-005.json").unwrap()["error"], "timed_out");
}

#[tokio::test]
async fn in_a_crowded_queue_short_waits_are_taken_and_a_long_one_ends_in_the_dead_letter_queue() {
    for (in_flight, kept) in [(90_000, true), (90_001, false)] {
        let world = World::new().await;
        world.queues.set_in_flight(in_flight);
        // 10 s, 1 min and 6 min are short; the fourth wait, 36 min, is not.
        for count in 1..=4 {
            world.receiver.answers_status(503);
            assert_eq!(world.receive(&world.message(), count).await, count == 4 && !kept, "{count}");
            world.advance(3_000);
        }
        let outcome = world.json("outcomes/001-failed.json");
        assert_eq!(outcome.is_none(), kept);
        assert!(outcome.is_none_or(|outcome| outcome["reason"] == "backlog_limit"));
        assert_eq!(world.queues.sent().len(), usize::from(!kept), "a copy that can be replayed");
    }
}

#[tokio::test]
async fn a_refused_address_is_never_tried_again() {
    let world = World::new().await;
    world.receiver.answers(|| Err(NoAnswer::BlockedAddress));
    assert!(world.receive(&world.message(), 1).await);
    assert_eq!(world.json("outcomes/001-failed.json").unwrap()["reason"], "blocked_address");
}

#[tokio::test]
async fn a_redelivered_message_whose_run_has_ended_makes_no_post_and_is_acknowledged() {
    let world = World::new().await;
    assert!(world.receive(&world.message(), 1).await);
    assert!(world.receive(&world.message(), 2).await);
    assert_eq!((world.receiver.got().len(), world.metric("DuplicatesSuppressed")), (1, 1.0));
}

#[tokio::test]
async fn a_replay_of_what_was_delivered_makes_no_post() {
    let world = World::new().await;
    world.receive(&world.message(), 1).await;
    let mut replay = world.message();
    replay.run = Run(2);
    assert!(world.receive(&replay, 1).await);
    assert_eq!(world.receiver.got().len(), 1);
}

#[tokio::test]
async fn a_replay_of_what_failed_is_a_run_of_its_own_and_counts_once_it_delivers() {
    let world = World::new().await;
    world.receiver.answers_status(400);
    world.receive(&world.message(), 1).await;
    let mut replay = world.message();
    replay.run = Run(2);
    assert!(world.receive(&replay, 1).await);
    assert!(world.receive(&replay, 1).await);
    assert_eq!(world.receiver.got().len(), 2);
    assert!(world.json("outcomes/002-delivered.json").is_some());
    let day = world.records.keys().into_iter().find(|key| key.ends_with("/summary.json")).unwrap();
    assert_eq!(world.records.json(&day).unwrap()["status"], "delivered");
}

#[tokio::test]
async fn an_ending_that_was_interrupted_before_the_copy_is_completed_for_the_same_reason_without_a_post() {
    let world = World::new().await;
    let queues = world.queues.clone();
    world.receiver.answers(move || {
        queues.set_outage(true);
        Ok(delivery::ports::Response { status: 404, ..Default::default() })
    });
    assert!(!world.receive(&world.message(), 1).await);
    assert_eq!(world.json("attempts/001-001.json").unwrap()["end_reason"], "http_status");
    assert_eq!((world.json("outcomes/001-failed.json"), world.exports()), (None, 0));
    world.queues.set_outage(false);
    world.advance(15);
    assert!(world.receive(&world.message(), 2).await);
    assert_eq!((world.receiver.got().len(), world.queues.sent().len(), world.exports()), (1, 1, 4));
    assert_eq!(world.json("outcomes/001-failed.json").unwrap()["reason"], "http_status");
}

#[tokio::test]
async fn an_outage_right_after_the_post_costs_a_duplicate_and_no_conversation() {
    let world = World::new().await;
    let records = world.records.clone();
    world.receiver.answers(move || {
        records.set_outage(true);
        Ok(delivery::ports::Response { status: 200, ..Default::default() })
    });
    assert!(!world.receive(&world.message(), 1).await);
    world.records.set_outage(false);
    assert!(world.receive(&world.message(), 2).await);
    let sent = world.receiver.got();
    assert_eq!((sent.len(), &sent[0].webhook_id), (2, &sent[1].webhook_id));
    assert_eq!(world.exports(), 4);
}

#[tokio::test]
async fn a_410_disables_the_destination_and_later_deliveries_are_kept_replayable() {
    let world = World::new().await;
    world.receiver.answers_status(410);
    assert!(world.receive(&world.message(), 1).await);
    let marker = world.records.json("destinations/deal_analysis.json").unwrap();
    assert!(!marker.to_string().contains("example.com"));
    let mut replay = world.message();
    replay.run = Run(2);
    assert!(world.receive(&replay, 1).await);
    assert_eq!((world.receiver.got().len(), world.metric("DestinationDisabled")), (1, 1.0));
    assert_eq!(world.json("outcomes/002-failed.json").unwrap()["reason"], "destination_disabled");
    assert_eq!(world.queues.sent()[1].message.attributes[0].1, "destination_disabled");
}

#[tokio::test]
async fn a_disabled_destination_is_tried_again_once_its_url_is_another() {
    let old = World::new().await;
    old.receiver.answers_status(410);
    old.receive(&old.message(), 1).await;
    let mut world = World::with(&[("DEAL_ANALYSIS_WEBHOOK_URL", "https://example.com/new")]).await;
    world.records = old.records.clone();
    world.delivery.records = old.records.clone();
    let mut replay = world.message();
    replay.run = Run(2);
    world.receiver.answers_status(410);
    world.receive(&replay, 1).await;
    assert_eq!((world.receiver.got().len(), world.metric("DestinationDisabled")), (1, 1.0));
    replay.run = Run(3);
    world.receive(&replay, 1).await;
    assert_eq!(world.receiver.got().len(), 1);
}

#[tokio::test]
async fn a_message_received_99_times_ends_as_a_crash_loop_with_copy_and_export() {
    let world = World::new().await;
    assert!(world.receive(&world.message(), 99).await);
    assert_eq!((world.receiver.got().len(), world.queues.sent().len(), world.exports()), (0, 1, 4));
    assert_eq!(world.json("outcomes/001-failed.json").unwrap()["reason"], "crash_loop");
}

#[tokio::test]
async fn the_run_of_a_failure_notice_ends_failed_and_tells_how_the_notice_fared() {
    for (status, notice, copies) in [(200, "delivered", 0), (404, "failed", 1)] {
        let world = World::new().await;
        world
            .store(|record| {
                record.failure_notice = true;
                record.failure_reason = Some("access_denied".into());
            })
            .await;
        world.receiver.answers_status(status);
        assert!(world.receive(&world.message(), 1).await);
        let outcome = world.json("outcomes/001-failed.json").unwrap();
        assert_eq!((&outcome["notice"], &outcome["reason"]), (&notice.into(), &"access_denied".into()));
        assert_eq!(world.queues.sent().len(), copies);
        let mut replay = world.message();
        replay.run = Run(2);
        world.receive(&replay, 1).await;
        assert_eq!(world.receiver.got().len(), 1 + copies, "a notice that was delivered is not sent again");
    }
}

#[tokio::test]
async fn a_conversation_that_expired_before_the_agent_was_asked_is_recorded_and_exported_without_a_post() {
    let world = World::new().await;
    world
        .store(|record| {
            record.failure_notice = true;
            record.failure_reason = Some("expired".into());
        })
        .await;
    assert!(world.receive(&world.message(), 1).await);
    assert!(world.json("outcomes/001-expired.json").is_some());
    assert_eq!((world.receiver.got().len(), world.queues.sent().len(), world.exports()), (0, 0, 4));
}

/// A message of a conversation that is not there.
fn stranger(world: &World) -> Deliver {
    Deliver { tracking_id: "0198a0a0-0000-7000-8000-000000000000".parse().unwrap(), ..world.message() }
}

#[tokio::test]
async fn a_message_of_a_deleted_conversation_is_acknowledged() {
    let world = World::new().await;
    let stranger = stranger(&world);
    world.bury(stranger.tracking_id).await;
    assert!(world.receive(&stranger, 1).await);
    assert_eq!((world.receiver.got().len(), world.failures().len()), (0, 0));
}

#[tokio::test]
async fn a_message_whose_conversation_is_lost_stays_and_rings() {
    let world = World::new().await;
    assert!(!world.receive(&stranger(&world), 1).await, "nobody deleted it");
    assert_eq!((world.receiver.got().len(), world.failures()), (0, vec!["configuration".to_owned()]));
}

#[tokio::test]
async fn a_conversation_that_is_deleted_during_its_attempt_is_not_exported() {
    let world = World::new().await;
    world.bury(world.id).await;
    assert!(world.receive(&world.message(), 1).await);
    assert_eq!((world.receiver.got().len(), world.exports()), (1, 0));
}
