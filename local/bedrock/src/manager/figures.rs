//! DataAgent: quarters' figures. Pure.

mod metric;

use time::Date;

use super::markdown::{money, percent, table};
use super::periods;
use super::words::Words;
use crate::crm::{Crm, Quarter, QuarterFigures};
use metric::Metric;

/// Whether the question has a metric's name.
pub(crate) fn are_asked_for(words: &Words) -> bool {
    !Metric::named(words).is_empty()
        || words.any(&["figures", "kpi", "kpis", "metrics", "performance", "numbers"])
}

/// One quarter, several, or a trend, by what is asked.
pub(crate) fn text(crm: &Crm, words: &Words, today: Date) -> String {
    let this = Quarter::of(today);
    let dated = |figures: &'_ QuarterFigures| this.back(figures.quarters_ago);
    let metrics = Metric::named(words);
    let asked = periods::quarters(words, today);
    let (known, missing): (Vec<Quarter>, Vec<Quarter>) =
        asked.iter().partition(|quarter| crm.quarters.iter().any(|figures| dated(figures) == **quarter));
    let rows: Vec<(Quarter, &QuarterFigures)> = match periods::trend(words) {
        Some(count) if asked.len() < 2 => {
            let skipped = crm.quarters.len().saturating_sub(count);
            crm.quarters.iter().skip(skipped).map(|figures| (dated(figures), figures)).collect()
        }
        _ if asked.is_empty() => {
            crm.quarters.iter().rev().take(1).map(|figures| (dated(figures), figures)).collect()
        }
        _ => {
            let all = crm.quarters.iter().map(|figures| (dated(figures), figures));
            all.filter(|(quarter, _)| known.contains(quarter)).collect()
        }
    };
    let missing = none_for(crm, &missing, this);
    match rows.as_slice() {
        [] => missing,
        [(quarter, figures)] => one(crm, *quarter, figures, &metrics, this) + &missing,
        several => side_by_side(several, &metrics) + &missing,
    }
}

/// An honest word on quarters outside the data.
fn none_for(crm: &Crm, missing: &[Quarter], this: Quarter) -> String {
    let (Some(first), Some(last)) = (crm.quarters.first(), crm.quarters.last()) else { return String::new() };
    if missing.is_empty() {
        return String::new();
    }
    let names: Vec<String> = missing.iter().map(Quarter::to_string).collect();
    let (first, last) = (this.back(first.quarters_ago), this.back(last.quarters_ago));
    format!("\nThere are no figures for {}: the CRM has {first} to {last}.\n", names.join(", "))
}

fn one(crm: &Crm, quarter: Quarter, figures: &QuarterFigures, metrics: &[Metric], this: Quarter) -> String {
    let before = crm.quarters.iter().find(|other| other.quarters_ago == figures.quarters_ago + 1);
    let shown = if metrics.is_empty() { Metric::ALL.to_vec() } else { metrics.to_vec() };
    let previous = format!("{}", quarter.back(1));
    let rows: Vec<Vec<String>> = shown.iter().map(|metric| row(*metric, figures, before)).collect();
    let so_far = if quarter == this { " so far" } else { "" };
    format!(
        "## {quarter}{so_far}\n\n{}\n\n{}",
        against_target(figures, quarter == this),
        table(&["Figure", &quarter.to_string(), &previous, "Change"], &rows)
    )
}

fn row(metric: Metric, figures: &QuarterFigures, before: Option<&QuarterFigures>) -> Vec<String> {
    let (was, change) = match before {
        Some(before) => (metric.text(before), metric.change(before, figures)),
        None => ("n/a".to_owned(), "n/a".to_owned()),
    };
    vec![metric.name().to_owned(), metric.text(figures), was, change]
}

/// The sentence that most questions about a quarter want: the forecast of a running quarter, the
/// bookings of a past one, against the target.
fn against_target(figures: &QuarterFigures, is_running: bool) -> String {
    let QuarterFigures { bookings, forecast, target, .. } = *figures;
    let (what, amount) = if is_running { ("Forecast", forecast) } else { ("Bookings", bookings) };
    let gap = if amount >= target {
        format!("{} above", money(amount - target))
    } else {
        format!("{} short of", money(target - amount))
    };
    let booked = if is_running { format!(" Booked so far: {}.", money(bookings)) } else { String::new() };
    let share = percent(amount, target);
    format!("**{what} {} is {share} of the target: {gap} {}.**{booked}", money(amount), money(target))
}

fn side_by_side(rows: &[(Quarter, &QuarterFigures)], metrics: &[Metric]) -> String {
    let shown = if metrics.is_empty() { Metric::TREND.to_vec() } else { metrics.to_vec() };
    let mut head = vec!["Quarter"];
    head.extend(shown.iter().map(|metric| metric.name()));
    let row = |(quarter, figures): &(Quarter, &QuarterFigures)| {
        let values = shown.iter().map(|metric| metric.text(figures));
        std::iter::once(quarter.to_string()).chain(values).collect()
    };
    let table = table(&head, &rows.iter().map(row).collect::<Vec<Vec<String>>>());
    let (Some((first, from)), Some((last, to))) = (rows.first(), rows.last()) else { return table };
    let change = |metric: &Metric| {
        let (was, is, change) = (metric.text(from), metric.text(to), metric.change(from, to));
        format!("- **{}** went from {was} to {is} ({change})\n", metric.name())
    };
    let changes: String = shown.iter().map(change).collect();
    format!("## {first} to {last}\n\n{changes}\n{table}")
}
