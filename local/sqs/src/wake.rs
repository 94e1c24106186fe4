//! Who waits for messages, and how they learn that there are some.
//!
//! A send wakes one waiting receive for each message. When the next message becomes visible by time is
//! published once for each queue; every waiting receive keeps a timer for it. Nobody polls.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, sleep_until};

use crate::clock::Clock;
use crate::store::Touched;

/// Most waiting receives woken at once by one transaction; each of them may take several messages.
const MOST_WOKEN: usize = 64;

/// Wake-up state of all queues.
#[derive(Default)]
pub(crate) struct WakeBoard {
    queues: Mutex<HashMap<Arc<str>, Arc<QueueWake>>>,
}

/// Wake-up state of one queue.
pub(crate) struct QueueWake {
    /// Notified when messages become ready.
    pub(crate) ready: Notify,
    /// When the next hidden message may become ready, in milliseconds since the epoch.
    next_visible_ms: watch::Sender<i64>,
}

impl WakeBoard {
    /// The state of `queue`, made when first asked for.
    pub(crate) fn queue(&self, queue: &str) -> Arc<QueueWake> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = queues.get(queue) {
            return Arc::clone(known);
        }
        let made =
            Arc::new(QueueWake { ready: Notify::new(), next_visible_ms: watch::Sender::new(i64::MAX) });
        queues.insert(queue.into(), Arc::clone(&made));
        made
    }

    /// Tells the waiting receives what a committed transaction did.
    pub(crate) fn publish(&self, touched: BTreeMap<Arc<str>, Touched>) {
        for (name, touched) in touched {
            let queue = self.queue(&name);
            queue.next_visible_ms.send_if_modified(|known| {
                let changed = *known != touched.next_visible_ms;
                *known = touched.next_visible_ms;
                changed
            });
            for _ in 0..touched.ready.min(MOST_WOKEN) {
                queue.ready.notify_one();
            }
        }
    }
}

impl QueueWake {
    /// Returns when a hidden message may have become visible, or at `deadline`.
    pub(crate) async fn something_due(&self, clock: &Clock, deadline: Instant) {
        let mut next_visible = self.next_visible_ms.subscribe();
        loop {
            let wait_ms = next_visible.borrow_and_update().saturating_sub(clock());
            let wait = Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0)).min(MOST_WAIT);
            tokio::select! {
                () = sleep_until(deadline) => return,
                () = sleep(wait) => return,
                _ = next_visible.changed() => {}
            }
        }
    }
}

/// Longest single timer; waiting receives are shorter, and `Instant` cannot hold every duration.
const MOST_WAIT: Duration = Duration::from_secs(3600);
