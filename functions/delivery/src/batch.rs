//! A batch of messages: worked on concurrently, each one's fate its own (SPEC 5).

use std::panic::AssertUnwindSafe;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use revops_core::Timestamp;
use revops_core::config::TimeScale;
use revops_core::ports::FetchSecret;
use revops_core::telemetry::{Attribution, event};

use crate::Delivery;
use crate::ports::{PostEnvelope, Queues, Records};
use crate::received::Received;
use crate::run::{Fate, Trouble};
use crate::visibility::{Worked, keep_hidden_while, setback, wait_seconds};

/// How many messages are worked on at a time. Whoever waits for a place keeps the queue's own visibility
/// time-out.
const AT_A_TIME: usize = 10;

/// Works on every message of `event`; `deadline` is when Lambda ends this invocation. The response names the
/// messages that stay in their queue. It never fails as a whole, since that would repeat the whole batch.
pub async fn handle_batch<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret>(
    delivery: &Delivery<R, Q, P, F>,
    event: SqsEvent,
    deadline: Timestamp,
) -> SqsBatchResponse {
    let works = event.records.iter().map(|record| stays(delivery, record, deadline));
    let staying: Vec<Option<String>> = stream::iter(works).buffer_unordered(AT_A_TIME).collect().await;
    let mut response = SqsBatchResponse::default();
    for message_id in staying.into_iter().flatten() {
        response.add_failure(message_id);
    }
    response
}

/// The message's id if it stays in its queue. A panic harms this message only.
async fn stays<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret>(
    delivery: &Delivery<R, Q, P, F>,
    record: &SqsMessage,
    deadline: Timestamp,
) -> Option<String> {
    let done = AssertUnwindSafe(delivery.handle(record, deadline)).catch_unwind().await;
    let done = done.unwrap_or_else(|_| {
        let message_id = record.message_id.as_deref();
        tracing::error!(
            event = event::ERROR_OCCURRED,
            message_id,
            attribution = %Attribution::OurBug,
            "working on the message panicked: it stays"
        );
        delivery.count_bug();
        false
    });
    // Lambda takes an empty id for a failure of the whole batch: right for a record without one.
    (!done).then(|| record.message_id.clone().unwrap_or_default())
}

impl<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret> Delivery<R, Q, P, F> {
    /// Whether the message is done.
    async fn handle(&self, record: &SqsMessage, deadline: Timestamp) -> bool {
        let received = match Received::parse(record, &self.config.queues, self.clock.now()) {
            Ok(received) => received,
            Err(cause) => {
                let message_id = record.message_id.as_deref();
                let attribution = Attribution::OurBug;
                tracing::error!(event = event::ERROR_OCCURRED, message_id, %cause, %attribution, "the message is not understood: it stays");
                self.count_bug();
                return false;
            }
        };
        let message = (received.queue_url.as_str(), received.receipt.as_str());
        let work = |seen| self.work(&received, seen, deadline);
        match keep_hidden_while(&self.queues, message, self.config.scale, self.look(&received), work).await {
            Worked::Done(Ok(fate)) => self.settle(&received, fate).await,
            Worked::Done(Err(trouble)) => self.wait_out(&received, &trouble).await,
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
