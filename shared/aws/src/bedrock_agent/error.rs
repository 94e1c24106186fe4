//! What a broken event stream means: whether asking again can help.

use aws_sdk_bedrockagentruntime::types::error::ResponseStreamError;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::event_stream::RawMessage;
use revops_core::ports::AgentError;

use crate::agent_call;

/// The stream ended before the answer did.
pub(super) fn interrupted(error: &SdkError<ResponseStreamError, RawMessage>) -> AgentError {
    let detail = agent_call::detail(error);
    match error.as_service_error() {
        Some(cause) => agent_call::of_exception(name_in_stream(cause), None, detail),
        None => agent_call::of_transport(error, detail),
    }
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
