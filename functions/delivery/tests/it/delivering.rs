//! Attempts: what is sent, what is recorded, when the message waits, and when nothing is sent.

use std::time::Duration;

use crate::support::{ENVELOPE, SECRET, START, World};
use delivery::ports::Response;
use futures_util::FutureExt as _;
use revops_core::Timestamp;
use revops_core::ports::CreateRecords as _;
use revops_core::retry::NoAnswer;
use revops_core::sign::{SignatureHeaders, VerifyingKey, verify};

#[tokio::test]
async fn an_answer_is_posted_signed_and_byte_for_byte_and_its_end_is_recorded_and_exported() {
    let world = World::new().await;
    assert!(world.receive(&world.message(), 1).await);
    let sent = world.receiver.got().remove(0);
    assert_eq!((sent.body.as_str(), sent.url.as_str()), (ENVELOPE, "https://example.com/deals"));
    assert_eq!(sent.webhook_id, world.id.delivery_id().as_str());
    let timestamp = sent.timestamp.to_string();
    let headers =
        SignatureHeaders { id: &sent.webhook_id, timestamp: &timestamp, signature: &sent.signature };
    let keys = [VerifyingKey::parse(SECRET).unwrap()];
    assert_eq!(verify(&headers, sent.body.as_bytes(), &keys, START, Duration::from_secs(1)), Ok(()));
    let outcome = world.json("outcomes/001-delivered.json").unwrap();
    assert_eq!((&outcome["attempts"], &outcome["http_status"]), (&1.into(), &200.into()));
    assert_eq!(world.exports(), 4);
    assert_eq!((world.metric("Delivered"), world.metric("DeliveryAttempts")), (1.0, 1.0));
}

#[tokio::test]
async fn a_failed_attempt_is_recorded_and_the_message_hidden_until_the_next_one() {
    let world = World::new().await;
    world.receiver.answers_status(503);
    assert!(!world.receive(&world.message(), 1).await);
    let attempt = world.json("attempts/001-001.json").unwrap();
    assert_eq!(
        (&attempt["error"], &attempt["response"]["http_status"]),
        (&"http_status".into(), &503.into())
    );
    let due: Timestamp = attempt["next_attempt_at"].as_str().unwrap().parse().unwrap();
    assert!((10..=11).contains(&due.since(START).as_secs()));
    assert!((10..=11).contains(&world.hidden_for()));
    world.advance(11);
    assert!(world.receive(&world.message(), 2).await);
    let outcome = world.json("outcomes/001-delivered.json").unwrap();
    assert_eq!(outcome["attempts"], 2);
    let sent = world.receiver.got();
    assert_eq!((&sent[0].webhook_id, &sent[0].body), (&sent[1].webhook_id, &sent[1].body));
    assert_ne!(sent[0].signature, sent[1].signature);
}

#[tokio::test]
async fn a_message_that_wakes_early_is_hidden_again_without_an_attempt() {
    let world = World::new().await;
    world.receiver.answers_status(503);
    world.receive(&world.message(), 1).await;
    world.advance(3);
    assert!(!world.receive(&world.message(), 2).await);
    assert_eq!(world.receiver.got().len(), 1);
    assert!((7..=8).contains(&world.hidden_for()));
}

#[tokio::test]
async fn attempts_are_counted_from_the_records_and_not_from_the_receive_count() {
    let world = World::new().await;
    world.receiver.answers_status(503);
    assert!(!world.receive(&world.message(), 42).await);
    assert_eq!(world.json("attempts/001-001.json").unwrap()["attempt"], 1);
    assert!((10..=11).contains(&world.hidden_for()));
}

#[tokio::test]
async fn a_wait_beyond_twelve_hours_is_taken_in_pieces() {
    let day = [("RETRY_BASE_SECONDS", "86400"), ("RETRY_MAX_SECONDS", "86400")];
    let world = World::with(&day).await;
    world.receiver.answers_status(503);
    world.receive(&world.message(), 1).await;
    assert_eq!(world.hidden_for(), 43_140);
    world.advance(43_140);
    assert!(!world.receive(&world.message(), 2).await);
    assert_eq!(world.hidden_for(), 43_140);
    assert_eq!(world.receiver.got().len(), 1);
}

#[tokio::test]
async fn a_schedule_of_three_days_is_kept_to_the_second_in_whatever_pieces_its_waits_are_taken() {
    let world = World::with(&[("RETRY_PROFILE", "standard-webhooks")]).await;
    (0..10).for_each(|_| world.receiver.answers_status(503));
    let mut receives = 1;
    while !world.receive(&world.message(), receives).await {
        assert!(world.hidden_for() <= 43_200, "what SQS takes");
        world.advance(world.hidden_for().into());
        receives += 1;
    }
    let posted: Vec<i64> = world.receiver.got().iter().map(|sent| sent.timestamp).collect();
    assert_eq!((posted.len(), receives), (10, 14), "waits of 14, 20 and 24 hours have one more piece or two");
    let schedule = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for ((number, delay), pair) in (1..).zip(schedule).zip(posted.windows(2)) {
        let attempt = world.json(&format!("attempts/001-{number:03}.json")).unwrap();
        let due: Timestamp = attempt["next_attempt_at"].as_str().unwrap().parse().unwrap();
        let planned = due.unix_ms() - pair[0] * 1_000;
        let jitter = (delay / 10).max(1);
        assert!((delay * 1_000..=(delay + jitter) * 1_000).contains(&planned), "{number}: {planned} ms");
        let late = pair[1] * 1_000 - due.unix_ms();
        assert!((-999..=1_000).contains(&late), "attempt {number} came {late} ms after it was due");
    }
}

#[tokio::test]
async fn retry_after_delays_and_a_negative_one_ends_the_run() {
    let world = World::new().await;
    world
        .receiver
        .answers(|| Ok(Response { status: 503, retry_after: Some("600".into()), ..Response::default() }));
    world.receive(&world.message(), 1).await;
    assert!((600..=660).contains(&world.hidden_for()));
    world.advance(660);
    world
        .receiver
        .answers(|| Ok(Response { status: 503, retry_after: Some("-1".into()), ..Response::default() }));
    assert!(world.receive(&world.message(), 2).await);
    assert_eq!(world.json("outcomes/001-failed.json").unwrap()["reason"], "stopped_by_receiver");
}

#[tokio::test]
async fn an_attempt_starts_only_if_the_time_left_covers_it() {
    let world = World::new().await;
    assert!(!world.receive_within(&world.message(), 1, Duration::from_secs(24)).await);
    assert_eq!((world.receiver.got().len(), world.hidden_for()), (0, 0));
    assert_eq!(world.json("attempts/001-001.json"), None);
    assert!(world.receive_within(&world.message(), 2, Duration::from_secs(25)).await);
}

#[tokio::test]
async fn a_retry_that_would_come_after_deliver_before_expires_the_run_at_once() {
    let world = World::new().await;
    world.store(|record| record.deliver_before = Some(START.plus(Duration::from_secs(5)))).await;
    world.receiver.answers_status(503);
    assert!(world.receive(&world.message(), 1).await);
    assert_eq!(world.json("outcomes/001-expired.json").unwrap()["attempts"], 1);
    assert_eq!((world.queues.sent().len(), world.exports()), (0, 4));
}

#[tokio::test]
async fn after_deliver_before_nothing_is_sent_unless_an_operator_said_so() {
    let world = World::new().await;
    world.store(|record| record.deliver_before = Some(START)).await;
    world.advance(1);
    let mut asked_for = world.message();
    asked_for.ignore_deadline = true;
    assert!(world.receive(&asked_for, 1).await);
    assert_eq!(world.receiver.got().len(), 1);
    let world = World::new().await;
    world.store(|record| record.deliver_before = Some(START)).await;
    world.advance(1);
    assert!(world.receive(&world.message(), 1).await);
    assert_eq!((world.receiver.got().len(), world.queues.sent().len()), (0, 0));
    assert!(world.json("outcomes/001-expired.json").is_some());
}

#[tokio::test]
async fn without_keys_nothing_is_sent_and_no_attempt_is_counted() {
    let arn =
        [("SIGNING_SECRETS", ""), ("SIGNING_SECRETS_ARN", "arn:aws:secretsmanager:us-east-1:1:secret:x")];
    let world = World::with(&arn).await;
    for (count, seconds) in [(1, 30), (2, 60), (3, 120)] {
        assert!(!world.receive(&world.message(), count).await);
        assert_eq!(world.hidden_for(), seconds);
    }
    assert_eq!((world.receiver.got().len(), world.json("attempts/001-001.json")), (0, None));
}

#[tokio::test]
async fn an_outage_of_the_record_store_costs_no_attempt_and_no_message() {
    let world = World::new().await;
    world.records.set_outage(true);
    assert!(!world.receive(&world.message(), 1).await);
    assert_eq!((world.receiver.got().len(), world.hidden_for()), (0, 30));
    world.records.set_outage(false);
    assert!(world.receive(&world.message(), 2).await);
}

#[tokio::test]
async fn a_copy_stands_back_while_the_original_may_be_alive_and_goes_on_when_it_is_not() {
    let world = World::new().await;
    world.receiver.answers(|| Err(NoAnswer::Connection));
    world.receive(&world.message(), 1).await;
    let mut copy = world.message();
    copy.copy = true;
    world.advance(60);
    assert!(!world.receive(&copy, 1).await);
    assert!((550..=551).contains(&world.hidden_for()));
    assert_eq!(world.receiver.got().len(), 1);
    world.advance(551);
    assert!(world.receive(&copy, 2).await);
    assert_eq!(world.receiver.got().len(), 2);
}

#[tokio::test]
async fn on_scaled_time_waits_are_stored_short_and_asked_for_in_full() {
    let world = World::with(&[("TIME_SCALE", "10")]).await;
    world.receiver.answers_status(503);
    world.receive(&world.message(), 1).await;
    let attempt = world.json("attempts/001-001.json").unwrap();
    let due: Timestamp = attempt["next_attempt_at"].as_str().unwrap().parse().unwrap();
    assert!((1_000..=1_100).contains(&due.since(START).as_millis()));
    assert!((10..=11).contains(&world.hidden_for()));
    assert_eq!(world.queues.hidden()[0].1, 150);
}

#[tokio::test]
async fn two_copies_that_make_the_same_attempt_at_once_record_it_once_and_both_go_by_that_record() {
    let world = World::new().await;
    let (records, id) = (world.records.clone(), world.id);
    world.receiver.answers(move || {
        let by_the_other = serde_json::json!({
            "v": 1, "run": 1, "attempt": 1, "started_at": START, "duration_ms": 1, "error": "connection",
            "next_attempt_at": START.plus(Duration::from_secs(10)),
        });
        let body = by_the_other.to_string().into_bytes();
        let key = format!("conversations/{id}/attempts/001-001.json");
        let _ = records.create(&key, body).now_or_never().unwrap().unwrap();
        Ok(Response { status: 404, ..Response::default() })
    });
    assert!(!world.receive(&world.message(), 1).await);
    assert_eq!((world.hidden_for(), world.queues.sent().len()), (5, 0));
    world.advance(5);
    assert!(!world.receive(&world.message(), 2).await);
    assert_eq!((world.hidden_for(), world.receiver.got().len()), (5, 1));
}
