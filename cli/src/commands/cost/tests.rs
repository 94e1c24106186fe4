//! The model against sums done by hand.

use super::model::{Fixtures, Load, idle, queued, waiting};

const LOAD: Load = Load {
    queries: 1e6,
    agent_seconds: 8.0,
    asynchronous: 0.0,
    formats: 4.0,
    receiver_seconds: 0.2,
    own_seconds: 0.1,
    arm: false,
};

fn dollars(load: &Load, item: &str) -> f64 {
    let lines = load.traffic();
    (lines.iter().find(|line| line.item == item).unwrap().dollars * 100.0).round() / 100.0
}

#[test]
fn a_million_waiting_questions_cost_what_a_hand_reckons() {
    assert_eq!(dollars(&LOAD, "HTTP API"), 1.0);
    assert_eq!(dollars(&LOAD, "Lambda invocations"), 0.6);
    // 8.1 s of 256 MB, a million times: 2,025,000 GB-seconds.
    assert_eq!(dollars(&LOAD, "manager-agent"), 33.75);
    assert_eq!(dollars(&LOAD, "gateway"), 33.75);
    assert_eq!(dollars(&LOAD, "gateway-worker"), 0.0);
    assert_eq!(dollars(&LOAD, "S3 writes"), 45.0);
}

#[test]
fn an_export_format_less_saves_five_dollars_a_million() {
    assert_eq!(dollars(&LOAD, "S3 writes") - dollars(&Load { formats: 3.0, ..LOAD }, "S3 writes"), 5.0);
}

#[test]
fn callers_who_do_not_wait_move_the_waiting_to_the_worker() {
    let load = Load { asynchronous: 1.0, ..LOAD };
    assert_eq!((dollars(&load, "gateway"), dollars(&load, "gateway-worker")), (0.42, 33.75));
    assert_eq!(dollars(&load, "Lambda invocations"), 0.8);
}

#[test]
fn an_answer_that_takes_longer_than_a_wait_is_waited_for_twice() {
    let load = Load { agent_seconds: 60.0, ..LOAD };
    assert!(dollars(&load, "gateway") > 100.0 && dollars(&load, "gateway-worker") > 200.0);
    let (waiting, queued) = (waiting(4.0), queued(4.0, 60.0));
    assert_eq!(queued.queue_requests - waiting.queue_requests, 4.0 + 3.0);
}

#[test]
fn arm_costs_a_fifth_less_compute() {
    assert_eq!(dollars(&Load { arm: true, ..LOAD }, "manager-agent"), 27.0);
}

#[test]
fn a_gateway_that_nobody_asks_costs_its_pollers_alarms_key_and_secrets() {
    let fixtures = Fixtures { alarm_metrics: 20, composite_alarms: 1 };
    let total: f64 = idle(fixtures).iter().map(|line| line.dollars).sum();
    assert!((total - (1.296 + 2.0 + 0.5 + 1.0 + 1.2)).abs() < 1e-9, "{total}");
}
