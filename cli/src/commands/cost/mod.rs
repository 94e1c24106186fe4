//! `gatewayctl cost`: what a month of questions costs on AWS, by component.

mod model;
mod prices;
mod table;
#[cfg(test)]
mod tests;

use std::io::Write;

use clap::ValueEnum;

use crate::error::CtlError;
use model::{Fixtures, Load, idle, metrics, queued, waiting};
use table::Bill;

/// How many series of their own metrics the functions emit on a usual day, at most. A test keeps them to it.
const METRIC_SERIES: usize = 80;
/// How many metrics the alarms of `template.yaml` watch; each is paid for. A test counts them.
const ALARM_METRICS: usize = 54;
/// How many of its alarms are composite.
const COMPOSITE_ALARMS: usize = 1;

/// Tell what a month of questions costs on AWS, by component.
///
/// The calls to each service are those that the functions make (a test counts them); prices are those of us-east-1
/// without free tiers; the agent's own price is not in it, unless --answer-price says what an answer costs. At a few
/// seconds of agent time Lambda's waiting and S3's writes are most of the bill: --formats shows what an export less
/// saves.
///
/// Example: gatewayctl cost --queries 1000000 --agent-seconds 8
#[derive(Debug, clap::Args)]
pub(crate) struct Cost {
    /// Questions a month
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    queries: u64,
    /// How long the agent takes for one answer
    #[arg(long, value_name = "S", value_parser = amount)]
    agent_seconds: f64,
    /// How many of the callers do not wait for the answer, 0 to 1
    #[arg(long = "async", value_name = "SHARE", default_value = "0", value_parser = share)]
    asynchronous: f64,
    /// How many export formats are written
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u8).range(1..=4))]
    formats: u8,
    /// How long a receiver takes for one delivery
    #[arg(long, value_name = "S", default_value = "0.2", value_parser = amount)]
    receiver_seconds: f64,
    /// What a function takes for itself in one invocation
    #[arg(long, value_name = "S", default_value = "0.1", value_parser = amount)]
    own_seconds: f64,
    /// What the agent's tokens cost for one answer, in dollars
    #[arg(long, value_name = "DOLLARS", default_value = "0", value_parser = amount)]
    answer_price: f64,
    /// The functions' architecture
    #[arg(long, value_enum, default_value = "x86_64")]
    architecture: Architecture,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Architecture {
    #[value(name = "x86_64")]
    X86,
    Arm64,
}

/// Prints the bill.
pub(crate) fn run(cost: &Cost, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
    let load = Load {
        queries: cost.queries as f64,
        agent_seconds: cost.agent_seconds,
        asynchronous: cost.asynchronous,
        formats: cost.formats.into(),
        receiver_seconds: cost.receiver_seconds,
        own_seconds: cost.own_seconds,
        arm: cost.architecture == Architecture::Arm64,
    };
    let fixtures = Fixtures { alarm_metrics: ALARM_METRICS, composite_alarms: COMPOSITE_ALARMS };
    let bill = Bill {
        queries: load.queries,
        traffic: load.traffic(),
        metrics: metrics(METRIC_SERIES),
        idle: idle(fixtures),
        answers: load.queries * cost.answer_price,
        calls: [waiting(load.formats), queued(load.formats, load.agent_seconds)],
    };
    bill.print(as_json, out)
}

fn amount(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && (0.0..=1e6).contains(number));
    number.ok_or_else(|| "a number from 0 on, such as 8 or 0.5".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    amount(text)
        .ok()
        .filter(|share| *share <= 1.0)
        .ok_or_else(|| "a share from 0 to 1, such as 0.3".to_owned())
}
