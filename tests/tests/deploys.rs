//! A deploy in the middle of traffic loses nothing: the functions' binaries are replaced while they work, as an alias
//! moves from one version to the next.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tests::stack::{Options, Stack, binary};

const FUNCTIONS: [&str; 4] = ["gateway", "gateway-worker", "manager-agent", "delivery"];

/// Questions while the versions change, and the time between two of them.
const QUESTIONS: u32 = 240;
const GAP: Duration = Duration::from_millis(40);

/// How often the idle ones are ended until all are of the new version.
const LOOK: Duration = Duration::from_millis(250);

/// Retries pass so much faster.
const TIME_SCALE: f64 = 20.0;

/// What a slow machine needs for all of it.
const WITHIN: Duration = Duration::from_secs(120);

#[tokio::test]
async fn a_deploy_in_the_middle_of_traffic_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let versions = folder.path().join("bin");
    std::fs::create_dir(&versions).unwrap();
    for name in FUNCTIONS.iter().chain(&["local", "gatewayctl"]) {
        std::fs::copy(binary(name), versions.join(name)).unwrap();
    }
    let environment = vec![("RETRY_BASE_SECONDS".to_owned(), "10".to_owned())];
    let options = Options {
        environment,
        time_scale: TIME_SCALE,
        binaries: Some(versions.clone()),
        ..Options::default()
    };
    let stack = Stack::start(&folder.path().join("state"), options).await;
    stack.call(Method::PUT, "/_local/inbox/general", Some(json!({"status": 503, "rate": 0.3}))).await;
    let asking = join_all((0..QUESTIONS).map(|number| ask(&stack, number)));
    let (ids, old) = tokio::join!(asking, deploy(&stack, &versions));
    stack.call(Method::DELETE, "/_local/inbox/general", None).await;
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), QUESTIONS as usize);
    for id in &ids {
        stack.ended_within(id, "delivered", WITHIN).await;
    }
    assert!(old.len() > 2, "the old version worked, too: {old:?}");
    let new = processes(&stack).await;
    assert!(!new.is_empty() && new.iter().all(|process| !process.old), "{new:?}");
}

/// One question, repeated with its key as callers do when they are told 503: where all processes start anew at once, there
/// may be more callers than places.
async fn ask(stack: &Stack, number: u32) -> String {
    tokio::time::sleep(GAP * number).await;
    let body = json!({"source_process": "deploy", "source_system": "tests", "route": "general",
        "timestamp": "2025-08-13T06:30:00Z", "query": format!("What is the deal status for IXIS? ({number})")});
    let key = format!("question-{number}");
    let headers = [("prefer", "respond-async"), ("idempotency-key", &key)];
    let accepted = || async {
        let answer = stack.post(&body.to_string(), &headers).await;
        (answer.status != 503).then(|| answer.tracking_id())
    };
    stack.until("the question is accepted", accepted).await
}

/// A process of a function, and whether its executable has been replaced since it began.
#[derive(Debug)]
struct Process {
    pid: u64,
    old: bool,
}

/// Replaces every executable once a third of the questions are asked, and ends what runs of the old ones as soon as it
/// is idle; the processes that were of the old version.
async fn deploy(stack: &Stack, versions: &Path) -> BTreeSet<u64> {
    tokio::time::sleep(GAP * (QUESTIONS / 3)).await;
    for name in FUNCTIONS {
        let next = versions.join(format!("{name}.next"));
        std::fs::copy(binary(name), &next).unwrap();
        std::fs::rename(next, versions.join(name)).unwrap();
    }
    let mut replaced = BTreeSet::new();
    loop {
        let old: Vec<_> = processes(stack).await.into_iter().filter(|process| process.old).collect();
        if old.is_empty() {
            return replaced;
        }
        replaced.extend(old.iter().map(|process| process.pid));
        stack.call(Method::DELETE, "/_local/functions", None).await;
        tokio::time::sleep(LOOK).await;
    }
}

async fn processes(stack: &Stack) -> Vec<Process> {
    let shown = stack.call(Method::GET, "/_local/functions", None).await.body;
    let process = |shown: &serde_json::Value| {
        let pid = shown["pid"].as_u64()?;
        // The kernel says so of a file that is no longer where it was.
        let executable = std::fs::read_link(format!("/proc/{pid}/exe")).ok()?;
        let old = executable.to_string_lossy().ends_with(" (deleted)");
        Some(Process { pid, old })
    };
    shown.as_array().unwrap().iter().filter_map(process).collect()
}
