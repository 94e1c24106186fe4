//! Keeping a message ours while it is worked on.
//!
//! The queue's own visibility time-out is six function time-outs long. Cutting it on receive and renewing it
//! means that a crash costs seconds (SPEC 5).

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, ready, select};
use revops_core::Timestamp;
use revops_core::config::TimeScale;
use revops_core::ports::{HideMessages, QueueError};

/// For how long a message stays hidden after a crash, on the clock on the wall.
const HIDDEN: Duration = Duration::from_secs(15);

/// How often that is renewed.
const RENEWAL: Duration = Duration::from_secs(5);

/// What came of working on a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Worked<T> {
    /// The work's result.
    Done(T),
    /// The message was somebody else's before the work began: nothing was done.
    NotOurs,
}

/// Hides the messages with `receipts`, which one receive brought, for 15 s; which of them are ours, in their order.
/// One call for all, as soon as they are there: who crashes before it costs them the queue's own time-out.
pub(crate) async fn ours(
    queues: &impl HideMessages,
    queue_url: &str,
    receipts: &[&str],
    scale: TimeScale,
) -> Vec<bool> {
    let is_ours = |hidden| match hidden {
        Ok(()) => true,
        Err(QueueError::NotOurs) => false,
        // The queue's own visibility time-out still covers the work.
        Err(cause) => {
            warn(&cause);
            true
        }
    };
    match queues.hide_all(queue_url, receipts, scale.guard_seconds(HIDDEN)).await {
        Ok(hidden) => hidden.into_iter().map(is_ours).collect(),
        Err(cause) => vec![is_ours(Err(cause)); receipts.len()],
    }
}

/// Once the message with `receipt` is found to be `ours`, and thereby hidden, does `work`, and hides it anew every 5 s
/// until it is done. Meanwhile `look` reads what the work begins with, and does nothing else: the message may be
/// somebody else's. When this returns, no renewal is on its way any more, so that a longer wait can be asked for.
pub(crate) async fn keep_hidden_while<S, T>(
    queues: &impl HideMessages,
    (queue_url, receipt): (&str, &str),
    scale: TimeScale,
    ours: impl Future<Output = bool>,
    look: impl Future<Output = S>,
    work: impl AsyncFnOnce(S) -> T,
) -> Worked<T> {
    let (ours, look) = (pin!(ours), pin!(look));
    let (is_ours, seen) = match select(ours, look).await {
        Either::Left((is_ours, look)) => (is_ours, Either::Left(look)),
        Either::Right((seen, ours)) => (ours.await, Either::Right(ready(seen))),
    };
    if !is_ours {
        return Worked::NotOurs;
    }
    let mut work = pin!(async { work(seen.await).await });
    loop {
        match select(work.as_mut(), pin!(tokio::time::sleep(interval(scale)))).await {
            Either::Left((done, _)) => return Worked::Done(done),
            Either::Right(((), _)) => {}
        }
        let mut renewal = pin!(queues.hide(queue_url, receipt, scale.guard_seconds(HIDDEN)));
        match select(work.as_mut(), renewal.as_mut()).await {
            Either::Left((done, _)) => {
                let _ = renewal.await;
                return Worked::Done(done);
            }
            Either::Right((Ok(()), _)) => {}
            Either::Right((Err(cause), _)) => warn(&cause),
        }
    }
}

/// On scaled time 15 s may be more than the queue can be asked for: then a third of what it gives.
fn interval(scale: TimeScale) -> Duration {
    let start = Timestamp::from_unix_ms(0);
    let hidden = scale.due(start, Duration::from_secs(u64::from(scale.guard_seconds(HIDDEN)))).since(start);
    RENEWAL.min(hidden / 3).max(Duration::from_millis(50))
}

fn warn(cause: &QueueError) {
    tracing::warn!(event = revops_core::telemetry::event::ERROR_OCCURRED, %cause, "a message's visibility was not renewed");
}

#[cfg(test)]
mod tests {
    use super::*;
    use revops_core::fake::MemoryQueues;
    use revops_core::ports::{DeleteMessages as _, OutgoingMessage, ReceiveMessages as _, SendMessages as _};

    const MESSAGE: (&str, &str) = ("https://queue", "receipt");

    /// A message that was received by itself.
    async fn worked<S, T>(
        queues: &MemoryQueues,
        message: (&str, &str),
        scale: TimeScale,
        look: impl Future<Output = S>,
        work: impl AsyncFnOnce(S) -> T,
    ) -> Worked<T> {
        let ours = async { ours(queues, message.0, &[message.1], scale).await[0] };
        keep_hidden_while(queues, message, scale, ours, look, work).await
    }

    #[tokio::test(start_paused = true)]
    async fn visibility_is_cut_on_receive_and_renewed_every_five_seconds_until_the_work_is_done() {
        let queues = MemoryQueues::default();
        let work = async |()| tokio::time::sleep(Duration::from_secs(12)).await;
        worked(&queues, MESSAGE, TimeScale::default(), ready(()), work).await;
        assert_eq!(queues.hidden(), vec![("receipt".to_owned(), 15); 3]);
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(queues.hidden().len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn visibility_is_renewed_while_a_slow_store_is_read_too() {
        let queues = MemoryQueues::default();
        let look = tokio::time::sleep(Duration::from_secs(12));
        worked(&queues, MESSAGE, TimeScale::default(), look, async |()| ()).await;
        assert_eq!(queues.hidden().len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_of_somebody_elses_is_looked_at_and_not_worked_on() {
        let queues = MemoryQueues::default();
        queues.send("https://queue", OutgoingMessage::default()).await.unwrap();
        let receipt = queues.receive("https://queue", 60).await.unwrap().remove(0).receipt;
        queues.delete("https://queue", &receipt).await.unwrap();
        let message = ("https://queue", receipt.as_str());
        let done = worked(&queues, message, TimeScale::default(), ready(()), async |()| {
            panic!("it was worked on");
        });
        let done: Worked<()> = done.await;
        assert_eq!(done, Worked::NotOurs);
    }

    #[tokio::test(start_paused = true)]
    async fn on_scaled_time_the_crash_guard_stays_real() {
        let queues = MemoryQueues::default();
        let work = async |()| tokio::time::sleep(Duration::from_secs(6)).await;
        worked(&queues, MESSAGE, "100".parse().unwrap(), ready(()), work).await;
        assert_eq!(queues.hidden(), vec![("receipt".to_owned(), 1_500); 2]);
        // 21,600 s at a scale of 10,000 are 2.2 s: renewed in time all the same.
        assert!(interval("10000".parse().unwrap()) < Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_of_the_queue_does_not_stop_the_work() {
        let queues = MemoryQueues::default();
        queues.set_outage(true);
        let done = worked(&queues, MESSAGE, TimeScale::default(), ready(7), async |seen| seen).await;
        assert_eq!(done, Worked::Done(7));
    }
}
