//! One step of a conversation: one invocation of the manager agent, and the finish if it has decided.

use std::time::Duration;

use revops_core::Timestamp;
use revops_core::messages::{AskReply, AskRequest, Version};
use revops_core::ports::{CreateRecords, InvokeError, InvokeManagerAgent, ReadRecords, SendMessages};
use revops_core::records::{QueryRecord, RecordError, keys, read};
use revops_core::telemetry::event;

use crate::error::AdvanceError;
use crate::finish::Finished;
use crate::gateway::Gateway;

/// How many invocations one step makes at most when Lambda says that they failed.
const MOST_INVOCATIONS: u32 = 3;

/// Where a conversation stands after a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// Decided; its delivery is queued by this very step.
    Finished(Finished),
    /// Not decided yet.
    InProgress {
        /// Until then nobody asks; none while somebody is asking.
        retry_at: Option<Timestamp>,
    },
    /// `deliver_before` passed before the agent was asked.
    Expired,
}

impl<R, Q, M> Gateway<R, Q, M>
where
    R: ReadRecords + CreateRecords,
    Q: SendMessages,
    M: InvokeManagerAgent,
{
    /// Asks the manager agent once, for at most `within`, and finishes the conversation if it has decided.
    ///
    /// # Errors
    /// A dependency failed; the step may be repeated.
    pub async fn advance(&self, query: &QueryRecord, within: Duration) -> Result<Progress, AdvanceError> {
        if self.has_expired(query).await? {
            return Ok(Progress::Expired);
        }
        match self.ask(query, within).await? {
            AskReply::Answered | AskReply::Failed => {
                let answer = read(&self.records, &keys::answer(query.tracking_id)).await?;
                let answer = answer.ok_or(AdvanceError::AnswerMissing)?;
                Ok(Progress::Finished(self.finish(query, &answer).await?))
            }
            AskReply::InProgress { retry_at } => Ok(Progress::InProgress { retry_at }),
        }
    }

    /// A question whose deadline has passed is not asked any more. One that is answered already is
    /// finished: delivery judges its deadline itself.
    async fn has_expired(&self, query: &QueryRecord) -> Result<bool, RecordError> {
        if query.deliver_before.is_none_or(|deadline| deadline > self.now()) {
            return Ok(false);
        }
        Ok(read(&self.records, &keys::answer(query.tracking_id)).await?.is_none())
    }

    /// Invokes the manager-agent function. An invocation that Lambda reports as failed is over, so its
    /// token is repeated and the lease that it left behind is taken over; a lost one may still run.
    async fn ask(&self, query: &QueryRecord, within: Duration) -> Result<AskReply, InvokeError> {
        let token = revops_core::ids::random_uuid(&*self.random).to_string();
        let request = AskRequest { v: Version, tracking_id: query.tracking_id, invocation_token: token };
        let started = self.now();
        tracing::info!(event = event::MANAGER_AGENT_INVOKED, tracking_id = %query.tracking_id, "asking");
        let mut invocations = 0;
        loop {
            invocations += 1;
            let left = within.saturating_sub(self.now().since(started));
            match self.manager_agent.invoke(&request, left).await {
                Err(InvokeError::FunctionError(cause)) if invocations < MOST_INVOCATIONS => {
                    tracing::warn!(event = event::ERROR_OCCURRED, tracking_id = %query.tracking_id,
                        invocations, cause, "the manager-agent invocation failed; repeating it");
                }
                result => return result,
            }
        }
    }
}
