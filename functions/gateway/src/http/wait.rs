//! Waiting for the answer while the caller does.

use std::time::Duration;

use revops_core::Timestamp;
use revops_core::ports::{CreateRecords, InvokeError, InvokeManagerAgent, ReadRecords, SendMessages};
use revops_core::records::{QueryRecord, keys, read};

use super::FrontDoor;
use crate::advance::Progress;
use crate::error::AdvanceError;
use crate::finish::Finished;

/// The first pause between two looks at a conversation that somebody else is answering; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// After that long without an answer it is asked again: the other's try may have failed.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// How the wait ended.
pub(super) enum Waited {
    /// Decided, and its delivery queued by this very invocation.
    Finished(Finished),
    /// Not within the wait, or not from here: the queue takes over.
    NotYet,
}

impl<R, Q, M, F> FrontDoor<R, Q, M, F>
where
    R: ReadRecords + CreateRecords,
    Q: SendMessages,
    M: InvokeManagerAgent,
{
    /// Asks, and while somebody else is asking looks for the answer, until `deadline`.
    pub(super) async fn wait_for_answer(&self, query: &QueryRecord, deadline: Timestamp) -> Waited {
        loop {
            let left = deadline.since(self.gateway.now());
            if left.is_zero() {
                return Waited::NotYet;
            }
            let ask_again_at = match self.gateway.advance(query, left).await {
                Ok(Progress::Finished(finished)) => return Waited::Finished(finished),
                Ok(Progress::InProgress { retry_at }) => retry_at,
                Ok(Progress::Expired) => return Waited::NotYet,
                // Nobody knows whether it still runs; its lease is held until it ends.
                Err(AdvanceError::Invoke(InvokeError::Lost(_))) => None,
                Err(cause) => {
                    self.gateway.report_trouble(query.tracking_id, &cause, "the queue takes over");
                    return Waited::NotYet;
                }
            };
            self.pause(query, ask_again_at, deadline).await;
        }
    }

    /// Sleeps until a failed try's next one is due, or until somebody else's answer is there.
    async fn pause(&self, query: &QueryRecord, ask_again_at: Option<Timestamp>, deadline: Timestamp) {
        if let Some(due) = ask_again_at {
            return tokio::time::sleep(due.min(deadline).since(self.gateway.now())).await;
        }
        let until = deadline.min(self.gateway.now().plus(ASK_AGAIN_AFTER));
        let mut pause = FIRST_PAUSE;
        while self.gateway.now() < until {
            tokio::time::sleep(pause.min(until.since(self.gateway.now()))).await;
            let answer = read(&self.gateway.records, &keys::answer(query.tracking_id)).await;
            if matches!(answer, Ok(Some(_))) {
                return;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
