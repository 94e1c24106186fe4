//! Queues: making, changing, listing, emptying and removing them, and what is known of each in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Refusal, Store, StoreError, note, settle};
use crate::glance::QueueGlance;
use crate::options::RedrivePolicy;

/// A queue's attributes that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) visibility_ms: i64,
    pub(crate) retention_ms: i64,
    /// Not scaled.
    pub(crate) delay_ms: i64,
    pub(crate) wait_ms: i64,
    pub(crate) maximum_bytes: usize,
    pub(crate) redrive: Option<RedrivePolicy>,
}

impl Default for Settings {
    /// What CreateQueue assumes (API reference).
    fn default() -> Self {
        Self {
            visibility_ms: 30_000,
            retention_ms: 4 * 24 * 3_600_000,
            delay_ms: 0,
            wait_ms: 0,
            maximum_bytes: 1_048_576,
            redrive: None,
        }
    }
}

impl Settings {
    /// The first attribute in which two queues differ.
    fn difference(&self, other: &Self) -> Option<&'static str> {
        let Self { visibility_ms, retention_ms, delay_ms, wait_ms, maximum_bytes, redrive } = self;
        [
            (*visibility_ms != other.visibility_ms, "VisibilityTimeout"),
            (*retention_ms != other.retention_ms, "MessageRetentionPeriod"),
            (*delay_ms != other.delay_ms, "DelaySeconds"),
            (*wait_ms != other.wait_ms, "ReceiveMessageWaitTimeSeconds"),
            (*maximum_bytes != other.maximum_bytes, "MaximumMessageSize"),
            (*redrive != other.redrive, "RedrivePolicy"),
        ]
        .into_iter()
        .find_map(|(differs, attribute)| differs.then_some(attribute))
    }
}

/// How many messages of a queue are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) ready: i64,
    pub(crate) delayed: i64,
    pub(crate) in_flight: i64,
}

/// A queue and what the store knows of it without asking the database.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    pub(super) id: i64,
    pub(crate) name: Arc<str>,
    pub(crate) settings: Settings,
    pub(crate) created_ms: i64,
    pub(crate) modified_ms: i64,
    pub(crate) counts: Counts,
    /// No hidden message becomes visible before this.
    pub(super) next_visible_ms: i64,
    /// No message was sent before this, so none expires before this plus the retention.
    pub(super) oldest_sent_ms: i64,
    /// The group that a receive served last.
    pub(super) last_group: String,
}

impl Store {
    /// The queue called `name`, as it was when it was last settled.
    pub(crate) fn queue(&self, name: &str) -> Result<&Queue, StoreError> {
        Ok(self.queues.get(name).ok_or(Refusal::QueueDoesNotExist)?)
    }

    /// Names of all queues in order.
    pub(crate) fn queue_names(&self) -> impl Iterator<Item = &str> {
        self.queues.keys().map(String::as_str)
    }

    /// What is in the queue called `name`.
    pub(crate) fn glance(&mut self, name: &str, now_ms: i64) -> Result<QueueGlance, StoreError> {
        let queue = self.settled(name, now_ms)?.clone();
        let oldest: Option<i64> = self
            .connection
            .prepare_cached("SELECT min(sent_ms) FROM message WHERE queue = ?1")?
            .query_row([queue.id], |row| row.get(0))?;
        Ok(QueueGlance {
            queue: queue.name.to_string(),
            waiting: queue.counts.ready,
            in_flight: queue.counts.in_flight,
            delayed: queue.counts.delayed,
            oldest_seconds: oldest.map(|sent_ms| (now_ms - sent_ms).max(0) / 1000),
            dead_letter_queue: queue.settings.redrive.map(|redrive| redrive.dead_letter_queue),
        })
    }

    /// CreateQueue: a queue that exists already must have the same settings.
    pub(crate) fn create_queue(
        &mut self,
        name: &str,
        settings: &Settings,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        if let Some(existing) = self.queues.get(name) {
            return match existing.settings.difference(settings) {
                Some(attribute) => Err(Refusal::QueueExists(attribute).into()),
                None => Ok(()),
            };
        }
        self.check_target(settings)?;
        self.put_queue(name, settings, now_ms)
    }

    /// SetQueueAttributes.
    pub(crate) fn change_queue(
        &mut self,
        name: &str,
        settings: &Settings,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.queue(name)?;
        self.check_target(settings)?;
        self.put_queue(name, settings, now_ms)
    }

    /// Writes a queue, new or known, without looking at its dead-letter queue.
    pub(crate) fn put_queue(
        &mut self,
        name: &str,
        settings: &Settings,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let redrive = settings.redrive.as_ref();
        self.connection
            .prepare_cached(
                "INSERT INTO queue (name, visibility_ms, retention_ms, delay_ms, wait_ms, maximum_bytes,
                     dead_letter_queue, max_receive_count, created_ms, modified_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)
                 ON CONFLICT (name) DO UPDATE SET visibility_ms = ?2, retention_ms = ?3, delay_ms = ?4,
                     wait_ms = ?5, maximum_bytes = ?6, dead_letter_queue = ?7, max_receive_count = ?8,
                     modified_ms = ?9",
            )?
            .execute(params![
                name,
                settings.visibility_ms,
                settings.retention_ms,
                settings.delay_ms,
                settings.wait_ms,
                i64::try_from(settings.maximum_bytes).unwrap_or(i64::MAX),
                redrive.map(|policy| &policy.dead_letter_queue),
                redrive.map(|policy| policy.max_receive_count),
                now_ms,
            ])?;
        if let Some(known) = self.queues.get_mut(name) {
            known.settings = settings.clone();
            known.modified_ms = now_ms;
        } else if let Some(made) = load_one(&self.connection, name)? {
            self.queues.insert(name.to_owned(), made);
        }
        Ok(())
    }

    fn check_target(&self, settings: &Settings) -> Result<(), StoreError> {
        match &settings.redrive {
            Some(policy) if !self.queues.contains_key(&policy.dead_letter_queue) => {
                Err(Refusal::DeadLetterTargetDoesNotExist.into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// PurgeQueue. AWS takes up to a minute and allows one call a minute; here it is done at once.
    pub(crate) fn purge_queue(&mut self, name: &str) -> Result<(), StoreError> {
        let Self { connection, queues, touched, .. } = self;
        let queue = queues.get_mut(name).ok_or(Refusal::QueueDoesNotExist)?;
        connection.prepare_cached("DELETE FROM message WHERE queue = ?1")?.execute([queue.id])?;
        queue.counts = Counts::default();
        queue.next_visible_ms = i64::MAX;
        queue.oldest_sent_ms = i64::MAX;
        note(touched, queue, 0);
        Ok(())
    }

    /// DeleteQueue: the queue and its messages.
    pub(crate) fn delete_queue(&mut self, name: &str) -> Result<(), StoreError> {
        self.purge_queue(name)?;
        self.connection.prepare_cached("DELETE FROM queue WHERE name = ?1")?.execute([name])?;
        self.queues.remove(name);
        Ok(())
    }
}

const COLUMNS: &str = "SELECT id, name, visibility_ms, retention_ms, delay_ms, wait_ms, maximum_bytes,
    dead_letter_queue, max_receive_count, created_ms, modified_ms FROM queue";

/// Every queue with its counts.
pub(super) fn load(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Queue>> {
    let mut statement = connection.prepare_cached(COLUMNS)?;
    let queues: Vec<Queue> = statement.query_map([], from_row)?.collect::<Result<_, _>>()?;
    queues
        .into_iter()
        .map(|queue| Ok((queue.name.as_ref().to_owned(), settle::counted(connection, queue)?)))
        .collect()
}

fn load_one(connection: &Connection, name: &str) -> rusqlite::Result<Option<Queue>> {
    let found = connection
        .prepare_cached(&format!("{COLUMNS} WHERE name = ?1"))?
        .query_row([name], from_row)
        .optional()?;
    found.map(|queue| settle::counted(connection, queue)).transpose()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Queue> {
    let dead_letter_queue: Option<String> = row.get(7)?;
    let max_receive_count: Option<u32> = row.get(8)?;
    let maximum_bytes: i64 = row.get(6)?;
    Ok(Queue {
        id: row.get(0)?,
        name: row.get::<_, String>(1)?.into(),
        settings: Settings {
            visibility_ms: row.get(2)?,
            retention_ms: row.get(3)?,
            delay_ms: row.get(4)?,
            wait_ms: row.get(5)?,
            maximum_bytes: usize::try_from(maximum_bytes).unwrap_or(usize::MAX),
            redrive: dead_letter_queue.zip(max_receive_count).map(
                |(dead_letter_queue, max_receive_count)| RedrivePolicy {
                    dead_letter_queue,
                    max_receive_count,
                },
            ),
        },
        created_ms: row.get(9)?,
        modified_ms: row.get(10)?,
        counts: Counts::default(),
        next_visible_ms: i64::MAX,
        oldest_sent_ms: i64::MAX,
        last_group: String::new(),
    })
}
