//! A batch of messages: worked on concurrently, each one's fate its own (SPEC 5).

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use revops_core::Timestamp;
use revops_core::config::TimeScale;
use revops_core::ports::FetchSecret;
use revops_core::telemetry::{Attribution, event};

use crate::Delivery;
use crate::ports::{PostEnvelope, Queues, Records};
use crate::received::Received;
use crate::run::{Fate, Markers, Trouble};
use crate::visibility::{Worked, keep_hidden_while, ours, setback, wait_seconds};

/// How many messages are worked on at a time, which is what SQS hides in one call. Whoever waits for the group before
/// keeps the queue's own visibility time-out.
const AT_A_TIME: usize = 10;

/// Works on every message of `event`; `deadline` is when Lambda ends this invocation. The response names the
/// messages that stay in their queue. It never fails as a whole, since that would repeat the whole batch.
pub async fn handle_batch<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret>(
    delivery: &Delivery<R, Q, P, F>,
    event: SqsEvent,
    deadline: Timestamp,
) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    let mut batch = Vec::with_capacity(event.records.len());
    for record in &event.records {
        match delivery.understand(record) {
            Some(received) => batch.push(received),
            // Lambda takes an empty id for a failure of the whole batch: right for a record without one.
            None => response.add_failure(record.message_id.clone().unwrap_or_default()),
        }
    }
    for of_one_queue in batch.chunk_by(|one, next| one.queue_url == next.queue_url) {
        for group in of_one_queue.chunks(AT_A_TIME) {
            let staying = delivery.handle_group(group, deadline).await;
            staying.into_iter().for_each(|message_id| response.add_failure(message_id));
        }
    }
    response
}

impl<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret> Delivery<R, Q, P, F> {
    /// The message in `record`; none stays in its queue, for a newer version or a person.
    fn understand(&self, record: &SqsMessage) -> Option<Received> {
        let received = Received::parse(record, &self.config.queues, self.clock.now());
        received
            .map_err(|cause| {
                let message_id = record.message_id.as_deref();
                let attribution = Attribution::OurBug;
                tracing::error!(event = event::ERROR_OCCURRED, message_id, %cause, %attribution, "the message is not understood: it stays");
                self.count_bug();
            })
            .ok()
    }

    /// Works on messages of one queue at once; the ids of those that stay in it.
    async fn handle_group(&self, group: &[Received], deadline: Timestamp) -> Vec<String> {
        let receipts: Vec<&str> = group.iter().map(|received| received.receipt.as_str()).collect();
        let ours = async {
            Arc::<[bool]>::from(ours(&self.queues, &group[0].queue_url, &receipts, self.config.scale).await)
        };
        let (ours, markers) = (ours.shared(), Markers::default());
        let works = group.iter().enumerate().map(|(place, received)| {
            let is_ours = ours.clone().map(move |ours| ours[place]);
            self.stays(received, is_ours, &markers, deadline)
        });
        let staying: Vec<Option<String>> = stream::iter(works).buffer_unordered(AT_A_TIME).collect().await;
        staying.into_iter().flatten().collect()
    }

    /// The message's id if it stays in its queue. A panic harms this message only.
    async fn stays(
        &self,
        received: &Received,
        ours: impl Future<Output = bool>,
        markers: &Markers,
        deadline: Timestamp,
    ) -> Option<String> {
        let message_id = &received.message_id;
        let done = AssertUnwindSafe(self.handle(received, ours, markers, deadline)).catch_unwind().await;
        let done = done.unwrap_or_else(|_| {
            tracing::error!(
                event = event::ERROR_OCCURRED,
                message_id,
                attribution = %Attribution::OurBug,
                "working on the message panicked: it stays"
            );
            self.count_bug();
            false
        });
        (!done).then(|| message_id.clone())
    }

    /// Whether the message is done.
    async fn handle(
        &self,
        received: &Received,
        ours: impl Future<Output = bool>,
        markers: &Markers,
        deadline: Timestamp,
    ) -> bool {
        let message = (received.queue_url.as_str(), received.receipt.as_str());
        let look = self.look(received, markers);
        let work = |seen| self.work(received, seen, markers, deadline);
        match keep_hidden_while(&self.queues, message, self.config.scale, ours, look, work).await {
            Worked::Done(Ok(fate)) => self.settle(received, fate).await,
            Worked::Done(Err(trouble)) => self.wait_out(received, &trouble).await,
            Worked::NotOurs => {
                tracing::warn!(event = event::ERROR_OCCURRED, tracking_id = %received.deliver.tracking_id, "the message is no longer ours");
                false
            }
        }
    }

    async fn settle(&self, received: &Received, fate: Fate) -> bool {
        match fate {
            Fate::Acknowledge => return true,
            Fate::HideUntil(due) => self.hide_until(received, due, self.config.scale).await,
            Fate::GiveBack => self.hide_until(received, self.clock.now(), self.config.scale).await,
        }
        false
    }

    /// Something other than the receiver stands in the way: the message waits, longer each time.
    async fn wait_out(&self, received: &Received, trouble: &Trouble) -> bool {
        let wait = setback(received.receive_count);
        self.report_trouble(received, trouble, wait);
        self.hide_until(received, self.config.scale.due(self.clock.now(), wait), self.config.scale).await;
        false
    }

    /// Where the queue does not take it, the message comes back within seconds and waits again.
    async fn hide_until(&self, received: &Received, due: Timestamp, scale: TimeScale) {
        let seconds = wait_seconds(scale, due, self.clock.now(), received.received_at);
        if let Err(cause) = self.queues.hide(&received.queue_url, &received.receipt, seconds).await {
            tracing::warn!(event = event::ERROR_OCCURRED, tracking_id = %received.deliver.tracking_id, %cause, "the message could not be hidden for {seconds} s");
        }
    }
}
