//! What a question wants to know of a deal. Pure.

use super::words::Words;

/// One side of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Focus {
    /// The whole of it.
    Status,
    Risks,
    NextSteps,
    Stakeholders,
    Competition,
    Meddpicc,
    Amount,
    CloseDate,
    Owner,
}

/// The first that fits is meant.
const PHRASES: [(Focus, &[&str]); 8] = [
    (Focus::Meddpicc, &["meddpicc", "meddic", "qualification notes", "qualified"]),
    (
        Focus::Risks,
        &[
            "risk",
            "risks",
            "risky",
            "blocker",
            "blockers",
            "blocking",
            "concern",
            "concerns",
            "objection",
            "objections",
            "slip",
            "worried",
        ],
    ),
    (
        Focus::NextSteps,
        &[
            "next step",
            "next steps",
            "what next",
            "next action",
            "next actions",
            "action items",
            "to do",
            "should we do",
        ],
    ),
    (Focus::Competition, &["competitor", "competitors", "competition", "competing", "up against"]),
    (Focus::Owner, &["who owns", "owner", "account executive"]),
    (
        Focus::Stakeholders,
        &[
            "stakeholder",
            "stakeholders",
            "champion",
            "economic buyer",
            "decision maker",
            "decision makers",
            "contacts",
            "who is involved",
            "who signs",
        ],
    ),
    (Focus::Amount, &["how much", "worth", "amount", "value", "deal size", "how big"]),
    (Focus::CloseDate, &["when", "close date", "closing date"]),
];

impl Focus {
    /// What the question names, otherwise the whole.
    pub(crate) fn of(words: &Words) -> Self {
        PHRASES.iter().find(|(_, phrases)| words.any(phrases)).map_or(Self::Status, |(focus, _)| *focus)
    }

    /// Whether the question asks for something that only deals have.
    pub(crate) fn is_about_a_deal(words: &Words) -> bool {
        Self::of(words) != Self::Status || words.any(&["status", "stage", "deal", "deals", "opportunity"])
    }
}
