//! The state folder: what a stack keeps across restarts and crashes.
//!
//! ```text
//! lock             held while a stack runs; its process id
//! state-version    marks the folder as ours, and says which layout it has
//! queues.db        the queues
//! s3/              the objects, s3/<bucket>/<key>
//! logs/            the functions' output, a file each
//! secrets.json     the made API key and signing secret
//! ready.json       URLs and keys for scripts; there only while the stack is up
//! ```

mod error;
mod lock;
mod private_file;
mod ready;
mod secrets;
#[cfg(test)]
mod tests;
mod version;

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

pub(crate) use error::StateError;
pub(crate) use ready::Ready;
pub(crate) use secrets::Secrets;

/// A state folder that belongs to this process until it is dropped.
pub(crate) struct StateFolder {
    root: PathBuf,
    /// Held, not read: the lock ends with the file, also when the process is killed.
    _lock: File,
}

impl StateFolder {
    /// Takes the folder at `path`, creating it if it is missing. `fresh` empties it first, but only if it is
    /// a state folder: no other folder is ever emptied.
    pub(crate) fn open(path: &Path, fresh: bool) -> Result<Self, StateError> {
        let unusable = |source| StateError::Unusable { path: path.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        let root = path.canonicalize().map_err(unusable)?;
        version::check_is_ours(&root)?;
        let lock = lock::acquire(&root)?;
        if fresh {
            empty(&root).map_err(unusable)?;
        }
        version::check_or_write(&root)?;
        let folder = Self { root, _lock: lock };
        folder.withdraw_ready().map_err(unusable)?;
        for subfolder in [folder.objects(), folder.logs()] {
            fs::create_dir_all(subfolder).map_err(unusable)?;
        }
        Ok(folder)
    }

    /// The queues' database.
    pub(crate) fn queues(&self) -> PathBuf {
        self.root.join("queues.db")
    }

    /// The folder of the buckets.
    pub(crate) fn objects(&self) -> PathBuf {
        self.root.join("s3")
    }

    /// The folder of the functions' log files.
    pub(crate) fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// The API key and signing secret of this folder, made on its first use.
    pub(crate) fn secrets(&self) -> Result<Secrets, StateError> {
        secrets::load_or_make(&self.root.join("secrets.json"))
    }

    /// Where scripts learn that the stack is up.
    pub(crate) fn ready_file(&self) -> PathBuf {
        self.root.join("ready.json")
    }

    /// Tells scripts that the stack is up.
    pub(crate) fn announce_ready(&self, ready: &Ready) -> Result<(), StateError> {
        let path = self.ready_file();
        private_file::write_json(&path, ready).map_err(|source| StateError::Unusable { path, source })
    }

    /// Tells scripts that the stack is not up.
    pub(crate) fn withdraw_ready(&self) -> io::Result<()> {
        match fs::remove_file(self.ready_file()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Removes everything but the lock, which is held.
fn empty(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_name() == lock::FILE_NAME {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
