//! What a destination that hangs costs the other three.

use std::io;
use std::time::Duration;

use reqwest::Method;
use revops_core::Timestamp;
use serde_json::json;
use tests::stack::{Options, Stack};

use crate::flood::flood;

/// The classes whose destinations are healthy, and last the one that is not.
const CLASSES: [&str; 4] = ["deal_analysis", "data_analysis", "lead_analysis", "general"];

/// From one question to the next: a third of what two cores can do.
const GAP: Duration = Duration::from_millis(100);

/// How long after the last question everything healthy has been delivered.
const SETTLED: Duration = Duration::from_secs(30);

/// How the fourth destination fares.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fourth {
    /// As well as the others.
    Healthy,
    /// It takes every POST and never answers.
    Hangs,
    /// The same, and so many of its messages wait.
    HangsWithBacklog(u32),
}

/// From the acceptance to the receiver's 2xx, over the three healthy destinations, in one run.
pub(crate) async fn measure(fourth: Fourth, questions: u32) -> io::Result<Vec<f64>> {
    let state = tempfile::tempdir()?;
    let stack = Stack::start(state.path(), Options::default()).await;
    if !matches!(fourth, Fourth::Healthy) {
        let never = json!({"delay_ms": 600_000});
        stack.call(Method::PUT, "/_local/inbox/general", Some(never)).await;
    }
    if let Fourth::HangsWithBacklog(messages) = fourth {
        flood(&stack, &["general"], messages).await?;
    }
    let mut healthy = Vec::new();
    for number in 0..questions {
        let class = CLASSES[number as usize % CLASSES.len()];
        let id = ask(&stack, class, number).await;
        if class != CLASSES[3] {
            healthy.push(id);
        }
        tokio::time::sleep(GAP).await;
    }
    let mut took = Vec::new();
    for id in healthy {
        let key = format!("conversations/{id}/outcomes/001-delivered.json");
        let look = || async { stack.object(&key) };
        let outcome = stack.until_within(SETTLED, "a healthy destination has its answer", look).await;
        took.push(milliseconds(&id, &outcome).unwrap_or(f64::NAN));
    }
    Ok(took)
}

async fn ask(stack: &Stack, class: &str, number: u32) -> String {
    let body = json!({"source_process": "isolation", "source_system": "bench", "route": class,
        "timestamp": "2025-08-13T06:30:00Z", "query": format!("What is the deal status for IXIS? ({number})")});
    stack.post(&body.to_string(), &[("prefer", "respond-async")]).await.tracking_id()
}

/// The tracking id has the moment of the acceptance, the outcome that of the attempt and how long it took.
fn milliseconds(id: &str, outcome: &serde_json::Value) -> Option<f64> {
    let accepted = id.parse::<revops_core::TrackingId>().ok()?.made_at();
    let started: Timestamp = outcome["started_at"].as_str()?.parse().ok()?;
    let ended = started.plus(Duration::from_millis(outcome["duration_ms"].as_u64()?));
    Some(ended.since(accepted).as_secs_f64() * 1_000.0)
}
