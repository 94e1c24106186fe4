//! Every function is killed with kill -9 while deliveries are under way to a receiver that is slow.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tokio::time::Instant;

use super::Rig;
use crate::flood::flood;
use crate::report::Section;

/// What the receiver takes for one answer.
const TAKES: Duration = Duration::from_secs(3);

/// Messages of a batch, as the template has it.
const BATCH: u32 = 10;

/// The outbound queues.
const QUEUES: [&str; 4] = ["deal_analysis", "data_analysis", "lead_analysis", "general"];

/// How long it may take until all are under way.
const WITHIN: Duration = Duration::from_secs(120);

/// How long it may take until all are answered: longer than a queue hides a message that a function received and had
/// no time to hide itself.
const ALL_WITHIN: Duration = Duration::from_secs(420);

/// Kills with so many deliveries in flight, once.
pub(crate) async fn measure(folder: &Path, deliveries: u32) -> io::Result<Section> {
    let title =
        format!("kill -9 of every function with {deliveries} deliveries queued, the receiver takes 3 s");
    let mut section =
        Section::new(title, "see row", "0 lost, fewer twice than in flight, all there within 30 s");
    let rig = Rig::start(folder, deliveries.div_ceil(BATCH * QUEUES.len() as u32).max(2)).await?;
    rig.receiver.takes(TAKES);
    flood(&rig.stack, &QUEUES, deliveries).await?;
    until_under_way(&rig, deliveries).await;
    let in_flight = rig.receiver.under_way();
    let killed = kill(&rig.processes("").await)?;
    let started = Instant::now();
    rig.until_answered(deliveries as usize * 99 / 100, ALL_WITHIN).await;
    let most = started.elapsed();
    let answered = rig.until_answered(deliveries as usize, ALL_WITHIN.saturating_sub(most)).await;
    let took = started.elapsed();
    let twice: HashMap<_, u32> = rig.receiver.received().arrived.clone();
    let twice: u32 = twice.values().map(|arrivals| arrivals - 1).sum();
    section.add("POSTs under way at the kill", in_flight as f64);
    section.add("processes killed", f64::from(killed));
    section.add("lost", f64::from(deliveries) - answered as f64);
    section.add("received more than once", f64::from(twice));
    section.add("seconds until 99 % were answered", most.as_secs_f64());
    section.add("seconds until all were answered", took.as_secs_f64());
    Ok(section)
}

/// Waits until every delivery is under way, or as many as there will be before the first ones end.
async fn until_under_way(rig: &Rig, deliveries: u32) {
    let deadline = Instant::now() + WITHIN;
    while rig.receiver.received().begun < u64::from(deliveries) && Instant::now() < deadline {
        if !rig.receiver.received().answered.is_empty() {
            return;
        }
        tokio::time::sleep(super::LOOK).await;
    }
}

fn kill(processes: &[u32]) -> io::Result<u32> {
    let pids = processes.iter().map(u32::to_string);
    Command::new("kill").arg("-9").args(pids).status()?;
    Ok(u32::try_from(processes.len()).unwrap_or(u32::MAX))
}
