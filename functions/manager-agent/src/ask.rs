//! The use case: a conversation is asked by one invocation at a time, and its one decision is stored.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use revops_core::ids::random_uuid;
use revops_core::messages::{AskReply, AskRequest};
use revops_core::ports::{Agent, AgentQuestion, Clock, CreateRecords, Random, ReadRecords, ReplaceRecords};
use revops_core::records::{self, Answer, AnswerRecord, LeaseRecord, QueryRecord, RecordError, keys};
use revops_core::{Timestamp, TrackingId};

use crate::config::Settings;
use crate::error::AskError;
use crate::input::input_text;
use crate::lease;
use crate::outcome::Try;
use crate::report::Report;
use crate::tries::Tries;

/// What an invocation needs after the agent's answer, to record it.
const BOOKKEEPING: Duration = Duration::from_secs(10);
/// No agent answers faster; below it, asking is a waste.
const LEAST_DEADLINE: Duration = Duration::from_secs(1);
/// A model call of a minute is failed by Bedrock itself, so that a longer silence is no thinking.
const LEAST_SILENCE: Duration = Duration::from_secs(75);

/// The manager-agent function around its ports.
pub struct ManagerAgent<R, A> {
    /// The records.
    pub records: R,
    /// The agent.
    pub agent: A,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for sessions, nonces and jitter.
    pub random: Arc<dyn Random>,
    /// How the agent is asked, and asked again.
    pub settings: Settings,
    /// Where log lines and metrics go.
    pub report: Report,
}

/// An invocation that holds the lease.
struct Turn {
    id: TrackingId,
    query: QueryRecord,
    lease: LeaseRecord,
    deadline: Duration,
    tries: Tries,
}

impl<R, A> fmt::Debug for ManagerAgent<R, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagerAgent").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl<R, A> ManagerAgent<R, A>
where
    R: ReadRecords + CreateRecords + ReplaceRecords,
    A: Agent,
{
    /// Sees to it that the conversation has an answer, unless somebody else is doing so or it is not yet
    /// time. `ends_at` is when this invocation is ended from outside.
    ///
    /// # Errors
    /// Nothing was decided; the caller repeats the invocation with the same token.
    pub async fn ask(&self, request: &AskRequest, ends_at: Timestamp) -> Result<AskReply, AskError> {
        let (id, token) = (request.tracking_id, &request.invocation_token);
        let deadline = self.deadline(ends_at);
        let (answer, query, lease) =
            tokio::join!(self.answer(id), self.query(id), self.first_lease(id, token, &deadline));
        let (answer, query, lease) = (answer?, query?, lease?);
        let (query, deadline) = match (answer, query, deadline) {
            (None, Some(query), Ok(deadline)) => (query, deadline),
            (answer, query, deadline) => {
                self.give_back(id, lease).await;
                let answer = answer.ok_or_else(|| undecided(id, query.is_some(), deadline))?;
                return Ok(self.reuse(id, &answer));
            }
        };
        match lease {
            // Nobody ever held the lease, so nobody can have failed or decided.
            Some(lease) => self.ask_agent(Turn { id, query, lease, deadline, tries: Tries::default() }).await,
            None => self.ask_after_others(id, query, token, deadline).await,
        }
    }

    /// The lease of a conversation that nobody has asked yet, which is the common case: created while its
    /// records are read, since each round of calls is time that somebody waits.
    async fn first_lease(
        &self,
        id: TrackingId,
        token: &str,
        deadline: &Result<Duration, AskError>,
    ) -> Result<Option<LeaseRecord>, RecordError> {
        match deadline {
            Ok(deadline) => lease::take_first(&self.records, id, token, *deadline).await,
            Err(_) => Ok(None),
        }
    }

    /// Asks a conversation that somebody has asked before, once it is time and the lease is free.
    async fn ask_after_others(
        &self,
        id: TrackingId,
        query: QueryRecord,
        token: &str,
        deadline: Duration,
    ) -> Result<AskReply, AskError> {
        let tries = Tries::default().look_further(&self.records, id).await?;
        if let Some(retry_at) = tries.wait_until(self.clock.now()) {
            return Ok(AskReply::InProgress { retry_at: Some(retry_at) });
        }
        match lease::take_over(&self.records, id, token, deadline).await? {
            Some(lease) => self.ask_in_turn(Turn { id, query, lease, deadline, tries }).await,
            None => Ok(AskReply::InProgress { retry_at: None }),
        }
    }

    /// Looks again, since somebody may have decided or failed between the look and the lease; then asks.
    async fn ask_in_turn(&self, turn: Turn) -> Result<AskReply, AskError> {
        let Turn { id, query, lease, deadline, tries } = turn;
        let (answer, tries) = tokio::join!(self.answer(id), tries.look_further(&self.records, id));
        let (answer, tries) = (answer?, tries?);
        if let Some(answer) = answer {
            self.give_back(id, Some(lease)).await;
            return Ok(self.reuse(id, &answer));
        }
        if let Some(retry_at) = tries.wait_until(self.clock.now()) {
            self.give_back(id, Some(lease)).await;
            return Ok(AskReply::InProgress { retry_at: Some(retry_at) });
        }
        self.ask_agent(Turn { id, query, lease, deadline, tries }).await
    }

    async fn ask_agent(&self, turn: Turn) -> Result<AskReply, AskError> {
        let Turn { id, query, lease, deadline, tries } = turn;
        let (number, started_at) = (tries.next_number(), self.clock.now());
        let nonce = self.settings.route_hint.then(|| nonce(&*self.random));
        let question = AgentQuestion {
            input: input_text(&query.query, started_at, nonce.as_deref()),
            session_id: query.agent_session.unwrap_or_else(|| random_uuid(&*self.random).to_string()),
            user_context: query.user_context,
            deadline,
            longest_silence: longest_silence(deadline),
        };
        self.report.invoked(id, number);
        let result = self.agent.ask(&question).await;
        let this = Try { number, started_at, ended_at: self.clock.now() };
        match result {
            Ok(answer) => self.keep_answer(id, this, answer, nonce).await,
            Err(error) => self.keep_failure(id, this, &error, (tries, lease)).await,
        }
    }

    pub(crate) async fn answer(&self, id: TrackingId) -> Result<Option<AnswerRecord>, RecordError> {
        records::read(&self.records, &keys::answer(id)).await
    }

    async fn query(&self, id: TrackingId) -> Result<Option<QueryRecord>, RecordError> {
        records::read(&self.records, &keys::query(id)).await
    }

    fn reuse(&self, id: TrackingId, answer: &AnswerRecord) -> AskReply {
        self.report.reused(id);
        reply(answer)
    }

    /// The agent's time: what is configured, and never longer than what this invocation has left.
    fn deadline(&self, ends_at: Timestamp) -> Result<Duration, AskError> {
        let left = ends_at.since(self.clock.now()).saturating_sub(BOOKKEEPING);
        let deadline = self.settings.agent_timeout.min(left);
        if deadline < LEAST_DEADLINE { Err(AskError::NoTimeLeft) } else { Ok(deadline) }
    }
}

/// How long an answer that has begun may be silent. Whoever gives the agent more time has one that takes its
/// time.
fn longest_silence(deadline: Duration) -> Duration {
    LEAST_SILENCE.max(deadline / 2)
}

/// Why a conversation without an answer is not asked.
fn undecided(id: TrackingId, has_query: bool, deadline: Result<Duration, AskError>) -> AskError {
    if has_query { deadline.err().unwrap_or(AskError::NoTimeLeft) } else { AskError::QueryMissing(id) }
}

pub(crate) fn reply(record: &AnswerRecord) -> AskReply {
    match record.answer {
        Answer::Answered { .. } => AskReply::Answered,
        Answer::Failed(_) => AskReply::Failed,
    }
}

/// Twelve hexadecimal digits: not to be guessed within one answer, and short enough to be copied right.
fn nonce(random: &dyn Random) -> String {
    let mut digits = random_uuid(random).simple().to_string();
    digits.truncate(12);
    digits
}
