//! StartMessageMoveTask: messages of a dead-letter queue go back, some at a time.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::settle::count;
use super::{Refusal, Store, StoreError, note};

/// Messages that a task without a rate moves in one step; others get their turn between steps.
const STEP: i64 = 200;
/// Steps that a task with a rate spreads a second's messages over.
const STEPS_A_SECOND: i64 = 10;
/// Failure reason of a task whose source or destination was deleted.
const NO_QUEUE: &str = "AWS.SimpleQueueService.NonExistentQueue";
/// Failure reason of a task without a destination that meets a message which no policy moved there.
const NO_SOURCE: &str = "CouldNotDetermineMessageSource";

/// What StartMessageMoveTask asks for, with the queues named.
#[derive(Clone, Debug)]
pub(crate) struct StartMove {
    pub(crate) source: String,
    /// Where to; each message's own source when absent.
    pub(crate) destination: Option<String>,
    /// At most this many a second, 1 to 500; as fast as it goes when absent.
    pub(crate) per_second: Option<i64>,
    /// Opaque name of the task.
    pub(crate) handle: String,
}

/// A task as ListMessageMoveTasks shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MoveTaskStatus {
    pub(crate) handle: String,
    /// `RUNNING`, `COMPLETED` or `FAILED`.
    pub(crate) status: String,
    pub(crate) source: String,
    pub(crate) destination: Option<String>,
    pub(crate) per_second: Option<i64>,
    pub(crate) moved: i64,
    pub(crate) to_move: i64,
    pub(crate) failure: Option<String>,
    pub(crate) started_ms: i64,
}

struct Running {
    id: i64,
    source: String,
    destination: Option<String>,
    per_second: Option<i64>,
}

/// How a step ended.
enum Step {
    Continues { moved: i64 },
    Completed { moved: i64 },
    Failed { moved: i64, reason: &'static str },
}

impl Store {
    /// Starts a task. Its first step is due at once; see [`Store::step_moves`].
    pub(crate) fn start_move(&mut self, start: &StartMove, now_ms: i64) -> Result<(), StoreError> {
        if !self.queues.contains_key(&start.source) {
            return Err(Refusal::NoSuchResource("SourceArn").into());
        }
        if start.destination.as_ref().is_some_and(|name| !self.queues.contains_key(name)) {
            return Err(Refusal::NoSuchResource("DestinationArn").into());
        }
        if start.destination.as_ref() == Some(&start.source) {
            return Err(Refusal::MoveOntoItself.into());
        }
        let is_target = |redrive: &crate::options::RedrivePolicy| redrive.dead_letter_queue == start.source;
        if !self.queues.values().any(|queue| queue.settings.redrive.as_ref().is_some_and(is_target)) {
            return Err(Refusal::NotADeadLetterQueue.into());
        }
        if self.is_moving(&start.source)? {
            return Err(Refusal::MoveTaskRunning.into());
        }
        let to_move = self.settled(&start.source, now_ms)?.counts.ready;
        self.connection.execute(
            "INSERT INTO move_task (handle, source, destination, per_second, status, to_move, started_ms,
                 next_step_ms) VALUES (?1, ?2, ?3, ?4, 'RUNNING', ?5, ?6, ?6)",
            params![start.handle, start.source, start.destination, start.per_second, to_move, now_ms],
        )?;
        self.next_move_ms = Some(self.next_move_ms.unwrap_or(now_ms).min(now_ms));
        Ok(())
    }

    fn is_moving(&self, source: &str) -> rusqlite::Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM move_task WHERE source = ?1 AND status = 'RUNNING'")?
            .exists([source])
    }

    /// The newest `maximum` tasks of a source queue, newest first.
    pub(crate) fn list_moves(&self, source: &str, maximum: usize) -> Result<Vec<MoveTaskStatus>, StoreError> {
        if !self.queues.contains_key(source) {
            return Err(Refusal::NoSuchResource("SourceArn").into());
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT handle, status, source, destination, per_second, moved, to_move, failure, started_ms
             FROM move_task WHERE source = ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let tasks = statement.query_map(params![source, count(maximum)], status_of)?;
        Ok(tasks.collect::<Result<_, _>>()?)
    }

    /// Does the next step of every task that is due. A stack that was killed goes on where it was.
    pub(crate) fn step_moves(&mut self, now_ms: i64) -> Result<(), StoreError> {
        for task in due(&self.connection, now_ms)? {
            let step = self.step(&task, now_ms)?;
            let pause_ms = task.per_second.map_or(0, |rate| step_size(Some(rate)) * 1000 / rate.max(1));
            let (moved, status, reason) = match step {
                Step::Continues { moved } => (moved, "RUNNING", None),
                Step::Completed { moved } => (moved, "COMPLETED", None),
                Step::Failed { moved, reason } => (moved, "FAILED", Some(reason)),
            };
            self.connection
                .prepare_cached(
                    "UPDATE move_task SET moved = moved + ?2, status = ?3, failure = ?4, next_step_ms = ?5
                     WHERE id = ?1",
                )?
                .execute(params![task.id, moved, status, reason, now_ms + pause_ms])?;
        }
        self.next_move_ms = next_step(&self.connection)?;
        Ok(())
    }

    fn step(&mut self, task: &Running, now_ms: i64) -> Result<Step, StoreError> {
        if !self.queues.contains_key(&task.source) {
            return Ok(Step::Failed { moved: 0, reason: NO_QUEUE });
        }
        let source = self.settled(&task.source, now_ms)?.id;
        let size = step_size(task.per_second);
        let messages = ready_messages(&self.connection, source, size)?;
        let last = count(messages.len()) < size;
        let mut moved = 0;
        for (row, own_source) in messages {
            let Some(destination) = task.destination.clone().or(own_source) else {
                return Ok(Step::Failed { moved, reason: NO_SOURCE });
            };
            if !self.move_message(row, &task.source, &destination, now_ms)? {
                return Ok(Step::Failed { moved, reason: NO_QUEUE });
            }
            moved += 1;
        }
        Ok(if last { Step::Completed { moved } } else { Step::Continues { moved } })
    }

    /// Moves one message; `false` when the destination does not exist. A moved message is a new one to SQS:
    /// new id, sent now, never received (developer guide, "dead-letter queue redrive").
    fn move_message(
        &mut self,
        row: i64,
        source: &str,
        destination: &str,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let Self { connection, queues, touched, .. } = self;
        let Some(target) = queues.get_mut(destination) else { return Ok(false) };
        connection
            .prepare_cached(
                "UPDATE message SET queue = ?2, message_id = ?3, state = 0, visible_ms = ?4, sent_ms = ?4,
                     received_ms = NULL, first_received_ms = NULL, receive_count = 0, receipt = NULL,
                     dead_letter_source = NULL
                 WHERE id = ?1",
            )?
            .execute(params![row, target.id, Uuid::new_v4().to_string(), now_ms])?;
        target.counts.ready += 1;
        target.oldest_sent_ms = target.oldest_sent_ms.min(now_ms);
        note(touched, target, 1);
        if let Some(source) = queues.get_mut(source) {
            source.counts.ready -= 1;
        }
        Ok(true)
    }
}

fn step_size(per_second: Option<i64>) -> i64 {
    per_second.map_or(STEP, |rate| (rate / STEPS_A_SECOND).max(1))
}

/// When the next step of any task is due.
pub(super) fn next_step(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT min(next_step_ms) FROM move_task WHERE status = 'RUNNING'")?
        .query_row([], |row| row.get::<_, Option<i64>>(0))
        .optional()
        .map(Option::flatten)
}

fn due(connection: &Connection, now_ms: i64) -> rusqlite::Result<Vec<Running>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, source, destination, per_second FROM move_task
         WHERE status = 'RUNNING' AND next_step_ms <= ?1 ORDER BY id",
    )?;
    let running = statement.query_map([now_ms], |row| {
        Ok(Running {
            id: row.get(0)?,
            source: row.get(1)?,
            destination: row.get(2)?,
            per_second: row.get(3)?,
        })
    })?;
    running.collect()
}

fn ready_messages(
    connection: &Connection,
    queue: i64,
    maximum: i64,
) -> rusqlite::Result<Vec<(i64, Option<String>)>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, dead_letter_source FROM message WHERE queue = ?1 AND state = 0
         ORDER BY group_id, visible_ms, id LIMIT ?2",
    )?;
    let rows = statement.query_map(params![queue, maximum], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

fn status_of(row: &Row<'_>) -> rusqlite::Result<MoveTaskStatus> {
    Ok(MoveTaskStatus {
        handle: row.get(0)?,
        status: row.get(1)?,
        source: row.get(2)?,
        destination: row.get(3)?,
        per_second: row.get(4)?,
        moved: row.get(5)?,
        to_move: row.get(6)?,
        failure: row.get(7)?,
        started_ms: row.get(8)?,
    })
}
