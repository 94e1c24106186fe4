//! The decision after an attempt, against SPEC 5: its response table and its limits. Its promises, as
//! properties, are in `retry_properties.rs`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, which may fail as tests do")]

use std::time::Duration;

use revops_core::Timestamp;
use revops_core::config::TimeScale;
use revops_core::fake::FixedRandom;
use revops_core::retry::{
    AttemptResult, Decision, EndReason, Limits, NoAnswer, RetryAfter, RetryPolicy, decide,
};

const NOW: Timestamp = Timestamp::from_unix_ms(1_763_840_000_000);

fn limits() -> Limits {
    Limits { deliver_before: None, sent_at: NOW, in_flight: None, scale: TimeScale::default() }
}

fn status(status: u16) -> AttemptResult {
    AttemptResult::Answered { status, retry_after: None }
}

fn told_to_wait(status: u16, seconds: u64) -> AttemptResult {
    let wait = RetryAfter::Wait(Duration::from_secs(seconds));
    AttemptResult::Answered { status, retry_after: Some(wait) }
}

fn after(attempt: u32, result: AttemptResult, limits: &Limits) -> Decision {
    decide(&RetryPolicy::default(), attempt, &result, NOW, &FixedRandom::default(), limits)
}

fn wait_after(attempt: u32, result: AttemptResult) -> Duration {
    match after(attempt, result, &limits()) {
        Decision::RetryAt(due) => due.since(NOW),
        other @ (Decision::Delivered | Decision::GiveUp(_) | Decision::Expired) => {
            panic!("no retry: {other:?}")
        }
    }
}

#[test]
fn a_receiver_that_is_gone_or_refuses_is_not_asked_again() {
    assert_eq!(after(1, status(204), &limits()), Decision::Delivered);
    assert_eq!(after(1, status(301), &limits()), Decision::GiveUp(EndReason::HttpStatus));
    assert_eq!(after(1, status(404), &limits()), Decision::GiveUp(EndReason::HttpStatus));
    assert_eq!(after(1, status(410), &limits()), Decision::GiveUp(EndReason::Gone));
    let blocked = AttemptResult::NoAnswer(NoAnswer::BlockedAddress);
    assert_eq!(after(1, blocked, &limits()), Decision::GiveUp(EndReason::BlockedAddress));
}

#[test]
fn what_may_pass_is_tried_again_until_the_attempts_are_used_up() {
    for result in [408, 425, 429, 500, 503, 599].map(status) {
        assert!(matches!(after(4, result, &limits()), Decision::RetryAt(_)), "{result:?}");
        assert_eq!(after(5, result, &limits()), Decision::GiveUp(EndReason::AttemptsExhausted));
    }
    for cause in [NoAnswer::TimedOut, NoAnswer::Connection, NoAnswer::Tls, NoAnswer::Dns] {
        assert!(matches!(after(1, AttemptResult::NoAnswer(cause), &limits()), Decision::RetryAt(_)));
    }
}

#[test]
fn after_a_429_or_a_time_out_the_wait_is_a_minute_at_least() {
    let seconds = |result| wait_after(1, result).as_secs();
    assert!((60..=66).contains(&seconds(status(429))));
    assert!((60..=66).contains(&seconds(AttemptResult::NoAnswer(NoAnswer::TimedOut))));
    assert!((10..=11).contains(&seconds(status(503))));
    assert!((90..=99).contains(&seconds(told_to_wait(429, 90))));
}

#[test]
fn a_negative_retry_after_stops_retrying() {
    let stop = AttemptResult::Answered { status: 503, retry_after: Some(RetryAfter::Stop) };
    assert_eq!(after(1, stop, &limits()), Decision::GiveUp(EndReason::StoppedByReceiver));
}

#[test]
fn a_retry_that_would_come_after_deliver_before_expires_at_once() {
    let limits = Limits { deliver_before: Some(NOW.plus(Duration::from_secs(9))), ..limits() };
    assert_eq!(after(1, status(503), &limits), Decision::Expired);
    assert_eq!(after(5, status(503), &limits), Decision::GiveUp(EndReason::AttemptsExhausted));
}

#[test]
fn a_wait_that_would_end_over_13_days_after_sending_is_given_up() {
    let sent_at =
        |days: u64| Limits { sent_at: Timestamp::from_unix_ms(NOW.unix_ms() - ms(days)), ..limits() };
    assert_eq!(after(1, status(503), &sent_at(13)), Decision::GiveUp(EndReason::RetentionLimit));
    assert!(matches!(after(1, status(503), &sent_at(12)), Decision::RetryAt(_)));
}

fn ms(days: u64) -> i64 {
    i64::try_from(days * 86_400_000).unwrap()
}

#[test]
fn a_crowded_queue_takes_only_short_waits() {
    let crowded = Limits { in_flight: Some(90_001), ..limits() };
    assert!(matches!(after(3, status(503), &crowded), Decision::RetryAt(_)));
    assert_eq!(after(4, status(503), &crowded), Decision::GiveUp(EndReason::BacklogLimit));
    let busy = Limits { in_flight: Some(90_000), ..limits() };
    assert!(matches!(after(4, status(503), &busy), Decision::RetryAt(_)));
}

#[test]
fn on_scaled_time_the_retry_is_due_sooner_by_the_factor() {
    let limits = Limits { scale: "100".parse().unwrap(), ..limits() };
    let Decision::RetryAt(due) = after(4, status(503), &limits) else { panic!("expected a retry") };
    assert!((21_600..=23_760).contains(&due.since(NOW).as_millis()));
}

#[test]
fn every_reason_has_a_name_that_is_read_back() {
    for reason in EndReason::ALL {
        assert_eq!(reason.as_str().parse(), Ok(reason));
    }
}
