//! From a decided answer to a queued delivery: classify, build the envelope, store it once, queue it.

mod build;
mod notice;

pub use notice::Ending;

use revops_core::Header;
use revops_core::classify::{Classification, expected};
use revops_core::outgoing;
use revops_core::ports::{CreateRecords, Created, QueueError, ReadRecords, SendMessages};
use revops_core::records::{
    Answer, AnswerRecord, DeliveryRecord, FailedAnswer, QueryRecord, RecordError, create, keys, read,
};
use revops_core::telemetry::{Measurements, Metric, event};

use crate::error::AdvanceError;
use crate::gateway::Gateway;

/// A conversation whose delivery is queued.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// What is delivered, and where.
    pub delivery: DeliveryRecord,
    /// The agent's failure, if it failed for good.
    pub failure: Option<FailedAnswer>,
}

impl<R: ReadRecords + CreateRecords, Q: SendMessages, M> Gateway<R, Q, M> {
    /// Stores the delivery of a decided conversation, unless somebody did, and queues it.
    ///
    /// # Errors
    /// A record or a queue refused; the call may be repeated.
    pub async fn finish(&self, query: &QueryRecord, answer: &AnswerRecord) -> Result<Finished, AdvanceError> {
        let (delivery, failure) = match &answer.answer {
            Answer::Answered { .. } => (self.answered(query, &answer.answer), None),
            Answer::Failed(failure) => {
                let ending = Ending::AgentFailed(failure.clone());
                (Some(self.notice(query, &ending)), Some(failure.clone()))
            }
        };
        let delivery = delivery.ok_or(AdvanceError::AnswerMissing)?;
        let delivery = self.store_and_queue(delivery).await?;
        Ok(Finished { delivery, failure })
    }

    /// Ends a conversation that gets no answer: stores the notice of it and queues that.
    ///
    /// # Errors
    /// A record or a queue refused; the call may be repeated.
    pub async fn end_without_answer(&self, query: &QueryRecord, ending: &Ending) -> Result<(), AdvanceError> {
        self.store_and_queue(self.notice(query, ending)).await.map(|_| ())
    }

    /// Whoever stores the delivery sends its message; whoever finds it stored sends a copy, since the one
    /// who stored it may have died before its message was sent.
    async fn store_and_queue(&self, delivery: DeliveryRecord) -> Result<DeliveryRecord, AdvanceError> {
        let key = keys::delivery(delivery.tracking_id);
        let (delivery, copy) = match create(&self.records, &key, &delivery).await? {
            Created::New => (delivery, false),
            Created::Existed => (self.stored(&key, delivery).await?, true),
        };
        self.queue(&delivery, copy).await?;
        if !copy {
            self.report(&delivery);
        }
        Ok(delivery)
    }

    async fn stored(
        &self,
        key: &revops_core::records::Key<DeliveryRecord>,
        ours: DeliveryRecord,
    ) -> Result<DeliveryRecord, RecordError> {
        Ok(read(&self.records, key).await?.unwrap_or(ours))
    }

    async fn queue(&self, delivery: &DeliveryRecord, copy: bool) -> Result<(), QueueError> {
        let message = outgoing::deliver(delivery, copy);
        self.queues.send(self.config.class_queues.url(delivery.target), message).await?;
        tracing::info!(event = event::OUTBOUND_QUEUED, tracking_id = %delivery.tracking_id,
            target = %delivery.target, copy, "queued");
        Ok(())
    }

    fn report(&self, delivery: &DeliveryRecord) {
        let (Some(classification), Some(expected)) = (&delivery.classification, delivery.expected) else {
            return;
        };
        let Classification { header, method, confidence, reason } = classification;
        tracing::info!(event = event::RESPONSE_CLASSIFIED, tracking_id = %delivery.tracking_id, header = %header,
            target = %delivery.target, %expected, method = method.as_str(), confidence, reason, "classified");
        let mut measured = Measurements::of("gateway").header(*header).count(Metric::Classified);
        if confidence * 100.0 < self.config.sure_from_percent as f64 {
            measured = measured.count(Metric::ClassificationUnsure);
        }
        if *header != expected {
            measured = measured.count(Metric::ClassificationUnexpected);
        }
        (self.emit)(&measured.value(Metric::ClassificationConfidence, *confidence));
    }
}

/// The class to expect before the agent is asked: the caller's own, or what the question alone says.
pub(crate) fn expected_header(query: &QueryRecord) -> Header {
    query.route.unwrap_or_else(|| expected(&query.query).header)
}
