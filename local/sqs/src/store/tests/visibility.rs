//! ChangeMessageVisibility, receipt handles, and the time scale.

use super::*;

#[test]
fn a_change_counts_from_now_and_not_from_the_receive() {
    let mut sqs = fixture();
    sqs.send("m", T0);
    let handle = sqs.receive_one(T0).receipt_handle;
    sqs.change(&handle, 60, T0 + 20 * SECOND).unwrap();
    assert_eq!(sqs.receive(1, T0 + 80 * SECOND - 1), []);
    sqs.receive_one(T0 + 80 * SECOND);
}

#[test]
fn zero_makes_a_message_visible_at_once() {
    let mut sqs = fixture();
    sqs.send("m", T0);
    let handle = sqs.receive_one(T0).receipt_handle;
    sqs.change(&handle, 0, T0 + 1).unwrap();
    assert_eq!(sqs.counts("q", T0 + 1), (1, 0, 0));
    assert_eq!(sqs.receive_one(T0 + 1).receive_count, 2);
}

#[test]
fn twelve_hours_since_the_receive_is_the_end() {
    let mut sqs = fixture();
    sqs.send("m", T0);
    let handle = sqs.receive_one(T0).receipt_handle;
    sqs.change(&handle, 43_200, T0).unwrap();
    assert_eq!(sqs.change(&handle, 43_200, T0 + 1), Err(Refusal::VisibilityBeyondLimit));
    assert_eq!(sqs.change(&handle, 3_601, T0 + 11 * 3600 * SECOND), Err(Refusal::VisibilityBeyondLimit));
    sqs.change(&handle, 3_600, T0 + 11 * 3600 * SECOND).unwrap();
    assert_eq!(sqs.receive(1, T0 + 12 * 3600 * SECOND - 1), []);
    sqs.receive_one(T0 + 12 * 3600 * SECOND);
}

#[test]
fn a_message_whose_time_is_over_is_not_in_flight_but_can_still_be_deleted() {
    let mut sqs = fixture();
    sqs.send("m", T0);
    let handle = sqs.receive_one(T0).receipt_handle;
    assert_eq!(sqs.change(&handle, 10, T0 + 30 * SECOND), Err(Refusal::MessageNotInflight));
    sqs.store.delete("q", &handle).unwrap();
    assert_eq!(sqs.counts("q", T0 + 30 * SECOND), (0, 0, 0));
}

#[test]
fn an_old_receipt_handle_has_no_power_over_a_newer_receive() {
    let mut sqs = fixture();
    sqs.send("m", T0);
    let old = sqs.receive_one(T0).receipt_handle;
    let new = sqs.receive_one(T0 + 30 * SECOND).receipt_handle;
    assert_ne!(old, new);
    let now = T0 + 31 * SECOND;
    assert_eq!(sqs.change(&old, 0, now), Err(Refusal::MessageNotAvailable));
    sqs.store.delete("q", &old).unwrap();
    assert_eq!(sqs.counts("q", now), (0, 0, 1), "the old handle's delete succeeds and deletes nothing");
    sqs.store.delete("q", &new).unwrap();
    assert_eq!(sqs.counts("q", now), (0, 0, 0));
}

#[test]
fn a_deleted_message_is_not_available_and_deleting_it_again_is_fine() {
    let mut sqs = fixture();
    sqs.send("m", T0);
    let handle = sqs.receive_one(T0).receipt_handle;
    sqs.store.delete("q", &handle).unwrap();
    sqs.store.delete("q", &handle).unwrap();
    assert_eq!(sqs.change(&handle, 1, T0), Err(Refusal::MessageNotAvailable));
}

#[test]
fn a_handle_of_another_queue_or_of_nobody_is_invalid() {
    let mut sqs = fixture();
    sqs.send("m", T0);
    let handle = sqs.receive_one(T0).receipt_handle;
    assert_eq!(refusal(sqs.store.delete("dead", &handle)), Err(Refusal::ReceiptHandleInvalid));
    assert_eq!(refusal(sqs.store.delete("q", "garbage")), Err(Refusal::ReceiptHandleInvalid));
    assert_eq!(sqs.change("garbage", 1, T0), Err(Refusal::ReceiptHandleInvalid));
}

#[test]
fn the_time_scale_divides_changes_delays_and_the_limit_but_not_a_receives_own_timeout() {
    let mut sqs = scaled(1000.0);
    sqs.store.send("q", &NewMessage { delay_seconds: Some(900), ..message("m") }, T0).unwrap();
    assert_eq!(sqs.receive(1, T0 + 899), []);
    let sent = T0 + 900;
    let handle = sqs.receive_one(sent).receipt_handle;
    assert_eq!(sqs.counts("q", sent + 30 * SECOND - 1), (0, 0, 1), "30 real seconds");
    sqs.change(&handle, 20_000, sent + SECOND).unwrap();
    assert_eq!(sqs.counts("q", sent + 21 * SECOND - 1), (0, 0, 1));
    assert_eq!(sqs.change(&handle, 43_200, sent + SECOND), Err(Refusal::VisibilityBeyondLimit));
    assert_eq!(sqs.counts("q", sent + 21 * SECOND), (1, 0, 0));
}
