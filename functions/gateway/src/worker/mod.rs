//! The query queue's side: answers conversations for which nobody waits.

mod heartbeat;
mod outcome;
#[cfg(test)]
mod tests;

use std::time::Duration;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures_util::future::join_all;
use revops_core::messages::{AnswerQuery, Message};
use revops_core::ports::{CreateRecords, HideMessages, InvokeManagerAgent, ReadRecords, SendMessages};
use revops_core::records::{QueryRecord, is_deleted, keys, read};
use revops_core::telemetry::{Attribution, event};
use revops_core::{Timestamp, TrackingId};

use crate::advance::Progress;
use crate::error::AdvanceError;
use crate::finish::Ending;
use crate::gateway::Gateway;
use outcome::Fate;

/// A message received that often has crashed its handler every time (SPEC 5; the redrive count is 100).
const CRASH_LOOP_RECEIVES: u32 = 99;

/// Bookkeeping after the manager agent's reply must fit before the invocation's end.
const RESERVE: Duration = Duration::from_secs(5);

/// One received message, with what is needed of it.
struct Received<'a> {
    body: &'a str,
    receipt: &'a str,
    receives: u32,
}

impl<R, Q, M> Gateway<R, Q, M>
where
    R: ReadRecords + CreateRecords,
    Q: SendMessages + HideMessages,
    M: InvokeManagerAgent,
{
    /// Works on a batch, all messages at once; each one's fate is its own. Never an error: that would bring
    /// the whole batch back.
    pub async fn work(&self, batch: &SqsEvent, deadline: Timestamp) -> SqsBatchResponse {
        let fates = join_all(batch.records.iter().map(|message| self.work_on(message, deadline))).await;
        let mut response = SqsBatchResponse::default();
        for (message, fate) in batch.records.iter().zip(fates) {
            if fate != Fate::Done {
                response.add_failure(message.message_id.clone().unwrap_or_default());
            }
        }
        response
    }

    async fn work_on(&self, message: &SqsMessage, deadline: Timestamp) -> Fate {
        let receives = message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok());
        let received = Received {
            body: message.body.as_deref().unwrap_or_default(),
            receipt: message.receipt_handle.as_deref().unwrap_or_default(),
            receives: receives.unwrap_or(1),
        };
        let working = self.fate_of(&received, deadline);
        let fate = self.while_hidden(received.receipt, working).await;
        self.settle(&received, fate).await;
        fate
    }

    async fn fate_of(&self, received: &Received<'_>, deadline: Timestamp) -> Fate {
        let id = match Message::parse(received.body) {
            Ok(Message::AnswerQuery(AnswerQuery { tracking_id, .. })) => tracking_id,
            Ok(Message::Deliver(_)) => return self.not_for_us("a deliver message"),
            Err(unknown) => return self.not_for_us(&unknown.to_string()),
        };
        match self.answer(id, received.receives, deadline).await {
            Ok(fate) => fate,
            Err(cause) => {
                self.report_trouble(id, &cause, "will try again");
                outcome::after(&cause)
            }
        }
    }

    async fn answer(&self, id: TrackingId, receives: u32, deadline: Timestamp) -> Result<Fate, AdvanceError> {
        let Some(query) = read(&self.records, &keys::query(id)).await? else {
            return self.without_query(id).await;
        };
        if receives >= CRASH_LOOP_RECEIVES {
            return self.end(&query, &Ending::CrashLoop).await;
        }
        let left = deadline.since(self.now().plus(RESERVE));
        match self.advance(&query, left).await? {
            Progress::Finished(_) => Ok(Fate::Done),
            Progress::InProgress { retry_at: Some(due) } => Ok(Fate::AgainAt(due)),
            Progress::InProgress { retry_at: None } => Ok(Fate::AgainSoon),
            Progress::Expired => self.end(&query, &Ending::Expired).await,
        }
    }

    async fn end(&self, query: &QueryRecord, ending: &Ending) -> Result<Fate, AdvanceError> {
        self.end_without_answer(query, ending).await?;
        Ok(Fate::Done)
    }

    /// What this version does not understand stays, and ends in the dead-letter queue by its receive count.
    fn not_for_us(&self, what: &str) -> Fate {
        let attribution = Attribution::OurBug;
        tracing::error!(event = event::ERROR_OCCURRED, what, %attribution, "left in its queue");
        self.count_failure(attribution);
        Fate::NotOurs
    }

    /// The message is sent after its query is stored: an operator deleted the conversation, and says so by a
    /// tombstone. Without one it is another bucket than yesterday's, or data is lost: the message stays, and ends in
    /// the dead-letter queue.
    async fn without_query(&self, id: TrackingId) -> Result<Fate, AdvanceError> {
        if !is_deleted(&self.records, id).await? {
            return Err(AdvanceError::QueryMissing);
        }
        tracing::info!(event = event::CONVERSATION_COMPLETED, tracking_id = %id,
            "the conversation is deleted: acknowledged without asking the agent");
        Ok(Fate::Done)
    }
}
