//! Why a state folder cannot be used, and what to do about it.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A state folder that the stack cannot run on.
#[derive(Debug, Error)]
pub(crate) enum StateError {
    #[error("cannot use {}: {source}; choose another folder with --state DIR", path.display())]
    Unusable { path: PathBuf, source: io::Error },
    #[error("another stack{} uses {}; stop it, or choose another folder with --state DIR", process(*pid), path.display())]
    InUse { path: PathBuf, pid: Option<u32> },
    #[error(
        "{} is neither empty nor a state folder of this stack, so it is left alone; choose another folder with --state DIR",
        path.display()
    )]
    NotOurs { path: PathBuf },
    #[error(
        "{} was written by another version of the stack ({found}; this one writes {supported}); empty it with --fresh",
        path.display()
    )]
    OtherVersion { path: PathBuf, found: String, supported: u32 },
    #[error("{} is damaged ({problem}); empty the state folder with --fresh", path.display())]
    Damaged { path: PathBuf, problem: String },
}

fn process(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}
