//! Errors of setting the service up. What goes wrong in a request is an API error of the protocol; what
//! the store refuses is `store::Refusal`.

use std::path::PathBuf;

/// Why [`crate::Sqs::open`] could not open the queues.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The time scale cannot divide a duration.
    #[error("the time scale must be a finite number above zero, not {0}")]
    TimeScale(f64),
    /// The folder of the database cannot be made.
    #[error("cannot create the folder {folder} of the queue database: {source}")]
    Folder {
        /// The folder that was wanted.
        folder: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// The file is not a database, belongs to a newer version, or cannot be read and written.
    #[error("cannot open the queue database {database}: {source}")]
    Database {
        /// The file.
        database: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The database has a layout that this version does not know.
    #[error("the queue database {database} has layout {found}, this version knows {known}: empty the state")]
    Layout {
        /// The file.
        database: PathBuf,
        /// The layout number in the file.
        found: i64,
        /// The layout number of this version.
        known: i64,
    },
    /// The store's thread could not be started.
    #[error("cannot start the thread of the queue database: {0}")]
    Thread(std::io::Error),
}

/// Why [`crate::Sqs::declare`] refused the queues. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DeclareError {
    /// A setting is outside what SQS allows.
    #[error("queue {queue}: {reason}")]
    Settings {
        /// Name of the queue as given.
        queue: String,
        /// What is wrong, in words.
        reason: String,
    },
    /// The redrive policy names a queue that is neither declared nor there.
    #[error("queue {queue}: its dead-letter queue {dead_letter_queue} does not exist")]
    DeadLetterQueue {
        /// Name of the queue with the policy.
        queue: String,
        /// The missing queue.
        dead_letter_queue: String,
    },
    /// The database failed.
    #[error("cannot declare the queues: {0}")]
    Store(String),
}
