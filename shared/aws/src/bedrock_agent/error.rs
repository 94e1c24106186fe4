//! What a failed call or a broken stream means: whether asking again can help.
//!
//! The SDK knows only some of the services' errors as repeatable, and none of those inside the stream, so the
//! decision is made here, from the exception's name first and the status second.

use aws_sdk_bedrockagentruntime::error::DisplayErrorContext;
use aws_sdk_bedrockagentruntime::operation::invoke_agent::InvokeAgentError;
use aws_sdk_bedrockagentruntime::types::error::ResponseStreamError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::event_stream::RawMessage;
use revops_core::ports::{AgentError, AgentErrorCode as Code};

/// Details go to the log; their start tells enough.
const MAX_DETAIL_CHARS: usize = 500;

/// The service did not begin to answer.
pub(super) fn refused(error: &SdkError<InvokeAgentError, HttpResponse>) -> AgentError {
    let detail = detail(error);
    if let Some(cause) = error.as_service_error() {
        let status = error.raw_response().map(|response| response.status().as_u16());
        return of_exception(cause.code().unwrap_or_default(), status, detail);
    }
    of_transport(error, detail)
}

/// The stream ended before the answer did.
pub(super) fn interrupted(error: &SdkError<ResponseStreamError, RawMessage>) -> AgentError {
    let detail = detail(error);
    match error.as_service_error() {
        Some(cause) => of_exception(name_in_stream(cause), None, detail),
        None => of_transport(error, detail),
    }
}

fn detail<E, R>(error: &SdkError<E, R>) -> String
where
    E: std::error::Error + 'static,
    R: std::fmt::Debug,
{
    DisplayErrorContext(error).to_string().chars().take(MAX_DETAIL_CHARS).collect()
}

/// No answer of the service was understood: time-outs, lost connections, broken frames.
fn of_transport<E, R>(error: &SdkError<E, R>, detail: String) -> AgentError {
    let timed_out = matches!(error, SdkError::TimeoutError(_))
        || matches!(error, SdkError::DispatchFailure(failure) if failure.is_timeout());
    if timed_out {
        return AgentError::Retryable { code: Code::TimedOut, detail };
    }
    if matches!(error, SdkError::ConstructionFailure(_)) {
        return AgentError::Permanent { code: Code::Invalid, detail };
    }
    AgentError::Retryable { code: Code::BrokenStream, detail }
}

/// The decision, by the exception's name, and where the name is not known by the status.
fn of_exception(name: &str, status: Option<u16>, detail: String) -> AgentError {
    let (code, can_pass) = match (name, status) {
        ("ThrottlingException" | "TooManyRequestsException", _) => (Code::Throttled, true),
        ("ServiceQuotaExceededException", _) => (Code::QuotaExceeded, true),
        ("InternalServerException" | "BadGatewayException" | "ServiceUnavailableException", _) => {
            (Code::ServiceError, true)
        }
        ("DependencyFailedException", _) => (Code::DependencyFailed, true),
        ("ModelNotReadyException", _) => (Code::ModelNotReady, true),
        ("ConflictException", _) => (Code::Conflict, true),
        // The function's credentials are renewed before the next try.
        ("ExpiredTokenException" | "RequestExpired", _) => (Code::AccessDenied, true),
        ("ValidationException", _) => (Code::Invalid, false),
        ("AccessDeniedException", _) => (Code::AccessDenied, false),
        ("ResourceNotFoundException", _) => (Code::NotFound, false),
        (_, Some(408)) => (Code::TimedOut, true),
        (_, Some(409)) => (Code::Conflict, true),
        (_, Some(429)) => (Code::Throttled, true),
        (_, Some(401 | 403)) => (Code::AccessDenied, false),
        (_, Some(404)) => (Code::NotFound, false),
        (_, Some(400..500)) => (Code::Invalid, false),
        _ => (Code::ServiceError, true),
    };
    if can_pass { AgentError::Retryable { code, detail } } else { AgentError::Permanent { code, detail } }
}

/// An exception inside the stream is told apart by its frame's header, which becomes the variant.
fn name_in_stream(error: &ResponseStreamError) -> &str {
    type Is = fn(&ResponseStreamError) -> bool;
    const NAMES: [(Is, &str); 10] = [
        (ResponseStreamError::is_throttling_exception, "ThrottlingException"),
        (ResponseStreamError::is_internal_server_exception, "InternalServerException"),
        (ResponseStreamError::is_bad_gateway_exception, "BadGatewayException"),
        (ResponseStreamError::is_dependency_failed_exception, "DependencyFailedException"),
        (ResponseStreamError::is_model_not_ready_exception, "ModelNotReadyException"),
        (ResponseStreamError::is_conflict_exception, "ConflictException"),
        (ResponseStreamError::is_service_quota_exceeded_exception, "ServiceQuotaExceededException"),
        (ResponseStreamError::is_validation_exception, "ValidationException"),
        (ResponseStreamError::is_access_denied_exception, "AccessDeniedException"),
        (ResponseStreamError::is_resource_not_found_exception, "ResourceNotFoundException"),
    ];
    let known = NAMES.into_iter().find(|(is, _)| is(error)).map(|(_, name)| name);
    known.or_else(|| error.code()).unwrap_or_default()
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
    fn every_exception_of_the_service_is_either_worth_another_try_or_final() {
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
    fn an_unknown_exception_is_judged_by_its_status() {
        check("NewException", Some(503), Code::ServiceError, true);
        check("NewException", Some(429), Code::Throttled, true);
        check("UnrecognizedClientException", Some(403), Code::AccessDenied, false);
        check("", Some(422), Code::Invalid, false);
        check("", None, Code::ServiceError, true);
    }
}
