//! [`Sqs`], the handle that everything else goes through.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::clock::{Clock, system_clock};
use crate::error::{DeclareError, OpenError};
use crate::message::ReceivedMessage;
use crate::names::{Names, is_queue_name};
use crate::options::{QueueSettings, SqsOptions};
use crate::scale::TimeScale;
use crate::store::{LayoutError, Receive, Refusal, Settings, Store, StoreError};
use crate::wake::WakeBoard;
use crate::worker::Worker;

/// The embedded SQS. Clones share the same queues; the last clone that is dropped closes them.
#[derive(Clone)]
pub struct Sqs {
    names: Arc<Names>,
    worker: Worker,
    board: Arc<WakeBoard>,
    clock: Clock,
}

impl std::fmt::Debug for Sqs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sqs").field("names", &self.names).finish_non_exhaustive()
    }
}

impl Sqs {
    /// Opens the queues in `options.database` as they were left, or an empty database. Messages that were
    /// in flight stay in flight until their visibility ends, and move tasks go on.
    ///
    /// # Errors
    /// [`OpenError`] says which file or setting is at fault.
    pub fn open(options: SqsOptions) -> Result<Self, OpenError> {
        Self::open_with_clock(options, system_clock())
    }

    pub(crate) fn open_with_clock(options: SqsOptions, clock: Clock) -> Result<Self, OpenError> {
        let scale = TimeScale::new(options.time_scale).ok_or(OpenError::TimeScale(options.time_scale))?;
        if let Some(folder) = options.database.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|source| OpenError::Folder { folder: folder.to_owned(), source })?;
        }
        let database = || options.database.clone();
        let store = Store::open(&options.database, scale).map_err(|error| match error {
            LayoutError::Database(source) => OpenError::Database { database: database(), source },
            LayoutError::Unknown(found) => {
                OpenError::Layout { database: database(), found, known: crate::store::LAYOUT }
            }
        })?;
        let board = Arc::new(WakeBoard::default());
        let worker =
            Worker::start(store, Arc::clone(&board), Arc::clone(&clock)).map_err(OpenError::Thread)?;
        Ok(Self { names: Arc::new(Names::new(&options)), worker, board, clock })
    }

    /// Makes the queues that are missing and changes the settings of the others to match; messages stay.
    /// All or nothing. Blocks for one transaction.
    ///
    /// # Errors
    /// A setting that SQS does not allow, or a redrive policy whose dead-letter queue is neither declared
    /// nor there.
    pub fn declare(&self, queues: &[QueueSettings]) -> Result<(), DeclareError> {
        let checked: Vec<(String, Settings)> = queues.iter().map(checked).collect::<Result<_, _>>()?;
        let outcome = self.worker.call_blocking(move |store, now_ms| declare(store, &checked, now_ms));
        outcome.map_err(|error| DeclareError::Store(error.to_string()))?
    }

    /// The queue's URL, whether or not the queue exists.
    pub fn queue_url(&self, name: &str) -> String {
        self.names.url(name)
    }

    /// The queue's ARN, whether or not the queue exists.
    pub fn queue_arn(&self, name: &str) -> String {
        self.names.arn(name)
    }

    /// The SQS API: `POST /` (and `POST /<account>/<queue>`) with an `x-amz-target` header.
    pub fn router(&self) -> axum::Router {
        crate::protocol::router(self.clone())
    }

    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// Runs `work` on the store; see [`Worker::call`].
    pub(crate) async fn call<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&mut Store, i64) -> Result<T, StoreError> + Send + 'static,
    {
        self.worker.call(work).await
    }

    /// Receives, and waits up to `wait` for the first message. As at AWS, a short poll says when too many
    /// messages are in flight, a long poll just finds nothing.
    pub(crate) async fn receive(
        &self,
        queue: &str,
        receive: Receive,
        wait: Duration,
    ) -> Result<Vec<ReceivedMessage>, StoreError> {
        let deadline = Instant::now() + wait;
        let wake = self.board.queue(queue);
        let name: Arc<str> = queue.into();
        loop {
            // Registered before the store is asked: a message that comes in between is not missed.
            let ready = wake.ready.notified();
            tokio::pin!(ready);
            ready.as_mut().enable();
            let name = Arc::clone(&name);
            let found = match self.call(move |store, now_ms| store.receive(&name, receive, now_ms)).await {
                Err(StoreError::Refused(Refusal::OverLimit)) if !wait.is_zero() => Vec::new(),
                other => other?,
            };
            if !found.is_empty() || Instant::now() >= deadline {
                return Ok(found);
            }
            tokio::select! {
                () = ready => {}
                () = wake.something_due(&self.clock, deadline) => {}
            }
        }
    }
}

fn declare(
    store: &mut Store,
    queues: &[(String, Settings)],
    now_ms: i64,
) -> Result<Result<(), DeclareError>, StoreError> {
    for (name, settings) in queues {
        let Some(policy) = &settings.redrive else { continue };
        let target = &policy.dead_letter_queue;
        if store.queue(target).is_err() && !queues.iter().any(|(declared, _)| declared == target) {
            return Ok(Err(DeclareError::DeadLetterQueue {
                queue: name.clone(),
                dead_letter_queue: target.clone(),
            }));
        }
    }
    for (name, settings) in queues {
        store.put_queue(name, settings, now_ms)?;
    }
    Ok(Ok(()))
}

/// The declared settings, if SQS allows them. Sub-second times are kept: it is the caller's machine.
fn checked(queue: &QueueSettings) -> Result<(String, Settings), DeclareError> {
    let QueueSettings { name, visibility_timeout, message_retention, delay, redrive } = queue;
    let refuse = |reason: &str| DeclareError::Settings { queue: name.clone(), reason: reason.to_owned() };
    if !is_queue_name(name) {
        return Err(refuse("a name has 1 to 80 letters, digits, - and _"));
    }
    let milliseconds = |duration: &Duration, most_seconds: u64, reason: &str| {
        i64::try_from(duration.as_millis())
            .ok()
            .filter(|_| *duration <= Duration::from_secs(most_seconds))
            .ok_or_else(|| refuse(reason))
    };
    if redrive.as_ref().is_some_and(|policy| !(1..=1000).contains(&policy.max_receive_count)) {
        return Err(refuse("the redrive policy's max_receive_count must be 1 to 1,000"));
    }
    if message_retention.is_zero() {
        return Err(refuse("message_retention must not be zero"));
    }
    let settings = Settings {
        visibility_ms: milliseconds(visibility_timeout, 43_200, "visibility_timeout is at most 12 hours")?,
        retention_ms: milliseconds(message_retention, 1_209_600, "message_retention is at most 14 days")?,
        delay_ms: milliseconds(delay, 900, "delay is at most 15 minutes")?,
        redrive: redrive.clone(),
        ..Settings::default()
    };
    Ok((name.clone(), settings))
}
