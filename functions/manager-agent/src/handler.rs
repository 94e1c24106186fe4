//! From Lambda's event to the use case and back.

use lambda_runtime::{Diagnostic, LambdaEvent};
use revops_core::Timestamp;
use revops_core::messages::{AskReply, AskRequest};
use revops_core::ports::{Agent, CreateRecords, ReadRecords, ReplaceRecords};
use serde_json::Value;

use crate::{AskError, ManagerAgent};

/// Answers one invocation whose payload is an [`AskRequest`]; the reply is an [`AskReply`].
///
/// # Errors
/// What [`AskError`] lists, with its stable `errorType`.
pub async fn handle<R, A>(
    manager_agent: &ManagerAgent<R, A>,
    event: LambdaEvent<Value>,
) -> Result<AskReply, Diagnostic>
where
    R: ReadRecords + CreateRecords + ReplaceRecords,
    A: Agent,
{
    let request = serde_json::from_value::<AskRequest>(event.payload).map_err(AskError::InvalidRequest);
    let (id, asked) = match request {
        Ok(request) => {
            let ends_at = ends_at(event.context.deadline, manager_agent.clock.now());
            (Some(request.tracking_id), manager_agent.ask(&request, ends_at).await)
        }
        Err(error) => (None, Err(error)),
    };
    asked.inspect_err(|error| manager_agent.report.no_reply(id, error)).map_err(Diagnostic::from)
}

/// When the invocation ends, from Lambda's deadline in milliseconds since the epoch. One that has passed
/// already is no deadline: some emulators send a duration instead.
fn ends_at(deadline_ms: u64, now: Timestamp) -> Timestamp {
    let told = Timestamp::from_unix_ms(i64::try_from(deadline_ms).unwrap_or(i64::MAX));
    if told > now { told } else { Timestamp::from_unix_ms(i64::MAX) }
}
