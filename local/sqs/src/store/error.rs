//! What the store refuses, and what can break under it.

/// A rule of SQS says no. The caller's request is at fault, and repeating it does not help, but for
/// [`Refusal::OverLimit`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("The specified queue does not exist.")]
    QueueDoesNotExist,
    #[error("A queue already exists with the same name and a different value for attribute {0}")]
    QueueExists(&'static str),
    #[error("Dead letter target does not exist.")]
    DeadLetterTargetDoesNotExist,
    #[error("The input receipt handle is not a valid receipt handle.")]
    ReceiptHandleInvalid,
    /// The message is gone, or a newer receive of it exists.
    #[error("Message does not exist or is not available for visibility timeout change.")]
    MessageNotAvailable,
    #[error("The specified message isn't in flight.")]
    MessageNotInflight,
    #[error("Total VisibilityTimeout for the message is beyond the limit [43200 seconds].")]
    VisibilityBeyondLimit,
    #[error("One or more parameters are invalid. Reason: Message must be shorter than {0} bytes.")]
    MessageTooLong(usize),
    /// Too many messages are in flight; deleting some helps.
    #[error("The maximum number of in flight messages is reached.")]
    OverLimit,
    /// `SourceArn` or `DestinationArn`, which names no queue here.
    #[error("The resource that you specified for the {0} parameter doesn't exist.")]
    NoSuchResource(&'static str),
    #[error("Source queue must be configured as a Dead Letter Queue.")]
    NotADeadLetterQueue,
    #[error("Source and destination must be different queues.")]
    MoveOntoItself,
    #[error(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
    )]
    MoveTaskRunning,
}

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// See [`Refusal`].
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// SQLite failed; nothing of the transaction was kept.
    #[error("the queue database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// Another operation of the same transaction failed and took this one with it.
    #[error("the queue database failed and the transaction was rolled back")]
    RolledBack,
    /// The store's thread has ended.
    #[error("the queue database is closed")]
    Closed,
}
