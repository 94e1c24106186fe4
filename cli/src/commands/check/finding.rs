//! What a check has found.

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Severity {
    /// The deployment would be refused, lose messages, or be open.
    Error,
    /// It would work, and there is a reason not to want it so.
    Warning,
    /// Something could not be checked.
    Note,
}

/// One thing that is to be mended, or known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// How bad it is.
    pub(super) severity: Severity,
    /// Where it is in the template.
    pub(super) place: String,
    /// What is so, and why it matters.
    pub(super) reason: String,
    /// What to do.
    pub(super) fix: String,
}

impl Finding {
    /// An error.
    pub(super) fn error(place: impl Into<String>, reason: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { severity: Severity::Error, place: place.into(), reason: reason.into(), fix: fix.into() }
    }

    /// A warning.
    pub(super) fn warning(
        place: impl Into<String>,
        reason: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(place, reason, fix) }
    }

    /// A note.
    pub(super) fn note(place: impl Into<String>, reason: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(place, reason, fix) }
    }
}
