//! From a received message to its fate.

use std::time::Duration;

use revops_core::Timestamp;
use revops_core::messages::Deliver;
use revops_core::ports::{FetchSecret, QueueError, StoreError};
use revops_core::records::{DeliveryRecord, RecordError, is_deleted, keys, read};
use revops_core::telemetry::{Attribution, Measurements, Metric};

use super::marker::Markers;
use super::state::RunState;
use super::step::{Situation, Step, next_step};
use crate::Delivery;
use crate::ports::{PostEnvelope, Queues, Records};
use crate::received::Received;
use crate::telemetry;

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is done: SQS deletes it.
    Acknowledge,
    /// It is hidden until then.
    HideUntil(Timestamp),
    /// It goes back at once: this invocation has no time left for it.
    GiveBack,
}

/// Something other than the receiver stands in the way. The message waits, and no attempt is counted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The record store, or a record.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// The dead-letter queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The outbound keys could not be fetched, or there are none for this class.
    #[error("there are no signing keys for {0}")]
    NoKeys(revops_core::Header),
    /// The message names a conversation whose delivery was never stored.
    #[error("the delivery is not stored")]
    NoDelivery,
    /// The message names a conversation that is not there, and that nobody deleted.
    #[error("the conversation is missing, and nobody deleted it: is it another bucket, or is data lost?")]
    NoConversation,
    /// No webhook serves the class; the configuration would not have been accepted.
    #[error("no webhook serves the class {0}")]
    NoDestination(revops_core::Header),
}

impl Trouble {
    /// Whose fault it is.
    pub(crate) const fn attribution(&self) -> Attribution {
        match self {
            Self::Records(cause) => Attribution::of_record(cause),
            Self::Queue(cause) => Attribution::of_queue(cause),
            Self::NoKeys(_) | Self::NoDestination(_) | Self::NoConversation => Attribution::Configuration,
            Self::NoDelivery => Attribution::OurBug,
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(cause: StoreError) -> Self {
        Self::Records(cause.into())
    }
}

/// What was read about a message before anything is done with it.
pub(crate) struct Seen {
    record: Option<DeliveryRecord>,
    state: RunState,
}

/// Everything about the message that is worked on.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    pub received: &'a Received,
    pub record: &'a DeliveryRecord,
    pub state: &'a RunState,
    pub markers: &'a Markers,
    /// When Lambda ends this invocation.
    pub deadline: Timestamp,
}

impl<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret> Delivery<R, Q, P, F> {
    /// Reads what the next step depends on, all at once, since each round of calls is time that somebody waits.
    /// Nothing is done yet: the message may turn out to be somebody else's.
    pub(crate) async fn look(&self, received: &Received, markers: &Markers) -> Result<Seen, Trouble> {
        let (id, run) = (received.deliver.tracking_id, received.deliver.run);
        let delivery_key = keys::delivery(id);
        let (record, state, marker) = futures_util::join!(
            read(&self.records, &delivery_key),
            RunState::load(&self.records, id, run),
            // The record may name another target: the gateway knew of other webhooks when it chose.
            markers.of(&self.records, self.config.destinations.target(received.deliver.header)),
        );
        marker?;
        Ok(Seen { record: record?, state: state? })
    }

    /// Does what is to be done with the message, after what was `seen`.
    pub(crate) async fn work(
        &self,
        received: &Received,
        seen: Result<Seen, Trouble>,
        markers: &Markers,
        deadline: Timestamp,
    ) -> Result<Fate, Trouble> {
        let Seen { record, state } = seen?;
        let Some(record) = record else { return self.without_delivery(received).await };
        let job = Job { received, record: &record, state: &state, markers, deadline };
        let situation = Situation {
            deliver: &received.deliver,
            record: &record,
            state: &state,
            policy: &self.config.retry,
            receive_count: received.receive_count,
            now: self.clock.now(),
            scale: self.config.scale,
        };
        match next_step(&situation) {
            Step::Complete => self.complete(&job).await,
            Step::WaitUntil(due) => Ok(Fate::HideUntil(due)),
            Step::End(reason) => {
                self.end_without_delivery(&job, reason, state.failed_attempts(), state.last_fault()).await
            }
            Step::Attempt(number) => self.attempt(&job, number).await,
        }
    }

    /// A run that had ended before: a redelivered message, a copy, or a replay by mistake.
    async fn complete(&self, job: &Job<'_>) -> Result<Fate, Trouble> {
        self.export(job.received.deliver.tracking_id).await?;
        telemetry::duplicate_suppressed(&job.received.deliver);
        self.measure(job, |measurements| measurements.count(Metric::DuplicatesSuppressed));
        Ok(Fate::Acknowledge)
    }

    /// The message is sent after its delivery is stored: an operator deleted the conversation, and says so by a
    /// tombstone. Without one the message stays, and ends in the dead-letter queue.
    async fn without_delivery(&self, received: &Received) -> Result<Fate, Trouble> {
        let id = received.deliver.tracking_id;
        if is_deleted(&self.records, id).await? {
            telemetry::conversation_deleted(&received.deliver);
            return Ok(Fate::Acknowledge);
        }
        let query = read(&self.records, &keys::query(id)).await?;
        Err(if query.is_some() { Trouble::NoDelivery } else { Trouble::NoConversation })
    }

    /// Emits what `with` adds to this class's measurements.
    pub(crate) fn measure(&self, job: &Job<'_>, with: impl FnOnce(Measurements) -> Measurements) {
        self.metrics.emit(with(of_class(&job.received.deliver)));
    }

    /// Something of ours stands in the message's way: the log says what, the metrics whose fault it is and for how
    /// long the message has been waiting.
    pub(crate) fn report_trouble(&self, received: &Received, trouble: &Trouble, wait: Duration) {
        telemetry::waits(&received.deliver, trouble, wait);
        let age = self.clock.now().since(received.sent_at);
        self.metrics.emit(of_class(&received.deliver).duration(Metric::OldestAttemptAge, age));
        self.count_failure(&received.deliver, trouble.attribution());
    }

    /// Counts a failed step for the party whose fault it is.
    pub(crate) fn count_failure(&self, deliver: &Deliver, party: Attribution) {
        self.metrics.emit(of_class(deliver).outcome(party.as_str()).count(Metric::Failures));
    }

    /// Counts a failure of this function's own, about a message of which nothing more is known.
    pub(crate) fn count_bug(&self) {
        let counted = Measurements::of(telemetry::SERVICE).outcome(Attribution::OurBug.as_str());
        self.metrics.emit(counted.count(Metric::Failures));
    }
}

fn of_class(deliver: &Deliver) -> Measurements {
    Measurements::of(telemetry::SERVICE).header(deliver.header)
}
