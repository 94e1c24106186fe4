//! One conversation as its records tell it: what `GET /webhook/{id}`, the exports and `gatewayctl track`
//! show.

mod attribution;
mod load;
mod status;
mod story;
mod stranded;
mod timeline;

pub use load::{Asked, KnownDelivery, load, load_asked};
pub use status::Status;
pub use story::{Chapter, Next, Story};
pub use stranded::{Missing, RepairQueue, Stranded, stranded};
pub use timeline::TimelineEvent;

use crate::records::{
    AgentAttemptRecord, Answer, AnswerRecord, AttemptRecord, DeliveryRecord, Notice, OutcomeRecord,
    OutcomeStatus, QueryRecord,
};

/// All records of one conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// The accepted request.
    pub query: QueryRecord,
    /// Failed tries of the agent, in order.
    pub agent_attempts: Vec<AgentAttemptRecord>,
    /// The decision, once there is one.
    pub answer: Option<AnswerRecord>,
    /// The delivery, once it is queued.
    pub delivery: Option<DeliveryRecord>,
    /// Failed attempts of all runs, in order.
    pub attempts: Vec<AttemptRecord>,
    /// Outcomes of all runs, in order of the runs.
    pub outcomes: Vec<OutcomeRecord>,
}

impl Conversation {
    /// The outcome that counts: any run's `delivered`, else the highest run's (SPEC 5).
    #[must_use]
    pub fn outcome(&self) -> Option<&OutcomeRecord> {
        let delivered = self.outcomes.iter().find(|outcome| outcome.status == OutcomeStatus::Delivered);
        delivered.or_else(|| self.outcomes.iter().max_by_key(|outcome| outcome.run))
    }

    /// True when the receiver has the envelope: no run may POST it again.
    #[must_use]
    pub fn receiver_has_it(&self) -> bool {
        let took = |outcome: &OutcomeRecord| {
            outcome.status == OutcomeStatus::Delivered || outcome.notice == Some(Notice::Delivered)
        };
        self.outcomes.iter().any(took)
    }

    /// The agents that took part; empty while there is no answer.
    #[must_use]
    pub fn agents_used(&self) -> &[String] {
        match self.answer.as_ref().map(|record| &record.answer) {
            Some(Answer::Answered { agents_used, .. }) => agents_used,
            Some(Answer::Failed(_)) | None => &[],
        }
    }
}
