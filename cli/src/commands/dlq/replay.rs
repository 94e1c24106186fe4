//! Replaying letters: sent to their queues one after the other, and only then deleted here.

use std::collections::BTreeSet;
use std::time::Duration;

use revops_core::ports::{QueueError, ReadRecords};
use revops_core::records::{DeliveryRecord, RecordError, keys, read};
use revops_core::telemetry::with_causes;
use revops_core::{Header, Timestamp};
use tokio::time::Instant;

use super::args::Manner;
use super::filter::Filter;
use super::hands::{HOLD, Hands, Ports, interrupted};
use super::letter::Letter;
use super::pace::Pace;
use super::plan::{Plan, plan};
use super::summary::{Entry, Fate, Summary};
use crate::aws::Queues;
use crate::error::CtlError;
use crate::interrupt::Interrupt;
use crate::progress::{Bar, Progress};

/// For how long a letter is ours when its turn comes: longer than sending and deleting take.
const TURN: Duration = Duration::from_mins(2);

/// Replays what a filter selects.
pub(super) struct Replayer<'a, R> {
    pub(super) records: &'a R,
    /// Where the messages go.
    pub(super) queues: &'a Queues,
    pub(super) manner: Manner,
    pub(super) now: Timestamp,
    pub(super) interrupt: &'a Interrupt,
}

impl<R: ReadRecords> Replayer<'_, R> {
    /// Replays what `filter` selects of what is in `hands`, and tells what became of each letter.
    pub(super) async fn replay<Q: Ports>(
        &self,
        queues: &Q,
        hands: &mut Hands<'_, Q>,
        filter: &Filter,
    ) -> Result<Summary, CtlError> {
        let letters = hands.letters();
        let missing = filter.missing(&letters);
        let chosen: Vec<Letter> = letters.into_iter().filter(|letter| filter.selects(letter)).collect();
        hands.keep_only(&chosen).await;
        self.warn_of_disabled(&chosen).await;
        let pace = Pace::new(self.manner.rate);
        let time = pace.time_for(chosen.len()).map_err(|cause| CtlError::Usage(cause.to_string()))?;
        if !self.manner.dry_run && time > HOLD / 3 {
            hands.hold_longer(|_| time + HOLD).await;
        }
        let mut summary = Summary { dry_run: self.manner.dry_run, missing, ..Summary::default() };
        self.one_after_the_other(queues, hands, &chosen, pace, &mut summary).await;
        Ok(summary)
    }

    /// A letter for a destination that is still disabled would come straight back. Only a warning: the marker is
    /// void once the class has another URL, which is not known here.
    async fn warn_of_disabled(&self, chosen: &[Letter]) {
        let classes: BTreeSet<Header> = chosen.iter().filter_map(Letter::header).collect();
        for header in classes {
            if let Ok(Some(marker)) = read(self.records, &keys::disabled(header)).await {
                let since = marker.disabled_at;
                Progress::default().say(&format!(
                    "{header} is disabled since {since}: unless it has another URL now, its letters come straight \
                     back; `gatewayctl destinations enable {header} --replay` enables it first"
                ));
            }
        }
    }

    async fn one_after_the_other<Q: Ports>(
        &self,
        queues: &Q,
        hands: &mut Hands<'_, Q>,
        chosen: &[Letter],
        pace: Pace,
        summary: &mut Summary,
    ) {
        let (begun, bar) = (Instant::now(), Bar::new(chosen.len()));
        for (place, letter) in chosen.iter().enumerate() {
            let wait = pace.turn(place).saturating_sub(begun.elapsed());
            if self.may_go_on(wait).await {
                let fate = self.one(queues, hands, letter).await;
                // What stopped this one would stop the others too: better to say so than to try a thousand times.
                if let Fate::Failed(cause) = &fate {
                    summary.stopped_by = Some(cause.clone());
                }
                summary.entries.push(Entry { letter: letter.clone(), fate });
                bar.show(summary.entries.len(), summary.stayed());
            } else {
                summary.stopped_by = Some(interrupted().to_string());
            }
            if summary.stopped_by.is_some() {
                summary.left = chosen.len() - summary.entries.len();
                return;
            }
        }
    }

    /// Waits for the letter's turn; false when the user wants an end. What is only said needs no pace.
    async fn may_go_on(&self, wait: Duration) -> bool {
        if self.manner.dry_run { !self.interrupt.is_asked() } else { self.interrupt.sleep(wait).await }
    }

    /// Sends one letter, then deletes it: in this order a crash between the two costs nothing.
    async fn one<Q: Ports>(&self, queues: &Q, hands: &mut Hands<'_, Q>, letter: &Letter) -> Fate {
        let record = match self.record(letter).await {
            Ok(record) => record,
            Err(RecordError::Store(cause)) => return Fate::Failed(with_causes(&cause)),
            // One record that a newer version wrote is no reason to keep everybody else waiting.
            Err(cause @ RecordError::Unreadable { .. }) => return Fate::Stayed(with_causes(&cause)),
        };
        let (queue, message) = match plan(letter, record.as_ref(), self.now, self.manner.ignore_deadline) {
            Plan::Send(queue, message) => (self.queues.url(queue), message),
            Plan::Stay(why) => return Fate::Stayed(why),
        };
        if self.manner.dry_run {
            return Fate::Replayed { queue: queue.to_owned(), warning: None };
        }
        match hands.hide(letter.first(), TURN).await {
            Ok(()) => {}
            Err(QueueError::NotOurs) => {
                hands.let_go(letter.first());
                return Fate::Stayed("somebody else has it at this moment, or has replayed it".to_owned());
            }
            Err(cause) => return Fate::Failed(with_causes(&cause)),
        }
        if let Err(cause) = queues.send(queue, message).await {
            return Fate::Failed(format!("{queue} did not take it: {}", with_causes(&cause)));
        }
        Fate::Replayed { queue: queue.to_owned(), warning: delete(hands, letter).await }
    }

    /// What a delivery's records say of it; a query has no delivery yet.
    async fn record(&self, letter: &Letter) -> Result<Option<DeliveryRecord>, RecordError> {
        match (letter.run(), letter.tracking_id()) {
            (Some(_), Some(id)) => read(self.records, &keys::delivery(id)).await,
            _ => Ok(None),
        }
    }
}

/// Deletes a letter that was sent, with all its copies. One that stays is harmless: its run is being delivered.
async fn delete<Q: Ports>(hands: &mut Hands<'_, Q>, letter: &Letter) -> Option<String> {
    let mut failed = None;
    for held in letter.copies() {
        if let Err(cause) = hands.delete(held).await {
            failed = Some(format!(
                "it was sent, but could not be deleted here ({}); replaying it again makes no second POST",
                with_causes(&cause)
            ));
        }
    }
    failed
}
