//! The redrive policy.

use super::*;

#[test]
fn a_message_moves_when_its_receive_count_would_exceed_the_maximum() {
    let mut sqs = fixture();
    sqs.send("poison", T0);
    for receive in 0..3 {
        assert_eq!(sqs.receive_one(T0 + receive * 30 * SECOND).receive_count, receive + 1);
    }
    let now = T0 + 90 * SECOND;
    assert_eq!(sqs.counts("dead", now), (0, 0, 0), "the policy acts at a receive");
    assert_eq!(sqs.receive(10, now), []);
    assert_eq!(sqs.counts("q", now), (0, 0, 0));
    let dead = sqs.receive_from("dead", now).remove(0);
    assert_eq!(dead.message_id, "poison");
    assert_eq!((dead.sent_ms, dead.dead_letter_source.as_deref()), (T0, Some("q")));
}

#[test]
fn a_receive_goes_on_past_the_messages_that_it_dead_letters() {
    let mut sqs = fixture();
    sqs.send("poison", T0);
    (0..3).for_each(|receive| drop(sqs.receive_one(T0 + receive * 30 * SECOND)));
    let now = T0 + 90 * SECOND;
    sqs.send("good", now);
    assert_eq!(bodies(&sqs.receive(1, now)), ["good"]);
    assert_eq!(sqs.counts("dead", now), (1, 0, 0));
}

#[test]
fn a_handle_from_before_the_move_is_void() {
    let mut sqs = fixture();
    sqs.send("poison", T0);
    let mut handle = String::new();
    (0..3).for_each(|receive| handle = sqs.receive_one(T0 + receive * 30 * SECOND).receipt_handle);
    let now = T0 + 90 * SECOND;
    sqs.receive(1, now);
    sqs.store.delete("q", &handle).unwrap();
    assert_eq!(sqs.change(&handle, 1, now), Err(Refusal::MessageNotAvailable));
    assert_eq!(sqs.counts("dead", now), (1, 0, 0));
}

#[test]
fn retention_runs_on_in_the_dead_letter_queue() {
    let mut sqs = fixture();
    let retention = Settings::default().retention_ms;
    sqs.send("poison", T0);
    let start = T0 + retention - 100 * SECOND;
    (0..3).for_each(|receive| drop(sqs.receive_one(start + receive * 30 * SECOND)));
    sqs.receive(1, start + 90 * SECOND);
    assert_eq!(sqs.counts("dead", start + 90 * SECOND), (1, 0, 0));
    assert_eq!(sqs.counts("dead", T0 + retention), (0, 0, 0));
}

#[test]
fn without_its_dead_letter_queue_a_message_keeps_coming() {
    let mut sqs = fixture();
    sqs.store.delete_queue("dead").unwrap();
    sqs.send("m", T0);
    for receive in 0..6 {
        sqs.receive_one(T0 + receive * 30 * SECOND);
    }
}

#[test]
fn a_policy_needs_a_target_that_exists() {
    let mut sqs = fixture();
    let policy = RedrivePolicy { dead_letter_queue: "nowhere".into(), max_receive_count: 1 };
    let settings = Settings { redrive: Some(policy), ..Settings::default() };
    let outcome = sqs.store.create_queue("new", &settings, T0);
    assert_eq!(refusal(outcome), Err(Refusal::DeadLetterTargetDoesNotExist));
}
