//! `gatewayctl metrics`: what the functions measured, as a table with sparklines.

mod cloudwatch;
mod stack;
mod table;

use std::io::Write;

use revops_aws::SystemClock;
use revops_core::ports::Clock as _;
use revops_core::telemetry::Metric;

use crate::commands::reconcile::Since;
use crate::error::CtlError;
use crate::target::Target;
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  gatewayctl --local metrics
  gatewayctl metrics --since 24h
  gatewayctl metrics --since 7d --json

Without --local it asks CloudWatch, which needs the permission cloudwatch:GetMetricData. A sparkline has one
character for each part of the time, the latest at its right end; the local stack's covers the last 5 minutes.";

/// Show what the functions measured.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Metrics {
    /// How far back: a time such as 2025-08-13T06:30:00Z, or an age such as 3h; the local stack tells of all since
    /// its start
    #[arg(long, value_name = "T", default_value = "3h")]
    since: Since,
}

/// A metric over the time that was asked for, all dimensions together.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    metric: Metric,
    /// How many values.
    count: f64,
    sum: f64,
    /// None where nothing was measured.
    max: Option<f64>,
    /// The sum of each part of the time, oldest first.
    course: Vec<f64>,
}

/// Prints the table.
pub(crate) async fn run(
    metrics: &Metrics,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let now = SystemClock.now();
    let rows = if target.is_local() {
        stack::rows(target, now).await?
    } else {
        cloudwatch::rows(target, metrics.since.before(now), now).await?
    };
    table::print(&rows, &Terminal::of_stdout(), as_json, out)
}
