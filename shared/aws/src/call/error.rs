//! Why a call did not do what was asked, and whether trying again can help.

/// Codes that a service sends with a 4xx although trying again can help.
const PASSING: [&str; 10] = [
    "RequestTimeout",
    "RequestTimeoutException",
    "RequestTimeTooSkewed",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "RequestThrottled",
    "KmsThrottled",
    "OverLimit",
    "ExpiredToken",
];

/// Of those, the ones that pass so soon that the call itself is repeated.
const SOON_OVER: [&str; 6] = [
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "RequestThrottled",
];

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A call that did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The request never left this process: something in it or in the configuration is wrong.
    #[error("the request cannot be made")]
    NotSent(#[source] BoxError),
    /// No answer came, or not the whole of it; what was asked may have been done.
    #[error("no answer came")]
    NoAnswer(#[source] BoxError),
    /// The answer is larger than any that is expected.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The service answered that it did not do it.
    #[error(transparent)]
    Refused(Refusal),
}

/// The answer of a service that did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("the service answered {status} {code}: {message}")]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The service's error code without its namespace, such as `NoSuchKey`; empty when the answer had none.
    pub code: String,
    /// The service's words.
    pub message: String,
    /// The request was sent before, and an earlier sending may have done the work unseen.
    pub was_repeated: bool,
}

impl CallError {
    /// The service's refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::NotSent(_) | Self::NoAnswer(_) | Self::TooLarge(_) => None,
        }
    }

    /// The service's error code; empty without one.
    #[must_use]
    pub fn code(&self) -> &str {
        self.refusal().map_or("", |refusal| &refusal.code)
    }

    /// Trying again later cannot help: permissions, names, or the request itself are wrong.
    #[must_use]
    pub fn is_for_good(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::TooLarge(_) => true,
            Self::NoAnswer(_) => false,
            Self::Refused(refusal) => refusal.is_for_good(),
        }
    }

    /// Sending the same once more, in a moment, can help.
    #[must_use]
    pub fn is_soon_over(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::TooLarge(_) => false,
            Self::NoAnswer(_) => true,
            Self::Refused(refusal) => {
                matches!(refusal.status, 429 | 500 | 502 | 503 | 504)
                    || SOON_OVER.contains(&refusal.code.as_str())
            }
        }
    }

    /// This error of a call that was sent more than once.
    pub(super) fn repeated(self) -> Self {
        match self {
            Self::Refused(refusal) => Self::Refused(Refusal { was_repeated: true, ..refusal }),
            other @ (Self::NotSent(_) | Self::NoAnswer(_) | Self::TooLarge(_)) => other,
        }
    }
}

impl Refusal {
    fn is_for_good(&self) -> bool {
        let passes =
            PASSING.contains(&self.code.as_str()) || matches!(self.status, 408 | 409 | 412 | 425 | 429);
        !passes && (300..500).contains(&self.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, code: &str) -> CallError {
        let (code, message) = (code.to_owned(), String::new());
        CallError::Refused(Refusal { status, code, message, was_repeated: false })
    }

    #[test]
    fn a_missing_permission_or_bucket_is_for_good() {
        for (status, code) in [(403, "AccessDenied"), (404, "NoSuchBucket"), (301, "PermanentRedirect")] {
            let error = answer(status, code);
            assert!(error.is_for_good() && !error.is_soon_over(), "{status} {code}");
        }
    }

    #[test]
    fn throttling_and_failures_pass_and_the_call_is_repeated() {
        for (status, code) in [(503, "SlowDown"), (400, "RequestTimeout"), (429, "X"), (500, "InternalError")]
        {
            let error = answer(status, code);
            assert!(!error.is_for_good() && error.is_soon_over(), "{status} {code}");
        }
    }

    #[test]
    fn a_condition_that_failed_and_a_full_queue_pass_and_are_not_repeated_here() {
        for (status, code) in
            [(412, "PreconditionFailed"), (409, "ConditionalRequestConflict"), (403, "OverLimit")]
        {
            let error = answer(status, code);
            assert!(!error.is_for_good() && !error.is_soon_over(), "{status} {code}");
        }
    }

    #[test]
    fn no_answer_passes_unless_nothing_was_sent() {
        assert!(!CallError::NoAnswer("lost".into()).is_for_good());
        assert!(CallError::NotSent("no region".into()).is_for_good());
    }
}
