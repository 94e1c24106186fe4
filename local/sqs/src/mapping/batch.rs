//! The life of a batch: collected from the queue, handed to the function, deleted or left to come back.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep};

use super::answer::{Verdict, judge};
use super::{EventSourceMapping, InvocationOutcome, Invoker, event};
use crate::message::ReceivedMessage;
use crate::service::Sqs;
use crate::store::{Receive, StoreError};

/// Wait of one poll for the first message of a batch.
const LONG_POLL: Duration = Duration::from_secs(20);
/// Pause after a poll that failed, such as that of a queue which does not exist.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// First pause after a throttled invocation; it doubles.
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
/// Longest pause after a throttled invocation.
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);

/// Receives until the batch is full, or its window, which begins with the first message, is over.
pub(super) async fn collect(sqs: &Sqs, mapping: &EventSourceMapping, collected: &mut Vec<ReceivedMessage>) {
    let size = usize::try_from(mapping.batch_size).unwrap_or(1).max(1);
    while collected.is_empty() {
        poll(sqs, mapping, size, LONG_POLL, collected).await;
    }
    let window_ends = Instant::now() + mapping.batching_window;
    while collected.len() < size && Instant::now() < window_ends {
        let wait = window_ends.saturating_duration_since(Instant::now());
        poll(sqs, mapping, size - collected.len(), wait, collected).await;
    }
}

async fn poll(
    sqs: &Sqs,
    mapping: &EventSourceMapping,
    maximum: usize,
    wait: Duration,
    collected: &mut Vec<ReceivedMessage>,
) {
    match sqs.receive(&mapping.queue, Receive { maximum, visibility_ms: None }, wait).await {
        Ok(messages) => collected.extend(messages),
        Err(error) => {
            tracing::warn!(queue = mapping.queue, %error, "the event source mapping cannot receive");
            sleep(AFTER_FAILURE.min(wait)).await;
        }
    }
}

/// Invokes the function with the batch and acts on its answer.
pub(super) async fn run<I: Invoker>(
    sqs: &Sqs,
    mapping: &EventSourceMapping,
    invoker: &I,
    messages: &[ReceivedMessage],
) {
    let Some(answer) = invoke(sqs, mapping, invoker, messages).await else { return };
    let ids: Vec<&str> = messages.iter().map(|message| message.message_id.as_str()).collect();
    let verdict = if mapping.report_batch_item_failures { judge(&answer, &ids) } else { Verdict::AllDone };
    let done: Vec<String> = match verdict {
        Verdict::AllDone => handles(messages.iter()),
        Verdict::Failed(failed) => {
            handles(messages.iter().filter(|message| !failed.contains(&message.message_id)))
        }
        Verdict::AllFailed(reason) => {
            tracing::warn!(function = mapping.function, reason, "a batch answer counts as total failure");
            return;
        }
    };
    if let Err(error) = delete(sqs, &mapping.queue, done).await {
        tracing::warn!(queue = mapping.queue, %error, "finished messages could not be deleted; they come back");
    }
}

fn handles<'a>(messages: impl Iterator<Item = &'a ReceivedMessage>) -> Vec<String> {
    messages.map(|message| message.receipt_handle.clone()).collect()
}

/// The function's answer; `None` when it failed, or was throttled until the messages came back by
/// themselves.
async fn invoke<I: Invoker>(
    sqs: &Sqs,
    mapping: &EventSourceMapping,
    invoker: &I,
    messages: &[ReceivedMessage],
) -> Option<Bytes> {
    let payload = Bytes::from(event::payload(messages, mapping, sqs));
    let visible_ms = messages.iter().map(|message| message.visible_ms).min()?;
    let mut backoff = FIRST_BACKOFF;
    loop {
        match invoker.invoke(&mapping.function, payload.clone()).await {
            InvocationOutcome::Answered(answer) => return Some(answer),
            InvocationOutcome::FunctionError(_) => {
                tracing::warn!(function = mapping.function, "the function failed; its batch comes back");
                return None;
            }
            InvocationOutcome::Throttled => {
                let left_ms = u64::try_from(visible_ms - sqs.now_ms()).unwrap_or(0);
                if Duration::from_millis(left_ms) <= backoff {
                    tracing::warn!(function = mapping.function, "throttled until the batch came back");
                    return None;
                }
                sleep(backoff).await;
                backoff = (backoff * 2).min(LONGEST_BACKOFF);
            }
        }
    }
}

async fn delete(sqs: &Sqs, queue: &str, handles: Vec<String>) -> Result<(), StoreError> {
    let queue = queue.to_owned();
    sqs.call(move |store, _| handles.iter().try_for_each(|handle| store.delete(&queue, handle))).await
}

/// Makes messages visible again that the function never saw.
pub(super) async fn give_back(sqs: &Sqs, queue: &str, messages: &[ReceivedMessage]) {
    if messages.is_empty() {
        return;
    }
    let (queue, handles) = (queue.to_owned(), handles(messages.iter()));
    let outcome = sqs.call(move |store, now_ms| {
        for handle in &handles {
            match store.change_visibility(&queue, handle, 0, now_ms) {
                // A message that came back by itself needs nothing.
                Ok(()) | Err(StoreError::Refused(_)) => {}
                Err(broken) => return Err(broken),
            }
        }
        Ok(())
    });
    if let Err(error) = outcome.await {
        tracing::warn!(%error, "messages could not be given back; they come back by themselves");
    }
}
