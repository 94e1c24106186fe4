//! The figures of a quarter, one by one. Pure.

use super::Words;
use crate::crm::QuarterFigures;
use crate::manager::markdown::{money, percent};

/// One figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Metric {
    Bookings,
    Forecast,
    Target,
    WinRate,
    Pipeline,
    Churn,
    NewLeads,
    SalesCycle,
    DealsWon,
}

impl Metric {
    /// In the order of a full table.
    pub(super) const ALL: [Self; 9] = [
        Self::Bookings,
        Self::Forecast,
        Self::Target,
        Self::WinRate,
        Self::Pipeline,
        Self::Churn,
        Self::NewLeads,
        Self::SalesCycle,
        Self::DealsWon,
    ];

    /// What a trend shows unasked.
    pub(super) const TREND: [Self; 5] =
        [Self::Bookings, Self::Target, Self::WinRate, Self::Pipeline, Self::Churn];

    /// The figures that the question names.
    pub(super) fn named(words: &Words) -> Vec<Self> {
        Self::ALL.into_iter().filter(|metric| words.any(metric.phrases())).collect()
    }

    fn phrases(self) -> &'static [&'static str] {
        match self {
            Self::Bookings => &["bookings", "booked", "revenue", "sales figures", "attainment"],
            Self::Forecast => &["forecast", "forecasts", "forecasted"],
            Self::Target => &["target", "targets", "quota", "attainment", "goal"],
            Self::WinRate => &["win rate", "win rates", "conversion", "conversion rate", "close rate"],
            Self::Pipeline => &["pipeline"],
            Self::Churn => &["churn", "retention", "churn rate"],
            Self::NewLeads => &["new leads", "leads"],
            Self::SalesCycle => &["sales cycle", "cycle time", "cycle length"],
            Self::DealsWon => &["deals won", "won deals", "how many deals", "deals did we win", "wins"],
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bookings => "Bookings",
            Self::Forecast => "Forecast",
            Self::Target => "Target",
            Self::WinRate => "Win rate",
            Self::Pipeline => "Pipeline",
            Self::Churn => "Churn",
            Self::NewLeads => "New leads",
            Self::SalesCycle => "Sales cycle",
            Self::DealsWon => "Deals won",
        }
    }

    pub(super) fn text(self, figures: &QuarterFigures) -> String {
        match self.value(figures) {
            Value::Dollars(dollars) => money(dollars),
            Value::Percent(percent) => format!("{percent:.1} %"),
            Value::Count(count) => count.to_string(),
            Value::Days(days) => format!("{days} days"),
        }
    }

    /// The change from one quarter to another.
    pub(super) fn change(self, from: &QuarterFigures, to: &QuarterFigures) -> String {
        match (self.value(from), self.value(to)) {
            (Value::Percent(from), Value::Percent(to)) => format!("{:+.1} points", to - from),
            (Value::Days(from), Value::Days(to)) => format!("{}{} days", sign(from, to), from.abs_diff(to)),
            (
                Value::Dollars(from) | Value::Count(from) | Value::Days(from),
                Value::Dollars(to) | Value::Count(to) | Value::Days(to),
            ) => format!("{}{}", sign(from, to), percent(from.abs_diff(to), from)),
            (Value::Percent(_), _) | (_, Value::Percent(_)) => String::new(),
        }
    }

    fn value(self, figures: &QuarterFigures) -> Value {
        match self {
            Self::Bookings => Value::Dollars(figures.bookings),
            Self::Forecast => Value::Dollars(figures.forecast),
            Self::Target => Value::Dollars(figures.target),
            Self::WinRate => Value::Percent(figures.win_rate_percent),
            Self::Pipeline => Value::Dollars(figures.pipeline),
            Self::Churn => Value::Percent(figures.churn_percent),
            Self::NewLeads => Value::Count(figures.new_leads),
            Self::SalesCycle => Value::Days(figures.sales_cycle_days),
            Self::DealsWon => Value::Count(figures.deals_won),
        }
    }
}

enum Value {
    Dollars(u64),
    Percent(f64),
    Count(u64),
    Days(u64),
}

fn sign(from: u64, to: u64) -> &'static str {
    if to < from { "-" } else { "+" }
}
