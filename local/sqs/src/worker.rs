//! The store's own thread. Requests queue up in front of it; it takes all that wait into one transaction,
//! commits, and only then answers. So a busy stack pays for few commits, an answer always means
//! "committed", and no request blocks the async runtime.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::store::{Store, StoreError};
use crate::wake::WakeBoard;

/// Most requests in one transaction, so that the first of them is not kept waiting.
const MOST_JOBS: usize = 128;
/// How long the thread sleeps when it has no request and no move task.
const IDLE: Duration = Duration::from_secs(3600);
/// How long move tasks rest after the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// What a job does with the store, and then with its result once the transaction ended.
type Job = Box<dyn FnOnce(&mut Store, i64) -> Finished + Send>;
type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

struct Finished {
    /// Whether the database failed, so that the transaction must not be committed.
    broken: bool,
    reply: Reply,
}

/// Sends work to the store's thread. The thread ends when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Worker {
    jobs: Sender<Job>,
}

impl Worker {
    /// Starts the thread.
    pub(crate) fn start(store: Store, board: Arc<WakeBoard>, clock: Clock) -> std::io::Result<Self> {
        let (jobs, queue) = channel();
        std::thread::Builder::new()
            .name("local-sqs-store".into())
            .spawn(move || Thread { store, board, clock, jobs: queue, failed: false }.run())?;
        Ok(Self { jobs })
    }

    /// Runs `work` with the time of its transaction and returns once that is committed. If the caller goes
    /// away before the work began, it is not done: a client that hung up must not take messages.
    pub(crate) async fn call<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&mut Store, i64) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = move |store: &mut Store, now_ms: i64| {
            if answer.is_closed() {
                return Finished { broken: false, reply: Box::new(|_| {}) };
            }
            finish(work(store, now_ms), move |result| {
                let _ = answer.send(result);
            })
        };
        self.jobs.send(Box::new(job)).map_err(|_| StoreError::Closed)?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// As [`Worker::call`], for callers outside of async code. Blocks for the length of a transaction.
    pub(crate) fn call_blocking<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&mut Store, i64) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = channel();
        let job = move |store: &mut Store, now_ms: i64| {
            finish(work(store, now_ms), move |result| {
                let _ = answer.send(result);
            })
        };
        self.jobs.send(Box::new(job)).map_err(|_| StoreError::Closed)?;
        answered.recv().unwrap_or(Err(StoreError::Closed))
    }
}

fn finish<T: Send + 'static>(
    result: Result<T, StoreError>,
    answer: impl FnOnce(Result<T, StoreError>) + Send + 'static,
) -> Finished {
    let broken = matches!(result, Err(StoreError::Database(_)));
    let reply = move |committed: Result<(), StoreError>| match (committed, result) {
        (Err(_), Err(own)) => answer(Err(own)),
        (Err(error), Ok(_)) => answer(Err(error)),
        (Ok(()), result) => answer(result),
    };
    Finished { broken, reply: Box::new(reply) }
}

struct Thread {
    store: Store,
    board: Arc<WakeBoard>,
    clock: Clock,
    jobs: Receiver<Job>,
    /// Whether the last transaction failed.
    failed: bool,
}

impl Thread {
    fn run(mut self) {
        self.board.publish(self.store.take_touched());
        loop {
            let first = match self.jobs.recv_timeout(self.until_next_move()) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            self.transaction(first);
        }
    }

    fn until_next_move(&self) -> Duration {
        let least = if self.failed { AFTER_FAILURE } else { Duration::ZERO };
        self.store.next_move_ms().map_or(IDLE, |next_ms| {
            Duration::from_millis(u64::try_from(next_ms - (self.clock)()).unwrap_or(0)).clamp(least, IDLE)
        })
    }

    fn transaction(&mut self, first: Option<Job>) {
        let mut replies = Vec::new();
        let outcome = self.work(first, &mut replies);
        self.failed = outcome.is_err();
        if let Err(error) = &outcome {
            tracing::error!(%error, "the queue database failed; rolling back");
            self.roll_back();
        }
        self.board.publish(self.store.take_touched());
        for reply in replies {
            reply(outcome.as_ref().copied().map_err(|_| StoreError::RolledBack));
        }
    }

    /// Begins, runs what waits, commits. An error means that nothing is committed.
    fn work(&mut self, first: Option<Job>, replies: &mut Vec<Reply>) -> Result<(), StoreError> {
        // If this fails, the first job is dropped unrun, and its caller learns that the store is closed.
        self.store.connection().execute_batch("BEGIN IMMEDIATE")?;
        let now_ms = (self.clock)();
        let waiting = first.into_iter().chain(std::iter::from_fn(|| self.jobs.try_recv().ok()));
        for job in waiting.take(MOST_JOBS) {
            let finished = job(&mut self.store, now_ms);
            replies.push(finished.reply);
            if finished.broken {
                return Err(StoreError::RolledBack);
            }
        }
        if self.store.next_move_ms().is_some_and(|next_ms| next_ms <= now_ms) {
            self.store.step_moves(now_ms)?;
        }
        Ok(self.store.connection().execute_batch("COMMIT")?)
    }

    fn roll_back(&mut self) {
        // Fails when no transaction is open, which is what is wanted.
        let _ = self.store.connection().execute_batch("ROLLBACK");
        if let Err(error) = self.store.reload() {
            tracing::error!(%error, "the queue database cannot be read");
        }
    }
}
