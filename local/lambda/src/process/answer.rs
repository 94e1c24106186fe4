//! From what a process reports to what its caller gets.

use crate::{
    function_error::Failure,
    invocation::{Call, FunctionErrorKind, Invocation},
    runtime_api::RuntimeReport,
};

/// The invocation's end.
pub(super) fn of(report: RuntimeReport, call: &Call) -> Invocation {
    match report {
        RuntimeReport::Response(payload) => call.ended(payload, None),
        RuntimeReport::ResponseTooLarge => {
            let payload = Failure::ResponseTooLarge.payload(&call.request_id);
            call.ended(payload, Some(FunctionErrorKind::Unhandled))
        }
        RuntimeReport::Error { payload, handled } => {
            let kind = if handled { FunctionErrorKind::Handled } else { FunctionErrorKind::Unhandled };
            call.ended(payload, Some(kind))
        }
    }
}
