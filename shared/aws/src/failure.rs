//! What a failed SDK call means: try again, or a person must mend something.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Codes that a service sends with a 4xx although trying again can help.
const PASSING: [&str; 9] = [
    "RequestTimeout",
    "RequestTimeoutException",
    "RequestTimeTooSkewed",
    "SlowDown",
    "ThrottlingException",
    "RequestThrottled",
    "KmsThrottled",
    "OverLimit",
    "ExpiredToken",
];

/// The answer of a service that did not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal<'a> {
    /// The HTTP status; none when no answer came.
    pub(crate) status: Option<u16>,
    /// The service's error code, such as `NoSuchKey`; none when the answer had none, as a HEAD's has not.
    pub(crate) code: Option<&'a str>,
    /// The request never left this process: something in it or in the configuration is wrong.
    never_sent: bool,
}

impl<'a> Refusal<'a> {
    /// What `error` tells.
    pub(crate) fn of<E: ProvideErrorMetadata>(error: &'a SdkError<E, HttpResponse>) -> Self {
        Self {
            status: error.raw_response().map(|response| response.status().as_u16()),
            code: error.as_service_error().and_then(ProvideErrorMetadata::code),
            never_sent: matches!(error, SdkError::ConstructionFailure(_)),
        }
    }

    /// Trying again later cannot help: permissions, names, or the request itself are wrong.
    pub(crate) fn is_for_good(&self) -> bool {
        if self.code.is_some_and(|code| PASSING.contains(&code)) {
            return false;
        }
        match self.status {
            Some(408 | 409 | 412 | 425 | 429) => false,
            Some(status) => (300..500).contains(&status),
            None => self.never_sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, code: &'static str) -> Refusal<'static> {
        Refusal { status: Some(status), code: Some(code), never_sent: false }
    }

    #[test]
    fn a_missing_permission_or_bucket_is_for_good() {
        assert!(answer(403, "AccessDenied").is_for_good());
        assert!(answer(404, "NoSuchBucket").is_for_good());
        assert!(answer(301, "PermanentRedirect").is_for_good());
    }

    #[test]
    fn throttling_and_failures_pass() {
        for (status, code) in [(503, "SlowDown"), (400, "RequestTimeout"), (429, "X"), (500, "InternalError")]
        {
            assert!(!answer(status, code).is_for_good(), "{status} {code}");
        }
    }

    #[test]
    fn no_answer_passes_unless_nothing_was_sent() {
        assert!(!Refusal { status: None, code: None, never_sent: false }.is_for_good());
        assert!(Refusal { status: None, code: None, never_sent: true }.is_for_good());
    }
}
