//! What one attempt brought, and what SPEC 5's table says about it.

use super::RetryAfter;
use crate::records::AttemptError;

/// What one attempt brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptResult {
    /// The receiver answered.
    Answered {
        /// The HTTP status code.
        status: u16,
        /// Its `Retry-After`, where it sent one that can be read.
        retry_after: Option<RetryAfter>,
    },
    /// There was no answer.
    NoAnswer(NoAnswer),
}

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoAnswer {
    /// No connection within 5 s, or no answer within 15 s.
    TimedOut,
    /// Refused, reset, or not HTTP.
    Connection,
    /// The TLS handshake or the certificate failed.
    Tls,
    /// The name could not be resolved.
    Dns,
    /// The address is not one that the gateway may reach; no byte was sent.
    BlockedAddress,
}

/// What a result means for the delivery, whatever the schedule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver took it.
    Delivered,
    /// Trying again can help.
    Retry {
        /// The receiver is overloaded: wait a minute at least.
        overloaded: bool,
    },
    /// Trying again cannot help.
    Rejected,
    /// The receiver is gone for good (410).
    Gone,
    /// The address guard refused.
    Blocked,
}

impl NoAnswer {
    /// Every cause.
    pub const ALL: [Self; 5] = [Self::TimedOut, Self::Connection, Self::Tls, Self::Dns, Self::BlockedAddress];
}

impl AttemptResult {
    /// What the result means (SPEC 5's response table).
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Answered { status, .. } => verdict_of(*status),
            Self::NoAnswer(NoAnswer::TimedOut) => Verdict::Retry { overloaded: true },
            Self::NoAnswer(NoAnswer::Connection | NoAnswer::Tls | NoAnswer::Dns) => {
                Verdict::Retry { overloaded: false }
            }
            Self::NoAnswer(NoAnswer::BlockedAddress) => Verdict::Blocked,
        }
    }

    /// The status code, where there was an answer.
    #[must_use]
    pub const fn http_status(&self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(*status),
            Self::NoAnswer(_) => None,
        }
    }

    /// The name under which a failed attempt is recorded.
    #[must_use]
    pub const fn error(&self) -> AttemptError {
        match self {
            Self::Answered { .. } => AttemptError::HttpStatus,
            Self::NoAnswer(NoAnswer::TimedOut) => AttemptError::TimedOut,
            Self::NoAnswer(NoAnswer::Connection) => AttemptError::Connection,
            Self::NoAnswer(NoAnswer::Tls) => AttemptError::Tls,
            Self::NoAnswer(NoAnswer::Dns) => AttemptError::Dns,
            Self::NoAnswer(NoAnswer::BlockedAddress) => AttemptError::BlockedAddress,
        }
    }
}

/// Codes outside 200 to 499 are retried: 5xx by SPEC 5, codes that HTTP does not know because RFC 9110
/// (section 15) has a client treat them as 5xx, and a 1xx because it is no final answer.
const fn verdict_of(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Delivered,
        408 | 425 => Verdict::Retry { overloaded: false },
        429 => Verdict::Retry { overloaded: true },
        410 => Verdict::Gone,
        300..=499 => Verdict::Rejected,
        _ => Verdict::Retry { overloaded: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_code_has_the_meaning_of_the_response_table() {
        for status in 0..=u16::MAX {
            let expected = match status {
                200..=299 => Verdict::Delivered,
                410 => Verdict::Gone,
                429 => Verdict::Retry { overloaded: true },
                408 | 425 | 0..=199 | 500.. => Verdict::Retry { overloaded: false },
                300..=499 => Verdict::Rejected,
            };
            assert_eq!(AttemptResult::Answered { status, retry_after: None }.verdict(), expected, "{status}");
        }
    }
}
