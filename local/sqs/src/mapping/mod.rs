//! Event source mapping: a queue's messages become invocations of a function, as AWS Lambda does it for
//! standard queues (Lambda developer guide, "Using Lambda with Amazon SQS").

mod answer;
mod batch;
mod event;

use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::message::ReceivedMessage;
use crate::service::Sqs;

/// Which queue feeds which function, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSourceMapping {
    /// Name of the queue.
    pub queue: String,
    /// Name of the function.
    pub function: String,
    /// Most messages of one invocation, 1 to 10,000.
    pub batch_size: u32,
    /// How long a batch waits to fill after its first message. Zero takes what is there.
    pub batching_window: Duration,
    /// Most batches in flight at once, at least 1.
    pub maximum_concurrency: u32,
    /// `FunctionResponseTypes: [ReportBatchItemFailures]`. Without it a function's answer is not read: a
    /// call without an error deletes the whole batch.
    pub report_batch_item_failures: bool,
}

/// What runs functions.
pub trait Invoker: Clone + Send + Sync + 'static {
    /// Invokes `function` with `payload`, an SQS event, and waits for its end, time-out included.
    fn invoke(&self, function: &str, payload: Bytes) -> impl Future<Output = InvocationOutcome> + Send;
}

/// How an invocation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvocationOutcome {
    /// The function returned this payload.
    Answered(Bytes),
    /// The function failed, timed out or crashed; the payload describes it.
    FunctionError(Bytes),
    /// The function was not run for lack of room. It will be tried again.
    Throttled,
}

/// Feeds `mapping.function` from `mapping.queue` until `shutdown`. Then it polls no more, gives back what
/// it has not yet handed to the function, and returns when the running batches have ended; dropping the
/// future ends them at once, and their messages come back after their visibility time-out.
pub async fn run_event_source_mapping<I: Invoker>(
    sqs: Sqs,
    mapping: EventSourceMapping,
    invoker: I,
    shutdown: impl Future<Output = ()>,
) {
    let mapping = Arc::new(mapping);
    let permits = usize::try_from(mapping.maximum_concurrency).unwrap_or(1).clamp(1, Semaphore::MAX_PERMITS);
    let permits = Arc::new(Semaphore::new(permits));
    let mut running = JoinSet::new();
    let mut waiting = VecDeque::new();
    let mut collected = Vec::new();
    tokio::pin!(shutdown);
    loop {
        while running.try_join_next().is_some() {}
        let next = next_batch(&sqs, &mapping, &permits, &mut collected, &mut waiting);
        let (permit, messages) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            next = next => next,
        };
        let (sqs, mapping, invoker) = (sqs.clone(), Arc::clone(&mapping), invoker.clone());
        running.spawn(async move {
            batch::run(&sqs, &mapping, &invoker, &messages).await;
            drop(permit);
        });
    }
    collected.extend(waiting.into_iter().flatten());
    batch::give_back(&sqs, &mapping.queue, &collected).await;
    while running.join_next().await.is_some() {}
}

/// Room to run a batch, and the batch. May be dropped at any time: what it received is in `collected` or
/// `waiting` then.
async fn next_batch(
    sqs: &Sqs,
    mapping: &EventSourceMapping,
    permits: &Arc<Semaphore>,
    collected: &mut Vec<ReceivedMessage>,
    waiting: &mut VecDeque<Vec<ReceivedMessage>>,
) -> (Option<tokio::sync::OwnedSemaphorePermit>, Vec<ReceivedMessage>) {
    // Room first: a message that waits for room would waste its visibility time-out.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        if let Some(batch) = waiting.pop_front() {
            return (permit, batch);
        }
        batch::collect(sqs, mapping, collected).await;
        waiting.extend(event::split(std::mem::take(collected), mapping, sqs));
    }
}
