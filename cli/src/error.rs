//! Errors that say what to do next, and the exit codes that scripts rely on: 0 ok, 1 failed, 2 usage,
//! 3 not found.

/// Why a command ended without its result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CtlError {
    /// The call's words or the surroundings are not usable.
    #[error("{0}")]
    Usage(String),
    /// What was asked for is not there.
    #[error("{0}")]
    NotFound(String),
    /// The gateway or AWS refused or did not answer.
    #[error("{0}")]
    Failed(String),
    /// The terminal or the pipe was closed.
    #[error("the output could not be written: {0}")]
    Output(#[from] std::io::Error),
}

impl CtlError {
    /// The process's exit code.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Failed(_) | Self::Output(_) => 1,
            Self::Usage(_) => 2,
            Self::NotFound(_) => 3,
        }
    }
}
