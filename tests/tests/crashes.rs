//! What was promised is kept when processes die.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tests::stack::{Options, Stack, refusal};

const IXIS: &str = "What is the deal status for IXIS?";

#[tokio::test]
async fn accepted_conversations_finish_after_the_stack_was_killed() {
    let state = tempfile::tempdir().unwrap();
    // The lease of whoever dies lives for the agent's deadline and 10 s: a short deadline makes a short test.
    let environment = vec![("AGENT_TIMEOUT_SECONDS".to_owned(), "5".to_owned())];
    let mut stack = Stack::start(state.path(), Options { environment, ..Options::default() }).await;
    stack.call(Method::PUT, "/_local/agent", Some(json!({"delay_ms": 3000}))).await;
    let mut promised = Vec::new();
    for number in 0..5 {
        let query = format!("{IXIS} ({number})");
        promised.push(stack.ask(&query, &[("prefer", "respond-async")]).await.tracking_id());
    }
    // Some are being asked about at this moment, some wait in the queue.
    tokio::time::sleep(Duration::from_millis(500)).await;
    stack.kill_and_restart().await;
    for id in promised {
        assert_eq!(stack.conversation(&id).await.status, 200, "the tracking id still answers");
        stack.ended_within(&id, "delivered", Duration::from_secs(120)).await;
        assert_eq!(stack.deliveries(&id).await.len(), 1);
    }
}

#[tokio::test]
async fn a_delivery_that_waits_for_its_next_attempt_survives_the_stack() {
    let state = tempfile::tempdir().unwrap();
    let mut stack = Stack::start(state.path(), Options { time_scale: 10.0, ..Options::default() }).await;
    stack.call(Method::PUT, "/_local/inbox/deal_analysis", Some(json!({"status": 503}))).await;
    let id = stack.ask(IXIS, &[]).await.tracking_id();
    let retrying = || async {
        let status = stack.conversation(&id).await.body["status"].clone();
        (status == "retrying").then_some(())
    };
    stack.until("the first attempt failed", retrying).await;
    stack.kill_and_restart().await;
    let conversation = stack.ended(&id, "delivered").await;
    assert_eq!(conversation["webhook_delivery"]["attempts"][0]["http_status"], 503);
}

#[tokio::test]
async fn a_killed_function_is_replaced_and_its_message_comes_back() {
    let state = tempfile::tempdir().unwrap();
    let stack = Stack::start(state.path(), Options::default()).await;
    stack.call(Method::PUT, "/_local/inbox/deal_analysis", Some(json!({"delay_ms": 8000, "count": 1}))).await;
    let id = stack.ask(IXIS, &[]).await.tracking_id();
    let busy = || async {
        let functions = stack.call(Method::GET, "/_local/functions", None).await.body;
        let found = functions.as_array().unwrap().iter().find(|process| {
            process["function"].as_str().unwrap().to_lowercase().contains("delivery")
                && process["state"] == "busy"
        });
        found.map(|process| process["pid"].as_u64().unwrap())
    };
    let pid = stack.until("delivery is busy", busy).await;
    // The receiver takes eight seconds; well within them the function has cut its message's visibility, which is
    // the first thing it does and the reason why its death costs seconds.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let killed = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
    assert!(killed.success());
    stack.ended(&id, "delivered").await;
}

#[tokio::test]
async fn the_functions_end_with_the_stack_that_was_killed() {
    let state = tempfile::tempdir().unwrap();
    let mut stack = Stack::start(state.path(), Options::default()).await;
    stack.ask(IXIS, &[]).await;
    let functions = stack.call(Method::GET, "/_local/functions", None).await.body;
    let pids: Vec<u64> =
        functions.as_array().unwrap().iter().map(|process| process["pid"].as_u64().unwrap()).collect();
    assert!(!pids.is_empty());
    stack.kill();
    let all_gone = || async {
        let alive = |pid: &&u64| {
            std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
        };
        (pids.iter().filter(alive).count() == 0).then_some(())
    };
    stack.until("the functions ended", all_gone).await;
}

#[tokio::test]
async fn a_stack_ends_with_the_process_that_started_it() {
    let state = tempfile::tempdir().unwrap();
    let mut stack = Stack::start(state.path(), Options::default()).await;
    stack.orphan().await;
    assert!(!state.path().join("ready.json").exists(), "it took its leave");
}

#[tokio::test]
async fn a_second_stack_over_the_same_state_or_port_is_refused_in_words() {
    let state = tempfile::tempdir().unwrap();
    let stack = Stack::start(state.path(), Options::default()).await;
    let same_state = refusal(state.path(), &["--verbose"]);
    assert!(same_state.contains(&stack.ready.pid.to_string()), "{same_state}");
    let port = stack.ready.gateway_url.rsplit(':').next().unwrap().to_owned();
    let other = tempfile::tempdir().unwrap();
    let same_port = refusal(other.path(), &["--port", &port]);
    assert!(same_port.contains(&port) && same_port.contains("--port"), "{same_port}");
}
