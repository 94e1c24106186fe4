//! Reading a conversation's records: computable keys, probed upward, never a LIST.

use futures_util::future::try_join_all;
use futures_util::try_join;
use serde::de::DeserializeOwned;

use super::Conversation;
use crate::TrackingId;
use crate::ports::ReadRecords;
use crate::records::{
    AgentAttemptRecord, AnswerRecord, AttemptRecord, DeliveryRecord, Key, OutcomeRecord, OutcomeStatus,
    QueryRecord, RecordError, Run, keys, read,
};

/// What whoever has just ended a delivery knows of it without reading.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownDelivery {
    /// The delivery.
    pub delivery: DeliveryRecord,
    /// Failed attempts of all runs, in order.
    pub attempts: Vec<AttemptRecord>,
    /// Outcomes of all runs, in order of the runs.
    pub outcomes: Vec<OutcomeRecord>,
}

/// All records of `id`; `None` when no such conversation was accepted.
///
/// # Errors
/// The store failed, or a record is not readable.
pub async fn load(store: &impl ReadRecords, id: TrackingId) -> Result<Option<Conversation>, RecordError> {
    let delivery_key = keys::delivery(id);
    let (asked, delivery) = try_join!(load_asked(store, id), read(store, &delivery_key))?;
    let Some(Asked { query, agent_attempts, answer }) = asked else { return Ok(None) };
    // A round of its own: whoever asks after a question that is not answered yet pays for no more probes.
    let (attempts, outcomes) = if delivery.is_some() { runs(store, id).await? } else { Default::default() };
    Ok(Some(Conversation { query, agent_attempts, answer, delivery, attempts, outcomes }))
}

/// What happened before the delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    query: QueryRecord,
    agent_attempts: Vec<AgentAttemptRecord>,
    answer: Option<AnswerRecord>,
}

impl Asked {
    /// All records of the conversation, of which `known` need not be read.
    #[must_use]
    pub fn beside(self, known: KnownDelivery) -> Conversation {
        let Self { query, agent_attempts, answer } = self;
        let KnownDelivery { delivery, attempts, outcomes } = known;
        Conversation { query, agent_attempts, answer, delivery: Some(delivery), attempts, outcomes }
    }
}

/// What happened to `id` before its delivery; `None` when no such conversation was accepted.
///
/// # Errors
/// The store failed, or a record is not readable.
pub async fn load_asked(store: &impl ReadRecords, id: TrackingId) -> Result<Option<Asked>, RecordError> {
    let (query_key, answer_key) = (keys::query(id), keys::answer(id));
    let (query, agent_attempts, answer) = try_join!(
        read(store, &query_key),
        numbered(store, |number| keys::agent_attempt(id, number)),
        read(store, &answer_key),
    )?;
    Ok(query.map(|query| Asked { query, agent_attempts, answer }))
}

/// The records of every run. A replay can begin before its predecessor's outcome is written, so the search
/// ends at the first run that left no trace at all.
async fn runs(
    store: &impl ReadRecords,
    id: TrackingId,
) -> Result<(Vec<AttemptRecord>, Vec<OutcomeRecord>), RecordError> {
    let (mut attempts, mut outcomes) = (Vec::new(), Vec::new());
    let mut run = Run::FIRST;
    loop {
        let tried = numbered(store, |number| keys::attempt(id, run, number));
        let (tried, ended) = try_join!(tried, outcomes_of(store, id, run))?;
        if tried.is_empty() && ended.is_empty() {
            return Ok((attempts, outcomes));
        }
        attempts.extend(tried);
        outcomes.extend(ended);
        run = run.next();
    }
}

/// How `run` ended; two copies that raced can have ended it differently.
async fn outcomes_of(
    store: &impl ReadRecords,
    id: TrackingId,
    run: Run,
) -> Result<Vec<OutcomeRecord>, RecordError> {
    let keys = OutcomeStatus::ALL.map(|status| keys::outcome(id, run, status));
    let found = try_join_all(keys.iter().map(|key| read(store, key))).await?;
    Ok(found.into_iter().flatten().collect())
}

/// The records 1, 2, 3, … up to the first that is missing.
async fn numbered<T: DeserializeOwned>(
    store: &impl ReadRecords,
    key: impl Fn(u32) -> Key<T>,
) -> Result<Vec<T>, RecordError> {
    let mut found = Vec::new();
    for number in 1_u32.. {
        let Some(record) = read(store, &key(number)).await? else { break };
        found.push(record);
    }
    Ok(found)
}
