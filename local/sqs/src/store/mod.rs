//! Queues and messages in SQLite: every rule of SQS that is about a message's life.
//!
//! A message is *ready* (a receive may take it), *delayed* (its delay runs) or *in flight* (received, its
//! visibility time-out runs). The last two end by time alone. So every operation first *settles* its
//! queue: whatever has come due becomes ready, whatever is past its retention goes. The store remembers
//! when something comes due next, so settling costs nothing while nothing does, and keeps the counts, so
//! that neither a receive nor the in-flight limit ever has to count rows.
//!
//! Everything here runs inside a transaction that the worker opens. A [`Refusal`] leaves the store
//! consistent, and what was settled may be committed; after a database error the worker rolls back and
//! calls [`Store::reload`].

mod delete;
mod error;
mod move_task;
mod queues;
mod receive;
mod redrive;
mod row;
mod schema;
mod send;
mod settle;
#[cfg(test)]
mod tests;
mod visibility;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use crate::scale::TimeScale;

pub(crate) use error::{Refusal, StoreError};
pub(crate) use move_task::{MoveTaskStatus, StartMove};
pub(crate) use queues::{Queue, Settings};
pub(crate) use receive::Receive;
pub(crate) use schema::{LAYOUT, LayoutError};

/// Most messages of one queue that may be in flight (SQS quotas, standard queues).
const IN_FLIGHT_LIMIT: i64 = 120_000;

/// All queues. See the module for who opens transactions.
pub(crate) struct Store {
    connection: Connection,
    queues: BTreeMap<String, Queue>,
    scale: TimeScale,
    in_flight_limit: i64,
    next_move_ms: Option<i64>,
    touched: BTreeMap<Arc<str>, Touched>,
}

/// What an operation did to a queue that waiting receives want to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Touched {
    /// Messages that became ready.
    pub(crate) ready: usize,
    /// When the next hidden message may become ready; `i64::MAX` = none is hidden.
    pub(crate) next_visible_ms: i64,
}

impl Store {
    /// Opens or creates the database.
    pub(crate) fn open(database: &Path, scale: TimeScale) -> Result<Self, LayoutError> {
        let connection = schema::open(database)?;
        let mut store = Self {
            connection,
            queues: BTreeMap::new(),
            scale,
            in_flight_limit: IN_FLIGHT_LIMIT,
            next_move_ms: None,
            touched: BTreeMap::new(),
        };
        store.reload()?;
        Ok(store)
    }

    /// The connection, for the worker's transactions.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Forgets what is kept in memory and reads it again: at start, and after a rollback.
    pub(crate) fn reload(&mut self) -> rusqlite::Result<()> {
        self.queues = queues::load(&self.connection)?;
        self.next_move_ms = move_task::next_step(&self.connection)?;
        for queue in self.queues.values() {
            note(&mut self.touched, queue, 0);
        }
        Ok(())
    }

    /// Which queues changed since it was last asked.
    pub(crate) fn take_touched(&mut self) -> BTreeMap<Arc<str>, Touched> {
        std::mem::take(&mut self.touched)
    }

    /// When [`Store::step_moves`] has work.
    pub(crate) fn next_move_ms(&self) -> Option<i64> {
        self.next_move_ms
    }

    /// The queue with everything due by `now_ms` done to it.
    pub(crate) fn settled(&mut self, name: &str, now_ms: i64) -> Result<&mut Queue, StoreError> {
        let Self { connection, queues, touched, .. } = self;
        let queue = queues.get_mut(name).ok_or(Refusal::QueueDoesNotExist)?;
        let expected_ms = queue.next_visible_ms;
        let ready = settle::settle(connection, queue, now_ms)?;
        if ready > 0 || queue.next_visible_ms != expected_ms {
            note(touched, queue, ready);
        }
        Ok(queue)
    }

    #[cfg(test)]
    pub(crate) fn limit_in_flight(&mut self, limit: i64) {
        self.in_flight_limit = limit;
    }
}

/// Remembers for the waiting receives that `ready` messages became ready in `queue`, or that its next
/// visible time changed.
fn note(touched: &mut BTreeMap<Arc<str>, Touched>, queue: &Queue, ready: usize) {
    let entry = touched
        .entry(Arc::clone(&queue.name))
        .or_insert(Touched { ready: 0, next_visible_ms: queue.next_visible_ms });
    entry.ready += ready;
    entry.next_visible_ms = queue.next_visible_ms;
}
