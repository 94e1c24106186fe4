//! What the records say about a run.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use revops_core::TrackingId;
use revops_core::ports::ReadRecords;
use revops_core::records::{
    AttemptRecord, Notice, OutcomeRecord, OutcomeStatus, RecordError, Run, keys, read,
};
use revops_core::telemetry::Attribution;

/// How many objects one message reads at a time.
const READS_AT_A_TIME: usize = 12;

/// Outcomes of this run and those before it, and this run's failed attempts in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RunState {
    pub outcomes: Vec<OutcomeRecord>,
    pub attempts: Vec<AttemptRecord>,
}

impl RunState {
    /// Reads them. No LIST: keys are computed, and attempts are probed upward.
    pub(crate) async fn load(
        store: &impl ReadRecords,
        id: TrackingId,
        run: Run,
    ) -> Result<Self, RecordError> {
        let (outcomes, attempts) =
            futures_util::try_join!(outcomes(store, id, run), attempts(store, id, run))?;
        Ok(Self { outcomes, attempts })
    }

    /// Whether nothing may be sent any more: this run has ended, or the receiver has it from any run.
    pub(crate) fn has_ended(&self, run: Run) -> bool {
        self.outcomes.iter().any(|outcome| {
            let taken =
                outcome.status == OutcomeStatus::Delivered || outcome.notice == Some(Notice::Delivered);
            outcome.run == run || taken
        })
    }

    /// Whose fault the last failed attempt of this run was.
    pub(crate) fn last_fault(&self) -> Option<Attribution> {
        self.attempts.last().map(AttemptRecord::attribution)
    }

    /// How many attempts failed in this run.
    pub(crate) fn failed_attempts(&self) -> u32 {
        u32::try_from(self.attempts.len()).unwrap_or(u32::MAX)
    }
}

async fn outcomes(
    store: &impl ReadRecords,
    id: TrackingId,
    run: Run,
) -> Result<Vec<OutcomeRecord>, RecordError> {
    let keys = run.up_to().flat_map(|run| OutcomeStatus::ALL.map(|status| keys::outcome(id, run, status)));
    let found = stream::iter(keys).map(|key| async move { read(store, &key).await });
    let found: Vec<Option<OutcomeRecord>> = found.buffered(READS_AT_A_TIME).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

async fn attempts(
    store: &impl ReadRecords,
    id: TrackingId,
    run: Run,
) -> Result<Vec<AttemptRecord>, RecordError> {
    let mut found = Vec::new();
    for number in 1_u32.. {
        let Some(record) = read(store, &keys::attempt(id, run, number)).await? else { break };
        found.push(record);
    }
    Ok(found)
}
