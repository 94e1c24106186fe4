//! Reading a conversation's records: computable keys, probed upward, never a LIST.

use serde::de::DeserializeOwned;

use super::Conversation;
use crate::TrackingId;
use crate::ports::ReadRecords;
use crate::records::{AttemptRecord, Key, OutcomeRecord, OutcomeStatus, RecordError, Run, keys, read};

/// All records of `id`; `None` when no such conversation was accepted.
///
/// # Errors
/// The store failed, or a record is not readable.
pub async fn load(store: &impl ReadRecords, id: TrackingId) -> Result<Option<Conversation>, RecordError> {
    let Some(query) = read(store, &keys::query(id)).await? else { return Ok(None) };
    let agent_attempts = numbered(store, |number| keys::agent_attempt(id, number)).await?;
    let answer = read(store, &keys::answer(id)).await?;
    let delivery = read(store, &keys::delivery(id)).await?;
    let (mut attempts, mut outcomes) = (Vec::new(), Vec::new());
    if delivery.is_some() {
        (attempts, outcomes) = runs(store, id).await?;
    }
    Ok(Some(Conversation { query, agent_attempts, answer, delivery, attempts, outcomes }))
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
        let tried = numbered(store, |number| keys::attempt(id, run, number)).await?;
        let ended = outcomes_of(store, id, run).await?;
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
    let mut found = Vec::new();
    for status in OutcomeStatus::ALL {
        found.extend(read(store, &keys::outcome(id, run, status)).await?);
    }
    Ok(found)
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
