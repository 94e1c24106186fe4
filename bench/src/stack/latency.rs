//! From the acceptance to the receiver's 2xx, at a rate that does not wait for anybody (an open loop).

use std::io;
use std::path::Path;
use std::time::Duration;

use futures_util::future::join_all;
use revops_core::TrackingId;
use serde_json::json;
use tokio::time::Instant;

use super::{Rig, class};
use crate::conversation::QUESTION;
use crate::report::Section;

/// The template's own concurrency of deliveries.
const DELIVERIES: u32 = 10;

/// How long after the last question everything has been delivered that will be.
const SETTLED: Duration = Duration::from_secs(60);

/// Questions that warm the stack and are not counted, and the time between two of them.
const WARM_UP: (usize, Duration) = (100, Duration::from_millis(40));

/// Rates to measure at, and for how long each.
pub(crate) struct Curve<'a> {
    /// Questions a second.
    pub(crate) rates: &'a [u32],
    /// Seconds at each of them.
    pub(crate) seconds: u32,
    /// How many of a hundred POSTs the receiver refuses.
    pub(crate) refused_percent: u64,
}

/// One stack a rate.
pub(crate) async fn measure(folder: &Path, curve: &Curve<'_>) -> io::Result<Section> {
    let title = match curve.refused_percent {
        0 => "accepted → the receiver's 2xx, local stack, agent of 0 ms".to_owned(),
        percent => {
            format!("the same while the receiver refuses {percent} % (first attempts that succeeded)")
        }
    };
    let mut section = Section::new(title, "ms", "at 50/s and healthy: p50 ≤ 10 ms, p99 ≤ 50 ms");
    for &rate in curve.rates {
        let rig = Rig::start(folder, DELIVERIES).await?;
        let warm = ask(&rig, WARM_UP.0, WARM_UP.1).await;
        rig.until_answered(warm.len(), SETTLED).await;
        rig.receiver.refuses(curve.refused_percent);
        let questions = (rate * curve.seconds) as usize;
        let asked = ask(&rig, questions, Duration::from_secs(1) / rate).await;
        let refused = usize::try_from(rig.receiver.received().refused).unwrap_or(0);
        rig.until_answered((warm.len() + asked.len()).saturating_sub(refused), SETTLED).await;
        let latencies = rig.latencies(&asked);
        let others = if curve.refused_percent == 0 { "not yet there" } else { "by a retry" };
        let beside = [(asked.len() - latencies.len(), others), (questions - asked.len(), "throttled")];
        let beside: Vec<String> = beside
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let beside = if beside.is_empty() { String::new() } else { format!(" ({})", beside.join(", ")) };
        let name = format!("{rate} a second{beside}");
        for latency in latencies {
            section.add(&name, latency);
        }
    }
    Ok(section)
}

async fn ask(rig: &Rig, questions: usize, gap: Duration) -> Vec<TrackingId> {
    let start = Instant::now();
    let asking = (0..questions).map(|number| async move {
        tokio::time::sleep_until(start + gap * u32::try_from(number).unwrap_or(u32::MAX)).await;
        let body = json!({"source_process": "bench", "source_system": "bench", "route": class(number),
            "timestamp": "2025-08-13T06:30:00Z", "query": format!("{QUESTION} ({number})")});
        let answer = rig.stack.post(&body.to_string(), &[("prefer", "respond-async")]).await;
        // None where more came at once than there may be executions: 503, and the caller comes again.
        answer.body["tracking_id"].as_str()?.parse().ok()
    });
    join_all(asking).await.into_iter().flatten().collect()
}
