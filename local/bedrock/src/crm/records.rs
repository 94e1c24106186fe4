//! The records' shapes, as the data files have them. Amounts are whole US dollars.

use std::fmt;

use serde::Deserialize;

/// Where a deal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) enum Stage {
    Discovery,
    Qualification,
    Proposal,
    Negotiation,
    #[serde(rename = "Closed Won")]
    ClosedWon,
    #[serde(rename = "Closed Lost")]
    ClosedLost,
}

impl Stage {
    pub(crate) const OPEN: [Self; 4] =
        [Self::Discovery, Self::Qualification, Self::Proposal, Self::Negotiation];

    pub(crate) fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovery => "Discovery",
            Self::Qualification => "Qualification",
            Self::Proposal => "Proposal",
            Self::Negotiation => "Negotiation",
            Self::ClosedWon => "Closed Won",
            Self::ClosedLost => "Closed Lost",
        })
    }
}

/// How an open deal is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Health {
    Healthy,
    Watch,
    AtRisk,
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Healthy => "healthy",
            Self::Watch => "to be watched",
            Self::AtRisk => "at risk",
        })
    }
}

/// One opportunity.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deal {
    pub(crate) account: String,
    /// Lower-case names that questions use for it.
    pub(crate) aliases: Vec<String>,
    pub(crate) name: String,
    pub(crate) stage: Stage,
    pub(crate) amount: u64,
    /// Days from today to the close date; negative for a closed deal.
    pub(crate) closes_in_days: i64,
    /// Percent.
    pub(crate) probability: u64,
    pub(crate) owner: String,
    pub(crate) health: Health,
    pub(crate) summary: String,
    pub(crate) meddpicc: Meddpicc,
    pub(crate) risks: Vec<String>,
    pub(crate) competitor: String,
    pub(crate) next_steps: Vec<NextStep>,
    pub(crate) stakeholders: Vec<Stakeholder>,
}

impl Deal {
    /// Amount times probability.
    pub(crate) fn weighted(&self) -> u64 {
        self.amount * self.probability / 100
    }
}

/// Notes by the letters of MEDDPICC.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Meddpicc {
    pub(crate) metrics: String,
    pub(crate) economic_buyer: String,
    pub(crate) decision_criteria: String,
    pub(crate) decision_process: String,
    pub(crate) paper_process: String,
    pub(crate) identified_pain: String,
    pub(crate) champion: String,
    pub(crate) competition: String,
}

/// What is to be done next.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NextStep {
    pub(crate) action: String,
    pub(crate) owner: String,
    pub(crate) due_in_days: i64,
}

/// A person on the customer's side.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stakeholder {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) role: String,
}

/// One lead.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lead {
    pub(crate) person: String,
    pub(crate) company: String,
    /// Lower-case names of the company.
    pub(crate) aliases: Vec<String>,
    pub(crate) title: String,
    /// 0 to 100.
    pub(crate) fit_score: u64,
    pub(crate) source: String,
    pub(crate) status: String,
    pub(crate) last_touch_days_ago: i64,
    pub(crate) fit_reasons: Vec<String>,
    pub(crate) recommended_outreach: String,
}

/// The figures of one quarter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuarterFigures {
    /// 0 is the quarter of today.
    pub(crate) quarters_ago: u8,
    pub(crate) bookings: u64,
    pub(crate) forecast: u64,
    pub(crate) target: u64,
    pub(crate) win_rate_percent: f64,
    /// Open pipeline at the quarter's end (today for the current quarter).
    pub(crate) pipeline: u64,
    pub(crate) churn_percent: f64,
    pub(crate) new_leads: u64,
    pub(crate) sales_cycle_days: u64,
    pub(crate) deals_won: u64,
}
