//! Metrics as a table.

use std::io::Write;

use revops_core::telemetry::Unit;
use serde_json::{Value, json};

use super::Row;
use crate::error::CtlError;
use crate::terminal::Terminal;

/// From nothing to the most.
const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub(super) fn print(
    rows: &[Row],
    terminal: &Terminal,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    if as_json {
        return Ok(writeln!(out, "{}", json!(rows.iter().map(to_json).collect::<Vec<_>>()))?);
    }
    let head = format!("{:<26} {:>10} {:>12} {:>12}", "metric", "count", "sum / mean", "max");
    writeln!(out, "{}", terminal.dim(head))?;
    for row in rows {
        let (name, course) = (row.metric.name(), sparkline(&row.course));
        if row.count == 0.0 {
            let line = format!("{name:<26} {:>10} {:>12} {:>12}  {course}", "-", "-", "-");
            writeln!(out, "{}", terminal.dim(line.trim_end()))?;
            continue;
        }
        let (middle, most) = (number(row.middle(), row), number(row.max.unwrap_or_default(), row));
        let line = format!("{name:<26} {:>10} {middle:>12} {most:>12}  {course}", row.count);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

impl Row {
    /// What the unit makes worth reading: the sum of things that are counted, the mean of what is measured.
    fn middle(&self) -> f64 {
        match self.metric.unit() {
            Unit::Count => self.sum,
            Unit::Milliseconds | Unit::None => self.sum / self.count.max(1.0),
        }
    }
}

fn number(value: f64, row: &Row) -> String {
    match row.metric.unit() {
        Unit::Count => format!("{value:.0}"),
        Unit::Milliseconds if value >= 10_000.0 => format!("{:.1} s", value / 1_000.0),
        Unit::Milliseconds => format!("{value:.0} ms"),
        Unit::None => format!("{value:.2}"),
    }
}

/// One character a value, from the least possible, nothing, to the largest that is there.
fn sparkline(course: &[f64]) -> String {
    let most = course.iter().copied().fold(0.0, f64::max);
    let step = |value: &f64| {
        if *value <= 0.0 || most <= 0.0 {
            return ' ';
        }
        let last = STEPS.len() - 1;
        // From 0 to 7: neither sign nor size is lost.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "from 0 to 7"
        )]
        let place = (value / most * last as f64).round() as usize;
        STEPS[place.min(last)]
    };
    course.iter().map(step).collect()
}

fn to_json(row: &Row) -> Value {
    json!({"metric": row.metric.name(), "unit": row.metric.unit(), "count": row.count, "sum": row.sum,
        "max": row.max, "course": row.course})
}

#[cfg(test)]
mod tests {
    use super::*;
    use revops_core::telemetry::Metric;

    fn row(metric: Metric, count: f64, sum: f64, course: &[f64]) -> Row {
        Row { metric, count, sum, max: Some(sum), course: course.to_vec() }
    }

    #[test]
    fn a_sparkline_rises_with_its_values_and_is_blank_where_nothing_was() {
        assert_eq!(sparkline(&[0.0, 1.0, 4.0, 8.0]), " ▂▅█");
        assert_eq!(sparkline(&[0.0, 0.0]), "  ");
        assert_eq!(sparkline(&[]), "");
    }

    #[test]
    fn counted_things_are_summed_and_measured_ones_averaged() {
        let mut out = Vec::new();
        let rows = [
            row(Metric::Delivered, 2.0, 2.0, &[1.0, 1.0]),
            row(Metric::AgentLatency, 4.0, 1_000.0, &[]),
            row(Metric::ExportFailed, 0.0, 0.0, &[]),
        ];
        print(&rows, &Terminal::plain(), false, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "Delivered                           2            2            2  ██");
        assert_eq!(lines[2], "AgentLatency                        4       250 ms      1000 ms");
        assert_eq!(lines[3], "ExportFailed                        -            -            -");
    }
}
