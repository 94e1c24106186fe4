//! Why the stack does not start.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::build::BuildError;
use crate::environment::EnvironmentError;
use crate::state::StateError;
use sam_template::TemplateError;

/// A start that failed. Every message says what to do.
#[derive(Debug, Error)]
pub(crate) enum StackError {
    #[error("no workspace here or above; start in its folder, or give both --template and --bin-dir")]
    NoWorkspace,
    #[error("cannot read the template {}: {source}", path.display())]
    TemplateUnreadable { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Template { path: PathBuf, source: TemplateError },
    #[error("{}: {problem}", path.display())]
    TemplateIncomplete { path: PathBuf, problem: &'static str },
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(
        "port {port} of this machine is taken; choose another with {flag} PORT, or {flag} 0 for any free one"
    )]
    PortTaken { port: u16, flag: &'static str },
    #[error("cannot listen on port {port} ({flag}): {source}")]
    Port { port: u16, flag: &'static str, source: io::Error },
    #[error("the queues cannot be opened: {0}; --fresh starts with an empty state folder")]
    Queues(Box<dyn std::error::Error + Send + Sync>),
    #[error("the objects cannot be opened: {0}; --fresh starts with an empty state folder")]
    Objects(io::Error),
    #[error("cannot start: {0}")]
    Runtime(io::Error),
}
