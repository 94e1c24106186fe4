//! What came of asking: the one decision, or a failed try and the lease given back.

use std::time::Duration;

use revops_core::messages::AskReply;
use revops_core::ports::{
    Agent, AgentAnswer, AgentError, CreateRecords, Created, ReadRecords, ReplaceRecords, StoreError,
};
use revops_core::records::{self, AgentAttemptRecord, AnswerRecord, LeaseRecord, RecordError, keys};
use revops_core::{Timestamp, TrackingId};
use tokio::time::sleep;

use crate::ask::{ManagerAgent, reply};
use crate::error::AskError;
use crate::lease;
use crate::outcome::{self, Failure, Try};
use crate::tries::Tries;

/// An answer is paid for: its write is repeated beyond what the store's adapter does itself.
const ANSWER_WRITE_WAITS: [Duration; 3] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

impl<R, A> ManagerAgent<R, A>
where
    R: ReadRecords + CreateRecords + ReplaceRecords,
    A: Agent,
{
    /// Stores the agent's answer.
    pub(crate) async fn keep_answer(
        &self,
        id: TrackingId,
        this: Try,
        answer: AgentAnswer,
        nonce: Option<String>,
    ) -> Result<AskReply, AskError> {
        self.report.answered(id, &answer);
        let record = outcome::answered(this, answer, nonce, &self.settings.manager_name);
        self.decide(id, record).await
    }

    /// Records a failed try, or that it was the last one.
    pub(crate) async fn keep_failure(
        &self,
        id: TrackingId,
        this: Try,
        error: &AgentError,
        (tries, lease): (Tries, LeaseRecord),
    ) -> Result<AskReply, AskError> {
        let failure = outcome::failed(this, error, &tries, &self.settings, &*self.random);
        self.report.failed(id, this, error, &failure);
        match failure {
            Failure::Final(record) => self.decide(id, record).await,
            Failure::AskAgain(record) => {
                let retry_at = self.note_failed_try(id, record, tries).await?;
                self.give_back(id, Some(lease)).await;
                Ok(AskReply::InProgress { retry_at: Some(retry_at) })
            }
        }
    }

    /// Writes the failed try down and tells when the next one is due. Where another invocation wrote that
    /// number first, its time counts: it took the lease over after ours had expired.
    async fn note_failed_try(
        &self,
        id: TrackingId,
        record: AgentAttemptRecord,
        tries: Tries,
    ) -> Result<Timestamp, AskError> {
        match records::create(&self.records, &keys::agent_attempt(id, record.number), &record).await? {
            Created::New => Ok(record.retry_at),
            Created::Existed => {
                let theirs = tries.look_further(&self.records, id).await?;
                Ok(theirs.retry_at().unwrap_or(record.retry_at))
            }
        }
    }

    /// Stores the decision. The first one stands, whoever made it.
    async fn decide(&self, id: TrackingId, record: AnswerRecord) -> Result<AskReply, AskError> {
        match self.write_answer(id, &record).await? {
            Created::New => Ok(reply(&record)),
            Created::Existed => Ok(reply(&self.answer(id).await?.unwrap_or(record))),
        }
    }

    async fn write_answer(&self, id: TrackingId, record: &AnswerRecord) -> Result<Created, RecordError> {
        let mut waits = ANSWER_WRITE_WAITS.into_iter();
        loop {
            let written = records::create(&self.records, &keys::answer(id), record).await;
            match (written, waits.next()) {
                (Err(RecordError::Store(StoreError::Unavailable(_))), Some(wait)) => sleep(wait).await,
                (written, _) => return written,
            }
        }
    }

    /// A lease that cannot be given back ends by itself: that costs time, not correctness.
    pub(crate) async fn give_back(&self, id: TrackingId, lease: Option<LeaseRecord>) {
        let Some(lease) = lease else { return };
        if let Err(error) = lease::release(&self.records, id, lease).await {
            self.report.lease_kept(id, &error);
        }
    }
}
