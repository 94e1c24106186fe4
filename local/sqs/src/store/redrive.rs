//! The redrive policy: a message that was received too often moves to the dead-letter queue.

use std::sync::Arc;

use rusqlite::{Connection, params};

use super::queues::Queue;
use super::{Store, StoreError, note};

/// Where a queue's policy sends what was received too often.
pub(super) struct Target {
    queue: i64,
    name: Arc<str>,
    pub(super) max_receive_count: i64,
}

/// What one receive moved.
pub(super) struct Moved {
    messages: usize,
    oldest_sent_ms: i64,
}

impl Default for Moved {
    fn default() -> Self {
        Self { messages: 0, oldest_sent_ms: i64::MAX }
    }
}

impl Moved {
    /// Moves one ready message. It keeps its id, its receive count and the time it was sent: retention
    /// runs on (developer guide, "Understanding message retention periods for dead-letter queues").
    pub(super) fn take(
        &mut self,
        connection: &Connection,
        source: &mut Queue,
        target: &Target,
        row: i64,
        sent_ms: i64,
        now_ms: i64,
    ) -> rusqlite::Result<()> {
        connection
            .prepare_cached(
                "UPDATE message SET queue = ?2, visible_ms = ?3, receipt = NULL, dead_letter_source = ?4
                 WHERE id = ?1",
            )?
            .execute(params![row, target.queue, now_ms, source.name.as_ref()])?;
        source.counts.ready -= 1;
        self.messages += 1;
        self.oldest_sent_ms = self.oldest_sent_ms.min(sent_ms);
        Ok(())
    }
}

impl Store {
    /// The queue's dead-letter queue, if it has a policy and the target exists and is another queue.
    pub(super) fn redrive_target(&self, name: &str) -> Result<Option<Target>, StoreError> {
        let Some(policy) = &self.queue(name)?.settings.redrive else { return Ok(None) };
        Ok(self.queues.get(&policy.dead_letter_queue).filter(|target| target.name.as_ref() != name).map(
            |target| Target {
                queue: target.id,
                name: Arc::clone(&target.name),
                max_receive_count: i64::from(policy.max_receive_count),
            },
        ))
    }

    /// Books what arrived in the dead-letter queue.
    pub(super) fn dead_lettered(&mut self, target: &Target, moved: Moved) {
        let Self { queues, touched, .. } = self;
        if moved.messages == 0 {
            return;
        }
        if let Some(queue) = queues.get_mut(target.name.as_ref()) {
            queue.counts.ready += super::settle::count(moved.messages);
            queue.oldest_sent_ms = queue.oldest_sent_ms.min(moved.oldest_sent_ms);
            note(touched, queue, moved.messages);
        }
    }
}
