//! What the decision after an attempt promises, whatever HTTP, TLS, DNS and the clock bring.
#![expect(clippy::unwrap_used, reason = "helpers of tests, which may fail as tests do")]

use std::time::Duration;

use proptest::prelude::*;
use revops_core::Timestamp;
use revops_core::config::{Reader, TimeScale, Variables};
use revops_core::ports::Random;
use revops_core::retry::{
    AttemptResult, Decision, EndReason, LONGEST_RETRY_AFTER, Limits, NoAnswer, RETENTION_LIMIT, RetryAfter,
    RetryPolicy, decide, jittered,
};

const NOW: Timestamp = Timestamp::from_unix_ms(1_763_840_000_000);

/// Rolls the same number for ever.
#[derive(Debug)]
struct Rolls(f64);

impl Random for Rolls {
    fn sixteen_bytes(&self) -> [u8; 16] {
        [0; 16]
    }

    fn fraction(&self) -> f64 {
        self.0
    }
}

fn rolls() -> impl Strategy<Value = Rolls> {
    // The last one is out of the contract: even then nothing is due too early.
    prop_oneof![(0.0..1.0), Just(0.0), Just(1.0 - f64::EPSILON), Just(-7.0)].prop_map(Rolls)
}

fn policies() -> impl Strategy<Value = RetryPolicy> {
    let exponential = (1_u32..=30, 1_u32..=86_400, 1.0..=100.0, 1_u32..=604_800).prop_map(
        |(n, base, factor, max): (_, _, f64, _)| {
            read(&[
                ("RETRY_MAX_ATTEMPTS", n.to_string()),
                ("RETRY_BASE_SECONDS", base.to_string()),
                ("RETRY_MULTIPLIER", factor.to_string()),
                ("RETRY_MAX_SECONDS", max.to_string()),
            ])
        },
    );
    prop_oneof![exponential, Just(read(&[("RETRY_PROFILE", "standard-webhooks".to_owned())]))]
}

fn read(pairs: &[(&'static str, String)]) -> RetryPolicy {
    let variables = Variables::new(pairs.iter().cloned());
    let mut reader = Reader::new(&variables);
    let policy = RetryPolicy::read(&mut reader);
    reader.finish(policy).unwrap()
}

/// Any moment that a clock can show, the ends of the type and moments near now among them.
fn moments() -> impl Strategy<Value = Timestamp> {
    let near = NOW.unix_ms() - 2_000_000_000..NOW.unix_ms() + 2_000_000_000;
    prop_oneof![near, any::<i64>(), Just(i64::MIN), Just(i64::MAX), Just(0)].prop_map(Timestamp::from_unix_ms)
}

/// What a receiver may write after `Retry-After:`: seconds, dates in HTTP's three formats, anything.
fn retry_after_texts() -> impl Strategy<Value = String> {
    let date = (0_u8..=32, 0_u8..=25, 1900_u32..=9999)
        .prop_map(|(day, hour, year)| format!("Sun, {day:02} Nov {year} {hour:02}:30:00 GMT"));
    prop_oneof![
        any::<i64>().prop_map(|seconds| seconds.to_string()),
        (0_u32..100_000).prop_map(|seconds| seconds.to_string()),
        "-?[0-9]{1,40}",
        date,
        Just("Sunday, 06-Nov-94 08:49:37 GMT".to_owned()),
        Just("Sun Nov  6 08:49:37 1994".to_owned()),
        ".*",
    ]
}

/// Everything that an attempt can bring, read at `now`.
fn results(now: Timestamp) -> impl Strategy<Value = AttemptResult> {
    let statuses = prop_oneof![0_u16..=999, any::<u16>()];
    let answered = (statuses, proptest::option::of(retry_after_texts())).prop_map(move |(status, text)| {
        AttemptResult::Answered { status, retry_after: text.and_then(|text| RetryAfter::parse(&text, now)) }
    });
    prop_oneof![3 => answered, 1 => proptest::sample::select(&NoAnswer::ALL[..]).prop_map(AttemptResult::NoAnswer)]
}

fn limits() -> impl Strategy<Value = Limits> {
    let scales =
        prop_oneof![Just(1.0), 0.001..=1_000_000.0].prop_map(|scale: f64| scale.to_string().parse().unwrap());
    let in_flight = proptest::option::of(prop_oneof![any::<u64>(), 89_990_u64..90_010]);
    (proptest::option::of(moments()), moments(), in_flight, scales).prop_map(
        |(deliver_before, sent_at, in_flight, scale)| Limits { deliver_before, sent_at, in_flight, scale },
    )
}

/// One whole situation: what came, when, and what bounds the waiting.
fn situations() -> impl Strategy<Value = (Timestamp, AttemptResult, Limits)> {
    moments().prop_flat_map(|now| (Just(now), results(now), limits()))
}

/// No limit but the schedule's own.
fn unlimited() -> Limits {
    Limits { deliver_before: None, sent_at: NOW, in_flight: None, scale: TimeScale::default() }
}

fn status(status: u16) -> AttemptResult {
    AttemptResult::Answered { status, retry_after: None }
}

fn due(
    policy: &RetryPolicy,
    attempt: u32,
    result: &AttemptResult,
    now: Timestamp,
    rolls: &Rolls,
) -> Option<Timestamp> {
    let limits = Limits { sent_at: now, ..unlimited() };
    match decide(policy, attempt, result, now, rolls, &limits) {
        Decision::RetryAt(due) => Some(due),
        Decision::Delivered | Decision::GiveUp(_) | Decision::Expired => None,
    }
}

/// A tenth, or a second where a tenth is less.
fn most_jitter(delay: Duration) -> Duration {
    (delay / 10).max(Duration::from_secs(1)) + Duration::from_micros(1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_comes_there_is_a_decision_and_no_attempt_is_due_before_now_or_beyond_a_limit(
        policy in policies(), attempt in any::<u32>(), (now, result, limits) in situations(), rolls in rolls(),
    ) {
        if let Decision::RetryAt(due) = decide(&policy, attempt, &result, now, &rolls, &limits) {
            prop_assert!(due >= now);
            prop_assert!(limits.deliver_before.is_none_or(|before| due <= before));
            prop_assert!(due.since(limits.sent_at) <= RETENTION_LIMIT);
            prop_assert!(attempt < policy.max_attempts());
            let is_crowded = limits.in_flight.is_some_and(|count| count > 90_000);
            prop_assert!(!(is_crowded && limits.is_long_wait(now, due)));
        }
    }

    #[test]
    fn a_decision_is_the_same_for_the_same_arguments(
        policy in policies(), attempt in 0_u32..40, (now, result, limits) in situations(), rolls in rolls(),
    ) {
        let first = decide(&policy, attempt, &result, now, &rolls, &limits);
        prop_assert_eq!(first, decide(&policy, attempt, &result, now, &rolls, &limits));
    }

    #[test]
    fn only_a_2xx_is_delivered_and_only_a_410_disables(
        policy in policies(), attempt in any::<u32>(), (now, result, limits) in situations(), rolls in rolls(),
    ) {
        let decision = decide(&policy, attempt, &result, now, &rolls, &limits);
        let status = result.http_status();
        prop_assert_eq!(decision == Decision::Delivered, status.is_some_and(|status| status / 100 == 2));
        prop_assert_eq!(decision == Decision::GiveUp(EndReason::Gone), status == Some(410));
        let is_blocked = result == AttemptResult::NoAnswer(NoAnswer::BlockedAddress);
        prop_assert_eq!(decision == Decision::GiveUp(EndReason::BlockedAddress), is_blocked);
    }

    #[test]
    fn a_clock_that_went_back_below_the_sending_neither_expires_nor_shortens_a_wait(
        policy in policies(), attempt in 0_u32..30, back in 0_i64..10_000_000_000, rolls in rolls(),
    ) {
        let earlier = Timestamp::from_unix_ms(NOW.unix_ms() - back);
        let wait = |now: Timestamp| match decide(&policy, attempt, &status(503), now, &rolls, &unlimited()) {
            Decision::RetryAt(due) => Some(due.since(now)),
            Decision::Delivered | Decision::GiveUp(_) | Decision::Expired => None,
        };
        prop_assert_eq!(wait(earlier), wait(NOW));
    }

    #[test]
    fn retry_after_only_ever_delays(
        policy in policies(), attempt in 1_u32..30, text in retry_after_texts(), code in 400_u16..600, rolls in rolls(),
    ) {
        let asked = RetryAfter::parse(&text, NOW);
        let told = AttemptResult::Answered { status: code, retry_after: asked };
        let without = due(&policy, attempt, &status(code), NOW, &rolls);
        let with = due(&policy, attempt, &told, NOW, &rolls);
        match asked {
            Some(RetryAfter::Stop) => prop_assert_eq!(with, None),
            Some(RetryAfter::Wait(wait)) => {
                prop_assert!(with >= without);
                prop_assert_eq!(with.is_some(), without.is_some());
                prop_assert!(with.is_none_or(|due| due >= NOW.plus(wait)));
            }
            None => prop_assert_eq!(with, without),
        }
    }

    #[test]
    fn retry_after_delays_by_ten_hours_and_their_jitter_at_most(
        policy in policies(), attempt in 1_u32..30, text in retry_after_texts(), rolls in rolls(),
    ) {
        let told = AttemptResult::Answered { status: 503, retry_after: RetryAfter::parse(&text, NOW) };
        if let Some(due) = due(&policy, attempt, &told, NOW, &rolls) {
            let longest = policy.delay_after(attempt).unwrap().max(LONGEST_RETRY_AFTER);
            prop_assert!(due.since(NOW) <= longest + most_jitter(longest));
        }
    }

    #[test]
    fn jitter_only_ever_adds_and_at_most_a_tenth_or_a_second(ms in 0_u64..1_000_000_000, rolls in rolls()) {
        let delay = Duration::from_millis(ms);
        let jittered = jittered(delay, &rolls);
        prop_assert!(jittered >= delay);
        prop_assert!(jittered - delay <= most_jitter(delay));
    }

    #[test]
    fn a_run_never_makes_more_attempts_than_the_policy_allows(
        policy in policies(), result in results(NOW), rolls in rolls(),
    ) {
        let attempts = (1..).take_while(|&attempt| due(&policy, attempt, &result, NOW, &rolls).is_some()).count() + 1;
        prop_assert!(attempts <= policy.max_attempts() as usize);
    }

    #[test]
    fn without_retry_after_the_waits_stay_within_the_schedule_and_its_jitter(policy in policies(), rolls in rolls()) {
        let mut now = NOW;
        let mut most = Duration::ZERO;
        for attempt in 1.. {
            let Some(due) = due(&policy, attempt, &status(503), now, &rolls) else { break };
            let delay = policy.delay_after(attempt).unwrap();
            prop_assert!(due.since(now) >= delay - Duration::from_millis(1));
            now = due;
            most += delay + most_jitter(delay);
        }
        prop_assert!(now.since(NOW) <= most);
    }
}
