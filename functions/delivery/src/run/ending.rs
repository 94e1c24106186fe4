//! How a run ends: dead-letter copy, outcome, exports, and only then the acknowledgement, each step
//! repeatable after a crash (SPEC 5).

use revops_core::Timestamp;
use revops_core::conversation::{Asked, KnownDelivery, load_asked};
use revops_core::messages::{Deliver, Message};
use revops_core::ports::{Created, FetchSecret, OutgoingMessage};
use revops_core::records::{
    DeliveryRecord, Notice, OutcomeRecord, OutcomeStatus, RecordError, Run, VERSION, create, keys, read,
};
use revops_core::retry::EndReason;
use revops_core::telemetry::{Attribution, Metric};

use super::work::{Fate, Job, Trouble};
use crate::Delivery;
use crate::ports::{PostEnvelope, Queues, Records};
use crate::telemetry;

/// The attempt that delivered.
pub(crate) struct DeliveredBy {
    /// How many attempts the run needed.
    pub attempts: u32,
    pub started_at: Timestamp,
    pub duration_ms: u64,
    pub http_status: Option<u16>,
}

impl<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret> Delivery<R, Q, P, F> {
    /// The receiver took it.
    pub(crate) async fn end_delivered(&self, job: &Job<'_>, by: &DeliveredBy) -> Result<Fate, Trouble> {
        let outcome = OutcomeRecord {
            attempts: by.attempts,
            started_at: Some(by.started_at),
            duration_ms: Some(by.duration_ms),
            http_status: by.http_status,
            ..ended(job, OutcomeStatus::Delivered, None, self.clock.now())
        };
        let id = job.received.deliver.tracking_id;
        // What the exports need is read meanwhile: a round of calls less.
        let (recorded, asked) = futures_util::join!(self.record_outcome(job, &outcome), self.asked(job));
        let recorded = recorded?;
        if recorded {
            telemetry::delivered(&job.received.deliver, by.attempts);
            let since_accepted = outcome.at.since(job.record.tracking_id.made_at());
            self.measure(job, |measurements| {
                measurements.count(Metric::Delivered).duration(Metric::EndToEndLatency, since_accepted)
            });
        }
        match asked.filter(|_| recorded) {
            Some(asked) => {
                let beside = |asked: Option<Asked>| asked.map(|asked| asked.beside(known(job, outcome)));
                self.export_loaded(id, asked.map(beside)).await?;
            }
            None => self.export(id).await?,
        }
        Ok(Fate::Acknowledge)
    }

    /// What happened before the delivery, where nothing else need be read after the first run's end.
    async fn asked(&self, job: &Job<'_>) -> Option<Result<Option<Asked>, RecordError>> {
        if outcome_tells_all(job) {
            Some(load_asked(&self.records, job.received.deliver.tracking_id).await)
        } else {
            None
        }
    }

    /// No delivery in this run, for `reason`, after `attempts` attempts, the last of which was this party's fault.
    pub(crate) async fn end_without_delivery(
        &self,
        job: &Job<'_>,
        reason: EndReason,
        attempts: u32,
        last_attempt: Option<Attribution>,
    ) -> Result<Fate, Trouble> {
        let deliver = &job.received.deliver;
        if reason != EndReason::DeliverBefore {
            if self.another_copy_delivered(deliver).await? {
                return self.export_and_acknowledge(job).await;
            }
            self.dead_letter(job, reason, attempts).await?;
        }
        let status =
            if reason == EndReason::DeliverBefore { OutcomeStatus::Expired } else { OutcomeStatus::Failed };
        let outcome = OutcomeRecord { attempts, ..ended(job, status, Some(reason), self.clock.now()) };
        if self.record_outcome(job, &outcome).await? {
            let party = Attribution::of_ending(reason, last_attempt);
            telemetry::ended_without_delivery(deliver, outcome.status, reason, attempts, party);
            let word = outcome.status.as_str();
            self.measure(job, |measurements| measurements.outcome(word).count(Metric::DeliveryFailed));
            if !follows_an_attempt(reason, last_attempt) {
                self.count_failure(deliver, party);
            }
        }
        self.export_and_acknowledge(job).await
    }

    /// A copy of the message that raced this one may have been luckier: then nothing has failed.
    async fn another_copy_delivered(&self, deliver: &Deliver) -> Result<bool, Trouble> {
        let key = keys::outcome(deliver.tracking_id, deliver.run, OutcomeStatus::Delivered);
        Ok(read(&self.records, &key).await?.is_some())
    }

    /// Copies the message to the dead-letter queue, addressed as the next run, so that a plain redrive is a
    /// replay. Repeated after a crash: readers dedupe by tracking id and run.
    async fn dead_letter(&self, job: &Job<'_>, reason: EndReason, attempts: u32) -> Result<(), Trouble> {
        let deliver = &job.received.deliver;
        let next = Deliver { run: deliver.run.next(), copy: false, ..deliver.clone() };
        let message = OutgoingMessage {
            body: Message::Deliver(next).to_json(),
            attributes: vec![
                ("reason", reason.as_str().to_owned()),
                ("header", deliver.header.as_str().to_owned()),
                ("tracking_id", deliver.tracking_id.to_string()),
                ("attempts", attempts.to_string()),
            ],
            ..OutgoingMessage::default()
        };
        self.queues.send(&self.config.dead_letter_queue_url, message).await?;
        self.measure(job, |measurements| measurements.outcome(reason.as_str()).count(Metric::DeadLettered));
        Ok(())
    }

    /// Whether this call recorded it.
    async fn record_outcome(&self, job: &Job<'_>, outcome: &OutcomeRecord) -> Result<bool, Trouble> {
        let key = keys::outcome(job.received.deliver.tracking_id, outcome.run, outcome.status);
        Ok(create(&self.records, &key, outcome).await? == Created::New)
    }

    async fn export_and_acknowledge(&self, job: &Job<'_>) -> Result<Fate, Trouble> {
        self.export(job.received.deliver.tracking_id).await?;
        Ok(Fate::Acknowledge)
    }
}

/// Whether `delivered` is the whole end of the conversation: no other run is before the first, and however a copy may
/// end meanwhile, `delivered` counts. Any other end reads all records again, since a copy may have delivered.
fn outcome_tells_all(job: &Job<'_>) -> bool {
    job.received.deliver.run == Run::FIRST
}

/// What is known without reading after the first run delivered with `outcome`.
fn known(job: &Job<'_>, outcome: OutcomeRecord) -> KnownDelivery {
    KnownDelivery {
        delivery: job.record.clone(),
        attempts: job.state.attempts.clone(),
        outcomes: vec![outcome],
    }
}

/// The outcome of a run that ended so. A failure notice's run ends `failed` however the notice fared, with
/// the reason of the failure that it tells of; but a conversation that expired has expired.
fn ended(job: &Job<'_>, status: OutcomeStatus, reason: Option<EndReason>, now: Timestamp) -> OutcomeRecord {
    let own_reason = reason.map(|reason| reason.as_str().to_owned());
    let (status, reason, notice) = match status {
        OutcomeStatus::Delivered if job.record.failure_notice => {
            (OutcomeStatus::Failed, failure_of(job.record), Some(Notice::Delivered))
        }
        OutcomeStatus::Expired if failure_of(job.record).as_deref() == Some("expired") => {
            (status, own_reason, None)
        }
        OutcomeStatus::Failed | OutcomeStatus::Expired if job.record.failure_notice => {
            (OutcomeStatus::Failed, failure_of(job.record), Some(Notice::Failed))
        }
        OutcomeStatus::Delivered | OutcomeStatus::Failed | OutcomeStatus::Expired => {
            (status, own_reason, None)
        }
    };
    OutcomeRecord {
        v: VERSION,
        run: job.received.deliver.run,
        status,
        reason,
        at: now,
        attempts: 0,
        started_at: None,
        duration_ms: None,
        http_status: None,
        notice,
    }
}

/// Whether the failure is that of an attempt, which was counted when it was made.
const fn follows_an_attempt(reason: EndReason, last_attempt: Option<Attribution>) -> bool {
    !matches!(reason, EndReason::CrashLoop | EndReason::DestinationDisabled) && last_attempt.is_some()
}

fn failure_of(record: &DeliveryRecord) -> Option<String> {
    record.failure_notice.then(|| record.failure_reason.clone()).flatten()
}
