//! What can be scripted.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::wire::exception::{Exception, Refusal};

/// One invocation's fault. Members can be combined; a refusal wins over what happens in a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Fault {
    /// Wait this long before the response begins.
    pub(crate) delay_ms: u64,
    /// Fail so: instead of a stream, or inside it if `after_chunks` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exception: Option<Exception>,
    /// Refuse with this status: the exception's own one replaced, or an answer that is not the
    /// service's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) http_status: Option<u16>,
    /// How many chunks come before the exception or the cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after_chunks: Option<usize>,
    /// End well, with traces and no chunk.
    pub(crate) end_without_chunk: bool,
    /// Hand control back instead of answering.
    pub(crate) return_control: bool,
    /// Lose the connection in the middle of a frame.
    pub(crate) cut: bool,
    /// Divide the answer inside characters of several bytes.
    pub(crate) split_utf8: bool,
}

impl Fault {
    /// The refusal before any stream.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        let status = self.http_status.and_then(|status| StatusCode::from_u16(status).ok());
        let exception = self.exception.filter(|_| self.after_chunks.is_none());
        if status.is_none() && exception.is_none() {
            return None;
        }
        Some(Refusal { exception: self.exception, status, message: self.message().to_owned() })
    }

    /// Whether the stream does not reach its end.
    pub(crate) fn breaks_stream(&self) -> bool {
        self.cut || self.exception.is_some()
    }

    /// What the error says.
    pub(crate) fn message(&self) -> &'static str {
        match self.exception {
            Some(Exception::ThrottlingException) => "Your request rate is too high. Reduce it and try again.",
            Some(_) | None => "A failure that was asked for.",
        }
    }
}

/// A fault and how often it happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Script {
    #[serde(flatten)]
    pub(crate) fault: Fault,
    /// Invocations left; absent: until it is cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<u32>,
}

impl Script {
    /// The fault of the next invocation.
    pub(crate) fn take(&mut self) -> Option<Fault> {
        if self.is_over() {
            return None;
        }
        self.count = self.count.map(|count| count - 1);
        Some(self.fault.clone())
    }

    pub(crate) fn is_over(&self) -> bool {
        self.count == Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Faults;

    #[test]
    fn a_fault_lasts_as_many_invocations_as_scripted() {
        let faults = Faults::default();
        assert_eq!(faults.next("s1"), None);
        let fault = Fault { cut: true, ..Fault::default() };
        faults.set(Some(Script { fault: fault.clone(), count: Some(2) }));
        let next: Vec<_> = (0..3).map(|_| faults.next("s2")).collect();
        assert_eq!(next, [Some(fault.clone()), Some(fault.clone()), None]);
        faults.set(Some(Script { fault: fault.clone(), count: None }));
        assert!((0..5).all(|_| faults.next("s2").as_ref() == Some(&fault)));
        faults.set(None);
        assert_eq!(faults.next("s3"), None);
    }

    #[test]
    fn an_exception_without_a_number_of_chunks_is_a_refusal() {
        let exception = Some(Exception::ConflictException);
        assert!(Fault { exception, ..Fault::default() }.refusal().is_some());
        assert!(Fault { exception, after_chunks: Some(0), ..Fault::default() }.refusal().is_none());
        assert!(Fault { http_status: Some(503), ..Fault::default() }.refusal().is_some());
        assert!(Fault { cut: true, ..Fault::default() }.refusal().is_none());
    }
}
