//! The four formats, and which of them are wanted.

use std::collections::BTreeSet;
use std::str::FromStr;

/// One format of an export; its name is the object's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExportFormat {
    /// Everything, with timeline, attempts and the final delivery status.
    Conversation,
    /// Metadata only; query and answer cut.
    Metadata,
    /// One compact line.
    Summary,
    /// What an analyst reads: query, response, agents, timing, delivery.
    Analysis,
}

/// Which formats are written; all four unless `EXPORT_FORMATS` says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFormats(BTreeSet<ExportFormat>);

/// The text names something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is none of conversation, metadata, summary, analysis")]
pub struct UnknownFormat(String);

impl ExportFormat {
    const ALL: [Self; 4] = [Self::Conversation, Self::Metadata, Self::Summary, Self::Analysis];

    /// The object's name without its ending.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Conversation => "conversation",
            Self::Metadata => "metadata",
            Self::Summary => "summary",
            Self::Analysis => "analysis",
        }
    }
}

impl ExportFormats {
    /// The wanted formats.
    pub fn iter(&self) -> impl Iterator<Item = ExportFormat> {
        self.0.iter().copied()
    }
}

impl Default for ExportFormats {
    fn default() -> Self {
        Self(ExportFormat::ALL.into_iter().collect())
    }
}

impl FromStr for ExportFormats {
    type Err = UnknownFormat;

    fn from_str(list: &str) -> Result<Self, UnknownFormat> {
        let known = |name: &str| {
            let format = ExportFormat::ALL.into_iter().find(|format| format.as_str() == name);
            format.ok_or_else(|| UnknownFormat(name.to_owned()))
        };
        list.split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(known)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}
