//! Why there are no function binaries.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use thiserror::Error;

/// A build that gave no complete set of binaries.
#[derive(Debug, Error)]
pub(crate) enum BuildError {
    #[error("cargo cannot be run: {0}; install Rust, or use binaries built before with --bin-dir DIR")]
    Cargo(io::Error),
    #[error("the functions do not compile (cargo: {status}); its messages are above")]
    Failed { status: ExitStatus },
    #[error("the template names the binary {binary}, but the workspace builds none of that name")]
    NotBuilt { binary: String },
    #[error("there is no binary {binary} in {}; build it, or leave out --bin-dir", folder.display())]
    NotInFolder { binary: String, folder: PathBuf },
}
