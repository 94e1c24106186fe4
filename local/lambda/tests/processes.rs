//! When processes start, are used again, and end.

mod support;

use local_lambda::{InvokeError, Lambda, ProcessState};
use serde_json::json;
use std::time::Duration;
use support::*;

/// Occupies one process until the service ends.
async fn occupy(lambda: &Lambda) {
    let busy = |lambda: &Lambda| {
        lambda.processes().iter().filter(|process| process.state == ProcessState::Busy).count()
    };
    let before = busy(lambda);
    let worker = lambda.clone();
    tokio::spawn(
        async move { worker.invoke("obedient", event(json!({ "do": "sleep", "ms": 60_000 }))).await },
    );
    until("one more is busy", || busy(lambda) > before).await;
}

#[tokio::test]
async fn one_after_the_other_needs_one_process() {
    let lambda = start(settings());
    assert_eq!(lambda.processes(), []);
    let first = pid(&lambda).await;
    for _ in 0..20 {
        assert_eq!(pid(&lambda).await, first);
    }
    let [process] = lambda.processes().try_into().unwrap();
    let listed = serde_json::to_value(process).unwrap();
    assert_eq!(listed, json!({ "function": "obedient", "pid": first, "state": "idle" }));
}

#[tokio::test]
async fn a_process_serves_one_invocation_at_a_time() {
    let lambda = start(settings());
    let slow = || answer(&lambda, json!({ "do": "sleep", "ms": 300 }));
    let (first, second, third) = tokio::join!(slow(), slow(), slow());
    let pids = [&first["pid"], &second["pid"], &third["pid"]];
    assert!(pids[0] != pids[1] && pids[1] != pids[2] && pids[0] != pids[2]);
    assert_eq!(lambda.processes().len(), 3);
    assert!(lambda.processes().iter().all(|process| process.state == ProcessState::Idle));
}

#[tokio::test]
async fn above_the_maximum_of_processes_invocations_are_throttled() {
    let mut settings = settings();
    settings.maximum_processes = 2;
    let lambda = start(settings);
    occupy(&lambda).await;
    occupy(&lambda).await;
    assert_eq!(lambda.invoke("obedient", event(json!(1))).await, Err(InvokeError::Throttled));
    kill(lambda.processes()[0].pid.into());
    until("room again", || lambda.processes().len() < 2).await;
    assert_eq!(answer(&lambda, json!(1)).await, 1);
}

#[tokio::test]
async fn an_idle_process_that_is_killed_is_replaced_without_an_error() {
    let lambda = start(settings());
    for _ in 0..5 {
        let victim = pid(&lambda).await;
        kill(victim);
        until("dead", || !exists(victim)).await;
        assert_ne!(pid(&lambda).await, victim);
        assert_eq!(lambda.processes().len(), 1);
    }
}

#[tokio::test]
async fn an_idle_process_that_is_killed_is_not_listed_any_more() {
    let lambda = start(settings());
    kill(pid(&lambda).await);
    until("unlisted", || lambda.processes().is_empty()).await;
}

#[tokio::test]
async fn an_invocation_whose_caller_goes_away_runs_to_its_end() {
    let (lambda, file) = (start(settings()), scratch("caller-goes-away"));
    let before = pid(&lambda).await;
    let work = json!({ "do": "sleep", "ms": 400, "file": file });
    let left = tokio::time::timeout(Duration::from_millis(50), invoke(&lambda, work)).await;
    assert!(left.is_err());
    assert_eq!(length(&file), 0);
    until("done", || length(&file) == 1).await;
    until("idle", || lambda.processes()[0].state == ProcessState::Idle).await;
    assert_eq!(pid(&lambda).await, before);
}

#[tokio::test]
async fn shutdown_ends_idle_and_busy_processes_within_its_time() {
    let lambda = start(settings());
    occupy(&lambda).await;
    pid(&lambda).await;
    let pids: Vec<u64> = lambda.processes().iter().map(|process| process.pid.into()).collect();
    assert_eq!(pids.len(), 2);
    tokio::time::timeout(PATIENCE, lambda.shutdown(Duration::from_secs(5))).await.unwrap();
    assert!(!pids.into_iter().any(exists));
    assert_eq!(lambda.invoke("obedient", event(json!(1))).await, Err(InvokeError::ShuttingDown));
    until("unlisted", || lambda.processes().is_empty()).await;
}

#[tokio::test]
async fn shutdown_kills_a_process_that_does_not_listen() {
    let mut settings = settings();
    let ignore = "trap '' TERM; \"$0\" & wait; wait";
    settings.launcher = ["/bin/sh", "-c", ignore].map(Into::into).into();
    let lambda = start(settings);
    pid(&lambda).await;
    let shell = u64::from(lambda.processes()[0].pid);
    lambda.shutdown(Duration::from_secs(1)).await;
    assert!(!exists(shell));
}

#[tokio::test]
async fn dropping_the_service_ends_its_processes() {
    let lambda = start(settings());
    let pid = pid(&lambda).await;
    drop(lambda);
    until("dead", || !exists(pid)).await;
}

#[test]
fn processes_outlive_the_thread_that_first_needed_them() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let lambda = runtime.block_on(async {
        let mut settings = settings();
        settings.environment.insert("DIE_WITH_PARENT".into(), "1".into());
        start(settings)
    });
    let short_lived = std::thread::spawn({
        let lambda = lambda.clone();
        let runtime = runtime.handle().clone();
        move || runtime.block_on(pid(&lambda))
    });
    let first = short_lived.join().unwrap();
    assert_eq!(runtime.block_on(pid(&lambda)), first);
}
