//! Kills functions, one after the other, as `kill -9` does.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::Method;

use crate::stack::Stack;

/// Kills a process of a function `every` so often, for ever; counts in `kills`.
pub(super) async fn kill_for_ever(stack: &Stack, every: Duration, seed: u64, kills: &AtomicU64) {
    let mut random = fastrand::Rng::with_seed(seed);
    loop {
        tokio::time::sleep(every).await;
        let shown = stack.call(Method::GET, "/_local/functions", None).await.body;
        let pids: Vec<u64> =
            shown.as_array().into_iter().flatten().filter_map(|process| process["pid"].as_u64()).collect();
        let Some(pid) = random.choice(&pids) else { continue };
        // It may have ended by itself.
        let killed = std::process::Command::new("kill").args(["-9", &pid.to_string()]).output();
        kills.fetch_add(u64::from(killed.is_ok_and(|output| output.status.success())), Ordering::Relaxed);
    }
}
