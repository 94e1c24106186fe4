//! A backlog that is delivered: the processor time of one delivery, with the calls to S3 and SQS that it makes.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::Rig;
use crate::flood::flood;
use crate::report::Section;

/// Batches at a time: more than the machine has cores.
const DELIVERIES: u32 = 4;

/// Deliveries that warm the functions and are not counted.
const WARM_UP: u32 = 200;

/// How long a backlog may take.
const WITHIN: Duration = Duration::from_secs(600);

/// `rounds` backlogs of so many conversations.
pub(crate) async fn measure(folder: &Path, rounds: usize, conversations: u32) -> io::Result<Vec<Section>> {
    let title = "CPU of one delivery in the function, with S3 and SQS of the local stack";
    let mut cost = Section::new(title, "µs", "≤ 450 µs");
    let mut rate = Section::new(
        "deliveries a second while the backlog drains, stack and functions on one machine",
        "1/s",
        "",
    );
    let rig = Rig::start(folder, DELIVERIES).await?;
    flood(&rig.stack, &["general"], WARM_UP).await?;
    let mut expected = rig.until_answered(WARM_UP as usize, WITHIN).await;
    for _ in 0..rounds {
        let (before, started) = (rig.cpu_time("elivery").await, Instant::now());
        flood(&rig.stack, &["general"], conversations).await?;
        expected += conversations as usize;
        let answered = rig.until_answered(expected, WITHIN).await;
        if answered < expected {
            return Err(io::Error::other(format!("{answered} of {expected} were delivered")));
        }
        // The last batches are still being recorded and exported.
        rig.stack
            .until("the queues are empty", || async { (rig.stack.messages().await == 0).then_some(()) })
            .await;
        let used = rig.cpu_time("elivery").await.saturating_sub(before);
        cost.add("delivery function", used.as_secs_f64() * 1e6 / f64::from(conversations));
        rate.add("delivered", f64::from(conversations) / started.elapsed().as_secs_f64());
    }
    Ok(vec![cost, rate])
}
