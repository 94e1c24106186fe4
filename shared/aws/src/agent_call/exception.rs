//! What a failed call means: whether asking again can help.
//!
//! The SDK knows only some of the services' errors as repeatable, and none of those inside a stream, so the
//! decision is made here, from the exception's name first and the status second.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use revops_core::ports::{AgentError, AgentErrorCode as Code};

use super::{permanent, retryable};

/// Details go to the log; their start tells enough.
const MAX_DETAIL_CHARS: usize = 500;

/// The service did not begin to answer.
pub(crate) fn refused<E>(error: &SdkError<E, HttpResponse>) -> AgentError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let detail = detail(error);
    let Some(cause) = error.as_service_error() else { return of_transport(error, detail) };
    let status = error.raw_response().map(|response| response.status().as_u16());
    of_exception(cause.code().unwrap_or_default(), status, detail)
}

/// The error and its causes, cut.
pub(crate) fn detail(error: &(impl Error + 'static)) -> String {
    DisplayErrorContext(error).to_string().chars().take(MAX_DETAIL_CHARS).collect()
}

/// No answer of the service was understood: time-outs, lost connections, broken frames.
pub(crate) fn of_transport<E, R>(error: &SdkError<E, R>, detail: String) -> AgentError {
    let timed_out = matches!(error, SdkError::TimeoutError(_))
        || matches!(error, SdkError::DispatchFailure(failure) if failure.is_timeout());
    if timed_out {
        return retryable(Code::TimedOut, detail);
    }
    if matches!(error, SdkError::ConstructionFailure(_)) {
        return permanent(Code::Invalid, detail);
    }
    retryable(Code::BrokenStream, detail)
}

/// The decision, by the exception's name, and where the name is not known by the status.
pub(crate) fn of_exception(name: &str, status: Option<u16>, detail: String) -> AgentError {
    let (code, can_pass) = by_name(name).unwrap_or_else(|| by_status(status));
    if can_pass { retryable(code, detail) } else { permanent(code, detail) }
}

/// Whether the name alone decides.
pub(crate) fn is_known(name: &str) -> bool {
    by_name(name).is_some()
}

/// What happened, and whether it can pass, for the exceptions of both services.
fn by_name(name: &str) -> Option<(Code, bool)> {
    Some(match name {
        "ThrottlingException" | "TooManyRequestsException" => (Code::Throttled, true),
        "ServiceQuotaExceededException" => (Code::QuotaExceeded, true),
        "InternalServerException" | "BadGatewayException" | "ServiceUnavailableException" => {
            (Code::ServiceError, true)
        }
        // A runtime's own code has failed: to its caller that is a dependency like any other.
        "DependencyFailedException" | "RuntimeClientError" => (Code::DependencyFailed, true),
        "ModelNotReadyException" => (Code::ModelNotReady, true),
        "ConflictException" | "RetryableConflictException" => (Code::Conflict, true),
        // The function's credentials are renewed before the next try.
        "ExpiredTokenException" | "RequestExpired" => (Code::AccessDenied, true),
        "ValidationException" => (Code::Invalid, false),
        "AccessDeniedException" => (Code::AccessDenied, false),
        "ResourceNotFoundException" => (Code::NotFound, false),
        _ => return None,
    })
}

fn by_status(status: Option<u16>) -> (Code, bool) {
    match status {
        Some(402) => (Code::QuotaExceeded, true),
        Some(408) => (Code::TimedOut, true),
        Some(409) => (Code::Conflict, true),
        Some(424) => (Code::DependencyFailed, true),
        Some(429) => (Code::Throttled, true),
        Some(401 | 403) => (Code::AccessDenied, false),
        Some(404) => (Code::NotFound, false),
        Some(400..500) => (Code::Invalid, false),
        _ => (Code::ServiceError, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, status: Option<u16>, code: Code, can_pass: bool) {
        let error = of_exception(name, status, String::new());
        assert_eq!(error.code(), code, "{name} {status:?}");
        assert_eq!(matches!(error, AgentError::Retryable { .. }), can_pass, "{name} {status:?}");
    }

    #[test]
    fn every_exception_of_invoke_agent_is_either_worth_another_try_or_final() {
        check("ThrottlingException", Some(429), Code::Throttled, true);
        check("ServiceQuotaExceededException", Some(400), Code::QuotaExceeded, true);
        check("InternalServerException", Some(500), Code::ServiceError, true);
        check("BadGatewayException", Some(502), Code::ServiceError, true);
        check("DependencyFailedException", Some(424), Code::DependencyFailed, true);
        check("ModelNotReadyException", Some(424), Code::ModelNotReady, true);
        check("ConflictException", Some(409), Code::Conflict, true);
        check("ValidationException", Some(400), Code::Invalid, false);
        check("AccessDeniedException", Some(403), Code::AccessDenied, false);
        check("ResourceNotFoundException", Some(404), Code::NotFound, false);
    }

    #[test]
    fn every_exception_of_invoke_agent_runtime_is_either_worth_another_try_or_final() {
        check("ThrottlingException", Some(429), Code::Throttled, true);
        check("ServiceQuotaExceededException", Some(402), Code::QuotaExceeded, true);
        check("InternalServerException", Some(500), Code::ServiceError, true);
        check("RuntimeClientError", Some(424), Code::DependencyFailed, true);
        check("RetryableConflictException", Some(409), Code::Conflict, true);
        check("ValidationException", Some(400), Code::Invalid, false);
        check("AccessDeniedException", Some(403), Code::AccessDenied, false);
        check("ResourceNotFoundException", Some(404), Code::NotFound, false);
    }

    #[test]
    fn an_unknown_exception_is_judged_by_its_status() {
        check("NewException", Some(503), Code::ServiceError, true);
        check("NewException", Some(429), Code::Throttled, true);
        check("NewException", Some(424), Code::DependencyFailed, true);
        check("UnrecognizedClientException", Some(403), Code::AccessDenied, false);
        check("", Some(422), Code::Invalid, false);
        check("", None, Code::ServiceError, true);
    }
}
