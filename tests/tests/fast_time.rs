//! Days in seconds: the schedule of three days on the whole product.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::time::Duration;

use reqwest::Method;
use revops_core::Timestamp;
use serde_json::{Value, json};
use tests::stack::{Options, Stack};

/// Three days and a bit are 27 seconds; one scaled second is a tenth of a millisecond.
const SCALE: i64 = 10_000;

/// Seconds from attempt to attempt, as Standard Webhooks has them: ten attempts over 75 h 35 m.
const SCHEDULE: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

fn ms(attempt: &Value, name: &str) -> i64 {
    attempt[name].as_str().unwrap().parse::<Timestamp>().unwrap().unix_ms()
}

#[tokio::test]
async fn a_schedule_of_three_days_runs_to_its_end_in_seconds_and_keeps_its_waits() {
    let state = tempfile::tempdir().unwrap();
    let environment = vec![("RETRY_PROFILE".to_owned(), "standard-webhooks".to_owned())];
    let options = Options { time_scale: SCALE as f64, environment, ..Options::default() };
    let stack = Stack::start(state.path(), options).await;
    stack.call(Method::PUT, "/_local/inbox/deal_analysis", Some(json!({"status": 503}))).await;
    let id = stack.ask("What is the deal status for IXIS?", &[]).await.tracking_id();
    let conversation = stack.ended_within(&id, "failed", Duration::from_secs(90)).await;
    assert_eq!(conversation["outcome"]["reason"], "attempts_exhausted");

    let attempts = conversation["webhook_delivery"]["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 10);
    for (pair, delay) in attempts.windows(2).zip(SCHEDULE) {
        let ended = ms(&pair[0], "started_at") + pair[0]["duration_ms"].as_i64().unwrap();
        let due = ms(&pair[0], "next_attempt_at");
        // Stored in milliseconds, ten scaled seconds each; a tenth more at most is jitter.
        let (least, most) = (delay * 1_000 / SCALE - 1, (delay + (delay / 10).max(1)) * 1_000 / SCALE + 1);
        assert!((least..=most).contains(&(due - ended)), "a wait of {delay} s took {} ms", due - ended);
        let late = ms(&pair[1], "started_at") - due;
        assert!((0..=1_000).contains(&late), "an attempt came {late} ms after it was due");
    }
    assert!(attempts[9]["next_attempt_at"].is_null());
    assert_eq!(stack.deliveries(&id).await.len(), 10);
}
