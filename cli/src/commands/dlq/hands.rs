//! Looking into queues that cannot be looked into: receive, hold, give back.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};
use revops_core::ports::{DeleteMessages, HideMessages, QueueError, ReceiveMessages, SendMessages};
use revops_core::telemetry::with_causes;
use tokio::time::Instant;

use super::letter::{Held, Letter};
use crate::error::CtlError;
use crate::interrupt::Interrupt;
use crate::progress::Progress;

/// How long a received message is hidden from others: more than receiving the 120,000 takes that SQS lends at a
/// time, and what it costs if this program is killed.
pub(super) const HOLD: Duration = Duration::from_mins(15);

/// A look that takes longer ends before the first message is back in its queue.
const LONGEST_LOOK: Duration = Duration::from_mins(10);

/// How many messages are given back or held longer at a time.
const AT_A_TIME: usize = 16;

/// All that is done to dead letters.
pub(super) trait Ports: SendMessages + ReceiveMessages + HideMessages + DeleteMessages {}

impl<T: SendMessages + ReceiveMessages + HideMessages + DeleteMessages> Ports for T {}

/// The messages that we hold.
pub(super) struct Hands<'a, Q> {
    queues: &'a Q,
    held: BTreeMap<Name, Held>,
}

/// A message's queue and its name there: what is received twice is held once, with the newer receipt.
type Name = (String, String);

/// Looks into `urls`, lets `work` be done with what is there, and gives back what it has not let go of, whether
/// or not there was an error.
pub(super) async fn with_all_of<'a, Q: Ports, T>(
    queues: &'a Q,
    urls: impl Iterator<Item = &str>,
    interrupt: &Interrupt,
    work: impl AsyncFnOnce(&mut Hands<'a, Q>) -> Result<T, CtlError>,
) -> Result<T, CtlError> {
    let mut hands = Hands { queues, held: BTreeMap::new() };
    let done = match hands.take_all(urls, interrupt).await {
        Ok(()) => work(&mut hands).await,
        Err(cause) => Err(cause),
    };
    hands.give_back_all().await;
    done
}

impl<Q: Ports> Hands<'_, Q> {
    async fn take_all(
        &mut self,
        urls: impl Iterator<Item = &str>,
        interrupt: &Interrupt,
    ) -> Result<(), CtlError> {
        let looks = urls.map(|url| look_into(self.queues, url, interrupt));
        let mut ended = Ok(());
        for (found, how) in join_all(looks).await {
            self.held.extend(found);
            ended = ended.and(how);
        }
        ended
    }

    /// What we hold, as letters.
    pub(super) fn letters(&self) -> Vec<Letter> {
        Letter::all_of(self.held.values().cloned())
    }

    /// Gives back all but the messages of `letters`: others may want them while we are busy.
    pub(super) async fn keep_only(&mut self, letters: &[Letter]) {
        let mut kept = BTreeMap::new();
        for held in letters.iter().flat_map(Letter::copies) {
            kept.extend(self.held.remove_entry(&name(held)));
        }
        self.give_back_all().await;
        self.held = kept;
    }

    /// Holds every message for as long as `wanted` says, counted from now.
    pub(super) async fn hold_longer(&self, wanted: impl Fn(&Held) -> Duration) {
        let calls = self.held.values().map(|held| self.hide(held, wanted(held)));
        // Whose hold is not prolonged comes back early: it is asked for again before it is sent.
        stream::iter(calls).buffer_unordered(AT_A_TIME).for_each(|_| std::future::ready(())).await;
    }

    /// Asserts that the message is still ours, and holds it for `time` from now.
    pub(super) async fn hide(&self, held: &Held, time: Duration) -> Result<(), QueueError> {
        let seconds = u32::try_from(time.as_secs()).unwrap_or(u32::MAX);
        self.queues.hide(&held.queue_url, &held.message.receipt, seconds).await
    }

    /// Deletes the message from its queue. One that could not be deleted is given back at the end.
    pub(super) async fn delete(&mut self, held: &Held) -> Result<(), QueueError> {
        self.queues.delete(&held.queue_url, &held.message.receipt).await?;
        self.held.remove(&name(held));
        Ok(())
    }

    /// Forgets the message: somebody else has it.
    pub(super) fn let_go(&mut self, held: &Held) {
        self.held.remove(&name(held));
    }

    async fn give_back_all(&mut self) {
        let held = std::mem::take(&mut self.held);
        let calls = held.values().map(|held| self.hide(held, Duration::ZERO));
        let failed = stream::iter(calls).buffer_unordered(AT_A_TIME).filter(|given| {
            // What is no longer ours need not be given back.
            std::future::ready(matches!(given, Err(QueueError::Unavailable(_) | QueueError::Refused(_))))
        });
        let failed = failed.count().await;
        if failed > 0 {
            let minutes = HOLD.as_secs() / 60;
            Progress::default().say(&format!(
                "{failed} messages could not be given back; they come back by themselves within {minutes} minutes"
            ));
        }
    }
}

/// Receives until there is nothing left. What was received is handed over also after an error.
async fn look_into(
    queues: &impl ReceiveMessages,
    url: &str,
    interrupt: &Interrupt,
) -> (BTreeMap<Name, Held>, Result<(), CtlError>) {
    let (mut found, begun) = (BTreeMap::new(), Instant::now());
    loop {
        // Between two receives, never within one: what an answer brings must not be lost.
        if interrupt.is_asked() {
            return (found, Err(interrupted()));
        }
        let seconds = u32::try_from(HOLD.as_secs()).unwrap_or(u32::MAX);
        let batch = match queues.receive(url, seconds).await {
            Ok(batch) => batch,
            Err(cause) => return (found, Err(not_received(url, &cause))),
        };
        let held = batch.into_iter().map(|message| Held { queue_url: url.to_owned(), message });
        let before = found.len();
        found.extend(held.map(|held| (name(&held), held)));
        if found.len() == before {
            return (found, Ok(()));
        }
        if begun.elapsed() > LONGEST_LOOK {
            let count = found.len();
            Progress::default().say(&format!("{url}: only the first {count} messages are looked at"));
            return (found, Ok(()));
        }
    }
}

fn name(held: &Held) -> Name {
    (held.queue_url.clone(), held.message.message_id.clone())
}

/// The user wanted an end.
pub(super) fn interrupted() -> CtlError {
    CtlError::Failed("interrupted; what was not done yet was given back".to_owned())
}

fn not_received(url: &str, cause: &QueueError) -> CtlError {
    let causes = with_causes(cause);
    CtlError::Failed(format!("{url} could not be read: {causes}; are region, credentials and the URL right?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use revops_core::fake::MemoryQueues;
    use revops_core::ports::OutgoingMessage;

    async fn queue_of(count: usize) -> MemoryQueues {
        let queues = MemoryQueues::default();
        for number in 0..count {
            let message = OutgoingMessage { body: number.to_string(), ..OutgoingMessage::default() };
            queues.send("dead", message).await.unwrap();
        }
        queues
    }

    async fn can_be_received(queues: &MemoryQueues) -> usize {
        let mut count = 0;
        loop {
            match queues.receive("dead", 1).await.unwrap().len() {
                0 => return count,
                more => count += more,
            }
        }
    }

    #[tokio::test]
    async fn everything_is_looked_at_and_given_back() {
        let queues = queue_of(25).await;
        let nobody = Interrupt::never();
        let seen = with_all_of(&queues, ["dead"].into_iter(), &nobody, async |hands| {
            assert_eq!(can_be_received(&queues).await, 0, "it is ours for now");
            Ok(hands.letters().len())
        });
        assert_eq!(seen.await.unwrap(), 25);
        assert_eq!(can_be_received(&queues).await, 25);
    }

    #[tokio::test]
    async fn everything_is_given_back_after_an_error_too() {
        let queues = queue_of(12).await;
        let nobody = Interrupt::never();
        let failed = with_all_of(&queues, ["dead"].into_iter(), &nobody, async |_| {
            Err::<(), _>(CtlError::Failed("no".to_owned()))
        });
        assert!(failed.await.is_err());
        assert_eq!(can_be_received(&queues).await, 12);
    }

    #[tokio::test]
    async fn what_is_not_wanted_is_given_back_at_once_and_what_was_deleted_never() {
        let queues = queue_of(3).await;
        let nobody = Interrupt::never();
        let worked = with_all_of(&queues, ["dead"].into_iter(), &nobody, async |hands| {
            let letters = hands.letters();
            hands.keep_only(&letters[..2]).await;
            assert_eq!(can_be_received(&queues).await, 1);
            hands.delete(letters[0].first()).await.map_err(|_| interrupted())
        });
        worked.await.unwrap();
        assert_eq!(can_be_received(&queues).await, 1, "one was kept and given back, one is deleted");
    }
}
