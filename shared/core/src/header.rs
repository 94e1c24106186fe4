//! The four classes of answers; each has a webhook and a queue of its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The class of an answer: which team's webhook receives it (SPEC 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Header {
    /// Existing opportunities: status, risk, stakeholders, next steps.
    DealAnalysis,
    /// Numbers over many records or periods.
    DataAnalysis,
    /// People or companies before an opportunity exists.
    LeadAnalysis,
    /// Everything else; also where a class without a webhook of its own falls back to.
    General,
}

/// The text names none of the four classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of deal_analysis, data_analysis, lead_analysis, general")]
pub struct UnknownHeader;

impl Header {
    /// All classes, in the order in which tables and configuration list them.
    pub const ALL: [Self; 4] = [Self::DealAnalysis, Self::DataAnalysis, Self::LeadAnalysis, Self::General];

    /// The name on the wire: `deal_analysis`, `data_analysis`, `lead_analysis` or `general`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DealAnalysis => "deal_analysis",
            Self::DataAnalysis => "data_analysis",
            Self::LeadAnalysis => "lead_analysis",
            Self::General => "general",
        }
    }

    /// The prefix of this class's environment variables: `DEAL_ANALYSIS` of `DEAL_ANALYSIS_WEBHOOK_URL`.
    #[must_use]
    pub const fn variable_prefix(self) -> &'static str {
        match self {
            Self::DealAnalysis => "DEAL_ANALYSIS",
            Self::DataAnalysis => "DATA_ANALYSIS",
            Self::LeadAnalysis => "LEAD_ANALYSIS",
            Self::General => "GENERAL",
        }
    }
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Header {
    type Err = UnknownHeader;

    fn from_str(text: &str) -> Result<Self, UnknownHeader> {
        Self::ALL.into_iter().find(|header| header.as_str() == text).ok_or(UnknownHeader)
    }
}
