//! The local stack with a receiver of the harness's own behind every class.

mod drain;
mod latency;
mod recovery;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ::tests::stack::{Options, Stack};
use reqwest::Method;
use revops_core::{Header, TrackingId};
use tempfile::TempDir;

use crate::process;
use crate::receiver::Receiver;

pub(crate) use drain::measure as drain;
pub(crate) use latency::{Curve, measure as latency};
pub(crate) use recovery::measure as recovery;

/// How often something is looked at while it is waited for.
const LOOK: Duration = Duration::from_millis(20);

/// A stack, and what its webhooks receive.
pub(super) struct Rig {
    stack: Stack,
    receiver: Receiver,
    /// Deleted with the rig.
    _folder: TempDir,
}

impl Rig {
    /// Starts a stack of the binaries in `folder`, with so many concurrent batches of each outbound queue.
    async fn start(folder: &Path, deliveries: u32) -> io::Result<Self> {
        let receiver = Receiver::start().await?;
        let temporary = tempfile::tempdir()?;
        let template = temporary.path().join("template.yaml");
        std::fs::write(&template, with_concurrency(deliveries)?)?;
        let options = Options {
            environment: vec![
                ("GENERAL_WEBHOOK_URL".into(), receiver.url.clone()),
                ("DEAL_ANALYSIS_WEBHOOK_URL".into(), String::new()),
                ("DATA_ANALYSIS_WEBHOOK_URL".into(), String::new()),
                ("LEAD_ANALYSIS_WEBHOOK_URL".into(), String::new()),
            ],
            template: Some(template),
            log: Some(temporary.path().join("stack.log")),
            binaries: Some(folder.to_owned()),
            ..Options::default()
        };
        let stack = Stack::start(&temporary.path().join("state"), options).await;
        Ok(Self { stack, receiver, _folder: temporary })
    }

    /// The processes of the functions whose name contains `name`.
    async fn processes(&self, name: &str) -> Vec<u32> {
        let shown = self.stack.call(Method::GET, "/_local/functions", None).await.body;
        let processes = shown.as_array().cloned().unwrap_or_default();
        let of_it = processes
            .iter()
            .filter(|process| process["function"].as_str().is_some_and(|of| of.contains(name)));
        of_it.filter_map(|process| u32::try_from(process["pid"].as_u64()?).ok()).collect()
    }

    /// The processor time of all processes of the functions whose name contains `name`.
    async fn cpu_time(&self, name: &str) -> Duration {
        self.processes(name).await.into_iter().map(process::cpu_time).sum()
    }

    /// Waits until `done` conversations are answered, for `within` at most; how many are.
    async fn until_answered(&self, done: usize, within: Duration) -> usize {
        let deadline = tokio::time::Instant::now() + within;
        loop {
            let answered = self.receiver.received().answered.len();
            if answered >= done || tokio::time::Instant::now() > deadline {
                return answered;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// How long after its acceptance each of `conversations` was answered with a 2xx, in milliseconds, if that was
    /// the answer to the first POST.
    fn latencies(&self, conversations: &[TrackingId]) -> Vec<f64> {
        let received = self.receiver.received();
        let of = |id: &TrackingId| {
            let at_once = received.arrived.get(id) == Some(&1);
            let answered = received.answered.get(id).filter(|_| at_once)?.first()?;
            Some(answered.since(id.made_at()).as_secs_f64() * 1e3)
        };
        conversations.iter().filter_map(of).collect()
    }
}

/// The shipped template, with another default of one parameter.
fn with_concurrency(deliveries: u32) -> io::Result<String> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml"));
    let text = std::fs::read_to_string(path)?;
    let parameter = "  DeliveryConcurrency:\n    Type: Number\n    Default: ";
    let (before, after) =
        text.split_once(parameter).ok_or_else(|| io::Error::other("no DeliveryConcurrency"))?;
    let after = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
    Ok(format!("{before}{parameter}{deliveries}{after}"))
}

/// The class that the `number`-th conversation is delivered to.
fn class(number: usize) -> Header {
    const CLASSES: [Header; 4] =
        [Header::DealAnalysis, Header::DataAnalysis, Header::LeadAnalysis, Header::General];
    CLASSES[number % CLASSES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_concurrency_of_the_deliveries_is_all_that_changes_in_the_template() {
        let (three, shipped) = (with_concurrency(3).unwrap(), with_concurrency(10).unwrap());
        let differing: Vec<_> =
            three.lines().zip(shipped.lines()).filter(|(one, other)| one != other).collect();
        assert_eq!(differing, [("    Default: 3", "    Default: 10")]);
    }
}
