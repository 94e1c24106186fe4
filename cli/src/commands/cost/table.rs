//! The bill as people and programs read it.

use std::io::Write;

use serde_json::json;

use super::model::{Calls, Line};
use crate::error::CtlError;

/// A month's bill.
pub(super) struct Bill {
    /// Conversations.
    pub(super) queries: f64,
    /// What they cost.
    pub(super) traffic: Vec<Line>,
    /// The functions' own metrics.
    pub(super) metrics: Line,
    /// What is paid without any conversation.
    pub(super) idle: Vec<Line>,
    /// What the agent's tokens cost.
    pub(super) answers: f64,
    /// The calls of a waiting and of a queued conversation.
    pub(super) calls: [Calls; 2],
}

impl Bill {
    /// Prints it.
    pub(super) fn print(&self, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
        let traffic: f64 = sum(&self.traffic);
        let idle = sum(&self.idle);
        let all = traffic + self.metrics.dollars + idle + self.answers;
        let per_million = traffic / self.queries * 1e6;
        if as_json {
            let [waiting, queued] = self.calls;
            let told = json!({
                "currency": "USD", "region": "us-east-1", "traffic": self.traffic, "metrics": self.metrics,
                "idle": self.idle, "traffic_dollars": traffic, "idle_dollars": idle,
                "answers_dollars": self.answers, "dollars": all, "dollars_per_million_queries": per_million,
                "calls_per_query": {"waiting": waiting, "queued": queued},
            });
            return Ok(writeln!(out, "{told}")?);
        }
        writeln!(out, "{:<42} {:>18}  {:<12} {:>12}", "a month", "units", "", "US dollars")?;
        rows(&self.traffic, out)?;
        total("traffic", traffic, out)?;
        rows(std::slice::from_ref(&self.metrics), out)?;
        writeln!(out)?;
        rows(&self.idle, out)?;
        total("idle, whether or not anybody asks", idle, out)?;
        if self.answers > 0.0 {
            total("the agent's answers", self.answers, out)?;
        }
        total("all", all, out)?;
        writeln!(
            out,
            "one million questions cost {per_million:.2}, besides metrics, idle cost and the agent"
        )?;
        Ok(())
    }
}

fn sum(lines: &[Line]) -> f64 {
    lines.iter().map(|line| line.dollars).sum()
}

fn rows(lines: &[Line], out: &mut impl Write) -> Result<(), CtlError> {
    for Line { item, units, unit, dollars } in lines {
        writeln!(out, "{item:<42} {units:>18.1}  {unit:<12} {dollars:>12.2}")?;
    }
    Ok(())
}

fn total(name: &str, dollars: f64, out: &mut impl Write) -> Result<(), CtlError> {
    Ok(writeln!(out, "{name:<42} {:>18}  {:<12} {dollars:>12.2}\n", "", "")?)
}
