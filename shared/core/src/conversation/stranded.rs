//! Conversations that nobody works on any more, although they have not ended.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Conversation;
use crate::ports::OutgoingMessage;
use crate::{Header, Timestamp, outgoing};

/// What no message asks for any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// There is no `delivery.json`: the query has to be answered, or what was answered to be queued.
    AnswerQuery,
    /// There is one: it has to be delivered.
    Deliver,
}

/// A conversation without an outcome that nobody can be expected to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stranded {
    /// The last moment at which somebody worked on it, or was due to.
    pub since: Timestamp,
    /// Which message it lacks.
    pub missing: Missing,
}

/// Where the message goes that brings a conversation back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepairQueue {
    /// The query queue.
    Query,
    /// The outbound queue of this class.
    Outbound(Header),
}

/// Whether `conversation` is stranded at `now`: it has no outcome, and its newest record, its `retry_at` and
/// its `next_attempt_at` are more than `patience` past (SPEC 11). `last_written` is the store's own time of
/// its newest object, which knows of leases too.
///
/// A replay that went missing is not stranded: its conversation has the outcome of an earlier run, and its
/// dead letter can be replayed again.
#[must_use]
pub fn stranded(
    conversation: &Conversation,
    last_written: Timestamp,
    now: Timestamp,
    patience: Duration,
) -> Option<Stranded> {
    if conversation.outcome().is_some() {
        return None;
    }
    let since = conversation.signs_of_life().fold(last_written, Timestamp::max);
    (now.since(since) > patience).then(|| Stranded { since, missing: conversation.missing() })
}

impl Conversation {
    /// Every moment that a record tells of, past or to come.
    fn signs_of_life(&self) -> impl Iterator<Item = Timestamp> {
        let tries = self.agent_attempts.iter().map(|attempt| attempt.retry_at);
        let attempts = self.attempts.iter().flat_map(|attempt| {
            let ended_at = attempt.started_at.plus(Duration::from_millis(attempt.duration_ms));
            [Some(ended_at), attempt.next_attempt_at].into_iter().flatten()
        });
        let decided = self.answer.iter().map(|answer| answer.decided_at);
        let queued = self.delivery.iter().map(|delivery| delivery.queued_at);
        std::iter::once(self.query.received_at).chain(tries).chain(attempts).chain(decided).chain(queued)
    }

    const fn missing(&self) -> Missing {
        if self.delivery.is_some() { Missing::Deliver } else { Missing::AnswerQuery }
    }

    /// The message that brings a stranded conversation back. It is harmless where the conversation was not
    /// stranded after all: a query that is answered is not asked again, and a copy stands back.
    #[must_use]
    pub fn repair(&self) -> (RepairQueue, OutgoingMessage) {
        match &self.delivery {
            Some(delivery) => (RepairQueue::Outbound(delivery.target), outgoing::deliver(delivery, true)),
            None => (RepairQueue::Query, outgoing::answer_query(&self.query)),
        }
    }
}
