//! Sending, receiving, deleting, expiring, purging.

use super::*;

#[test]
fn a_message_goes_in_and_out_once() {
    let mut sqs = fixture();
    sqs.send("hello", T0);
    let received = sqs.receive_one(T0 + 5);
    assert_eq!(received.body, "hello");
    assert_eq!((received.sent_ms, received.first_received_ms, received.receive_count), (T0, T0 + 5, 1));
    assert_eq!(sqs.receive(10, T0 + 6), []);
    sqs.store.delete("q", &received.receipt_handle).unwrap();
    assert_eq!(sqs.receive(10, T0 + 60 * SECOND), []);
    assert_eq!(sqs.counts("q", T0 + 60 * SECOND), (0, 0, 0));
}

#[test]
fn a_message_that_is_not_deleted_comes_back_after_its_visibility_timeout() {
    let mut sqs = fixture();
    sqs.send("again", T0);
    sqs.receive_one(T0);
    assert_eq!(sqs.receive(10, T0 + 30 * SECOND - 1), []);
    let second = sqs.receive_one(T0 + 30 * SECOND);
    assert_eq!((second.receive_count, second.first_received_ms), (2, T0));
}

#[test]
fn a_receive_may_set_its_own_visibility_timeout() {
    let mut sqs = fixture();
    sqs.send("short", T0);
    let receive = Receive { maximum: 1, visibility_ms: Some(2 * SECOND) };
    sqs.store.receive("q", receive, T0).unwrap();
    assert_eq!(sqs.receive(1, T0 + 2 * SECOND - 1), []);
    sqs.receive_one(T0 + 2 * SECOND);
}

#[test]
fn a_delayed_message_appears_when_its_delay_is_over() {
    let mut sqs = fixture();
    sqs.store.send("q", &NewMessage { delay_seconds: Some(20), ..message("later") }, T0).unwrap();
    assert_eq!(sqs.counts("q", T0), (0, 1, 0));
    assert_eq!(sqs.receive(10, T0 + 20 * SECOND - 1), []);
    sqs.receive_one(T0 + 20 * SECOND);
}

#[test]
fn the_queue_delays_messages_whose_sender_does_not_say() {
    let mut sqs = fixture();
    let settings = Settings { delay_ms: 5 * SECOND, ..Settings::default() };
    sqs.store.create_queue("slow", &settings, T0).unwrap();
    sqs.store.send("slow", &message("default"), T0).unwrap();
    sqs.store.send("slow", &NewMessage { delay_seconds: Some(0), ..message("at once") }, T0).unwrap();
    assert_eq!(bodies(&sqs.receive_from("slow", T0)), ["at once"]);
    assert_eq!(bodies(&sqs.receive_from("slow", T0 + 5 * SECOND)), ["default"]);
}

#[test]
fn a_receive_takes_at_most_what_was_asked_for_and_the_oldest_first() {
    let mut sqs = fixture();
    (0..5).for_each(|number| sqs.send(&number.to_string(), T0 + number));
    assert_eq!(bodies(&sqs.receive(3, T0 + 10)), ["0", "1", "2"]);
    assert_eq!(bodies(&sqs.receive(3, T0 + 10)), ["3", "4"]);
}

#[test]
fn messages_expire_by_the_time_they_were_sent_in_flight_or_not() {
    let mut sqs = fixture();
    let retention = Settings::default().retention_ms;
    sqs.send("old", T0);
    sqs.receive_one(T0 + retention - 1);
    sqs.send("young", T0 + 1);
    assert_eq!(bodies(&sqs.receive(10, T0 + retention)), ["young"]);
    assert_eq!(sqs.counts("q", T0 + retention), (0, 0, 1));
    assert_eq!(sqs.counts("q", T0 + retention + 1), (0, 0, 0));
}

#[test]
fn a_purge_empties_the_queue_and_nothing_else() {
    let mut sqs = fixture();
    sqs.send("a", T0);
    sqs.send("b", T0);
    sqs.store.send("dead", &message("other"), T0).unwrap();
    sqs.receive(1, T0);
    sqs.store.purge_queue("q").unwrap();
    assert_eq!(sqs.counts("q", T0), (0, 0, 0));
    assert_eq!(sqs.counts("dead", T0), (1, 0, 0));
}

#[test]
fn a_message_above_the_queues_maximum_is_refused() {
    let mut sqs = fixture();
    let full = NewMessage { body: "x".repeat(1_048_576), ..message("m") };
    sqs.store.send("q", &full, T0).unwrap();
    let above = NewMessage { body: "x".repeat(1_048_577), ..message("m") };
    assert_eq!(refusal(sqs.store.send("q", &above, T0)), Err(Refusal::MessageTooLong(1_048_576)));
}

#[test]
fn a_full_flight_is_over_limit_until_something_is_deleted() {
    let mut sqs = fixture();
    sqs.store.limit_in_flight(2);
    (0..4).for_each(|number| sqs.send(&number.to_string(), T0));
    let flying = sqs.receive(10, T0);
    assert_eq!(flying.len(), 2, "a receive fills the flight and no more");
    let again = sqs.store.receive("q", Receive { maximum: 1, visibility_ms: None }, T0);
    assert_eq!(refusal(again), Err(Refusal::OverLimit));
    sqs.store.take_touched();
    sqs.store.delete("q", &flying[0].receipt_handle).unwrap();
    assert_eq!(sqs.store.take_touched()["q"].ready, 1, "a waiting receive is woken");
    assert_eq!(sqs.receive(10, T0).len(), 1);
}

#[test]
fn a_queue_is_created_again_only_with_the_same_settings() {
    let mut sqs = fixture();
    let settings = Settings { visibility_ms: 5 * SECOND, ..Settings::default() };
    sqs.store.create_queue("new", &settings, T0).unwrap();
    sqs.store.create_queue("new", &settings, T0).unwrap();
    let other = Settings::default();
    assert_eq!(
        refusal(sqs.store.create_queue("new", &other, T0)),
        Err(Refusal::QueueExists("VisibilityTimeout"))
    );
    sqs.store.delete_queue("new").unwrap();
    sqs.store.create_queue("new", &other, T0).unwrap();
}

#[test]
fn an_unknown_queue_is_refused_everywhere() {
    let mut sqs = fixture();
    assert_eq!(refusal(sqs.store.send("no", &message("m"), T0)), Err(Refusal::QueueDoesNotExist));
    let receive = Receive { maximum: 1, visibility_ms: None };
    assert_eq!(refusal(sqs.store.receive("no", receive, T0)), Err(Refusal::QueueDoesNotExist));
    assert_eq!(refusal(sqs.store.delete("no", "handle")), Err(Refusal::QueueDoesNotExist));
    assert_eq!(refusal(sqs.store.purge_queue("no")), Err(Refusal::QueueDoesNotExist));
}
