//! The errors that Lambda itself reports in a function's place.

use crate::{invocation::MAXIMUM_RESPONSE, spawner::Exit};
use bytes::Bytes;
use serde::Serialize;
use std::time::Duration;

/// Why Lambda answers for the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The function took longer than its time-out.
    TimedOut(Duration),
    /// It did not ask for its first event in time.
    InitTimedOut(Duration),
    /// Its process ended.
    Exited(Exit),
    /// Its process could not be started.
    NotStarted,
    /// Its response is too large.
    ResponseTooLarge,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorPayload {
    error_type: &'static str,
    error_message: String,
}

impl Failure {
    /// The invocation's payload, in the words of AWS (Lambda Developer Guide, "Understanding retry behavior"
    /// and "Troubleshoot invocation issues").
    pub(crate) fn payload(self, request_id: &str) -> Bytes {
        let (error_type, reason) = match self {
            Self::TimedOut(limit) => {
                ("Sandbox.Timedout", format!("Task timed out after {:.2} seconds", limit.as_secs_f64()))
            }
            Self::InitTimedOut(limit) => {
                ("Sandbox.Timedout", format!("Init phase timed out after {:.2} seconds", limit.as_secs_f64()))
            }
            Self::Exited(exit) => ("Runtime.ExitError", exit_reason(exit)),
            Self::NotStarted => ("Runtime.InvalidEntrypoint", "Couldn't start the function's binary".into()),
            Self::ResponseTooLarge => return too_large(),
        };
        to_bytes(error_type, format!("RequestId: {request_id} Error: {reason}"))
    }
}

fn too_large() -> Bytes {
    let message =
        format!("Response payload size exceeded maximum allowed payload size ({MAXIMUM_RESPONSE} bytes).");
    to_bytes("Function.ResponseSizeTooLarge", message)
}

fn to_bytes(error_type: &'static str, error_message: String) -> Bytes {
    // A struct of two strings always serialises.
    serde_json::to_vec(&ErrorPayload { error_type, error_message }).unwrap_or_default().into()
}

fn exit_reason(exit: Exit) -> String {
    match exit {
        Exit::Status(0) | Exit::Unknown => "Runtime exited without providing a reason".into(),
        Exit::Status(code) => format!("Runtime exited with error: exit status {code}"),
        Exit::Signal(signal) => format!("Runtime exited with error: signal: {}", signal_name(signal)),
    }
}

fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        6 => "aborted",
        7 => "bus error",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        _ => return format!("signal {signal}"),
    };
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(failure: Failure, error_type: &str, message: &str) {
        let payload: serde_json::Value = serde_json::from_slice(&failure.payload("r-1")).unwrap();
        assert_eq!(payload, serde_json::json!({ "errorType": error_type, "errorMessage": message }));
    }

    #[test]
    fn failures_are_worded_as_on_aws() {
        let timed_out = Failure::TimedOut(Duration::from_secs(3));
        check(timed_out, "Sandbox.Timedout", "RequestId: r-1 Error: Task timed out after 3.00 seconds");
        let killed = "RequestId: r-1 Error: Runtime exited with error: signal: killed";
        check(Failure::Exited(Exit::Signal(9)), "Runtime.ExitError", killed);
        let status = "RequestId: r-1 Error: Runtime exited with error: exit status 101";
        check(Failure::Exited(Exit::Status(101)), "Runtime.ExitError", status);
        let silent = "RequestId: r-1 Error: Runtime exited without providing a reason";
        check(Failure::Exited(Exit::Status(0)), "Runtime.ExitError", silent);
    }
}
