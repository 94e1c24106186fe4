//! Public errors: `application/problem+json` (RFC 9457) with a stable code (SPEC 2.2).
//!
//! A problem holds only what the outside may read. Its cause goes to the log, where it is made.

use serde::Serialize;

use crate::TrackingId;
use crate::telemetry::Attribution;

/// The stable code of a public error; it decides status and title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The body is not JSON, not UTF-8, or nested too deep.
    MalformedJson,
    /// Fields break their rules.
    InvalidRequest,
    /// No, unknown, expired or badly signed credentials.
    Unauthenticated,
    /// No such route or conversation, or another caller's.
    NotFound,
    /// The route exists, not for this method.
    MethodNotAllowed,
    /// The body is above 256 KiB.
    PayloadTooLarge,
    /// The body is not JSON by its content type.
    UnsupportedMediaType,
    /// The idempotency key came with another body before.
    IdempotencyKeyReused,
    /// The agent refused for good.
    AgentFailed,
    /// Storage, queue or secrets refused; nothing was acknowledged.
    DependencyUnavailable,
    /// A bug.
    Internal,
}

impl ProblemCode {
    /// Every code, in the order of SPEC 2.2.
    pub const ALL: [Self; 11] = [
        Self::MalformedJson,
        Self::InvalidRequest,
        Self::Unauthenticated,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::IdempotencyKeyReused,
        Self::AgentFailed,
        Self::DependencyUnavailable,
        Self::Internal,
    ];

    /// The code on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.row().1
    }

    /// A short title that is the same for every occurrence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    const fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::MalformedJson => ("malformed_json", 400, "The body is not readable JSON"),
            Self::InvalidRequest => ("invalid_request", 400, "The request breaks a rule"),
            Self::Unauthenticated => ("unauthenticated", 401, "Valid credentials are needed"),
            Self::NotFound => ("not_found", 404, "There is nothing here"),
            Self::MethodNotAllowed => ("method_not_allowed", 405, "The method is not allowed here"),
            Self::PayloadTooLarge => ("payload_too_large", 413, "The body is too large"),
            Self::UnsupportedMediaType => ("unsupported_media_type", 415, "The body must be JSON"),
            Self::IdempotencyKeyReused => {
                ("idempotency_key_reused", 422, "The idempotency key was used with another body")
            }
            Self::AgentFailed => ("agent_failed", 502, "The agent could not answer"),
            Self::DependencyUnavailable => ("dependency_unavailable", 503, "Try again shortly"),
            Self::Internal => ("internal", 500, "Something went wrong on our side"),
        }
    }
}

/// One rule that one field breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's name, or the header's.
    pub field: &'static str,
    /// Stable: `required`, `wrong_type`, `too_long`, ….
    pub code: &'static str,
    /// What a person does about it.
    pub message: String,
}

/// A public error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What went wrong.
    pub code: ProblemCode,
    /// One sentence about this occurrence, for the outside.
    pub detail: String,
    /// The conversation that it concerns.
    pub tracking_id: Option<TrackingId>,
    /// The fields' errors, all of them.
    pub errors: Vec<FieldError>,
    /// Whose fault it is; for the log and the metrics alone.
    pub attribution: Attribution,
}

impl Problem {
    /// A problem with a detail for the outside.
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        let attribution = Attribution::of_problem(code);
        Self { code, detail: detail.into(), tracking_id: None, errors: Vec::new(), attribution }
    }

    /// About this conversation.
    #[must_use]
    pub const fn about(mut self, id: TrackingId) -> Self {
        self.tracking_id = Some(id);
        self
    }

    /// As [`new`](Self::new), where more is known about whose fault it is than the code says.
    #[must_use]
    pub const fn due_to(mut self, party: Attribution) -> Self {
        self.attribution = party;
        self
    }

    /// Fields that break their rules.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{}: {}", one.field, one.message),
            several => format!("{} fields break a rule; see errors", several.len()),
        };
        Self { errors, ..Self::new(ProblemCode::InvalidRequest, detail) }
    }

    /// The body: a problem detail document.
    #[must_use]
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Document<'a> {
            success: bool,
            #[serde(rename = "type")]
            kind: String,
            title: &'static str,
            status: u16,
            detail: &'a str,
            code: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            tracking_id: Option<TrackingId>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            errors: &'a [FieldError],
        }
        let document = Document {
            success: false,
            kind: format!("urn:revops-webhook-gateway:problem:{}", self.code.as_str()),
            title: self.code.title(),
            status: self.code.status(),
            detail: &self.detail,
            code: self.code.as_str(),
            tracking_id: self.tracking_id,
            errors: &self.errors,
        };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_error_status_and_its_serde_name() {
        for code in ProblemCode::ALL {
            assert!((400..600).contains(&code.status()));
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
