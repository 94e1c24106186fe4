//! Objects as files, with one writer a key at a time.
//!
//! ```text
//! root/<bucket>/<key>            the content, plain
//! root/.meta/<bucket>/….json     metadata that name and bytes do not tell (see `sidecar`)
//! root/.tmp/                     writes on their way; emptied at start
//! ```
//! No bucket name begins with a dot, so the store's own folders cannot be addressed. All calls
//! block on the file system: callers run them off the runtime's threads.

mod key;
mod listing;
mod read;
mod sidecar;
mod walk;
mod write;

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::SystemTime;

pub(crate) use key::KeyError;
pub(crate) use listing::{Listing, ListingRequest, Resume};
pub(crate) use sidecar::Attributes;

use crate::clock::Clock;
use crate::condition::Refusal;
use key::KeyPath;

/// Keys share this many locks: enough that unrelated keys seldom wait for each other.
const LOCKS: usize = 256;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The bucket does not exist: create it first.
    #[error("no such bucket")]
    NoSuchBucket,
    /// There is no object with this key.
    #[error("no such key")]
    NoSuchKey,
    /// The write's condition does not hold.
    #[error("precondition failed")]
    PreconditionFailed,
    /// The key cannot be a file name: choose another.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// One key would be the folder of another (`a` and `a/b`), which plain files cannot hold.
    #[error("one key cannot be the folder of another here")]
    KeyIsFolder,
    /// The file system failed.
    #[error("file system: {0}")]
    Io(#[from] io::Error),
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::PreconditionFailed => Self::PreconditionFailed,
            Refusal::NoSuchKey => Self::NoSuchKey,
        }
    }
}

/// An object without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectInfo {
    /// MD5 of the content, lower-case hex, without quotes.
    pub(crate) etag: String,
    /// Length of the content in bytes.
    pub(crate) size: u64,
    /// When this version was written.
    pub(crate) modified: SystemTime,
    pub(crate) attributes: Attributes,
}

/// The folder and its locks.
pub(crate) struct Store {
    root: PathBuf,
    clock: Clock,
    locks: Vec<RwLock<()>>,
    hasher: RandomState,
    temporary_files: AtomicU64,
}

/// The two files of one object.
struct ObjectFiles {
    content: PathBuf,
    sidecar: PathBuf,
    /// Folders that stay when they are empty.
    keep: [PathBuf; 2],
}

impl Store {
    pub(crate) fn open(root: PathBuf) -> io::Result<Self> {
        let temporary = root.join(".tmp");
        match fs::remove_dir_all(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        fs::create_dir_all(&temporary)?;
        fs::create_dir_all(root.join(".meta"))?;
        Ok(Self {
            root,
            clock: Clock::default(),
            locks: (0..LOCKS).map(|_| RwLock::new(())).collect(),
            hasher: RandomState::new(),
            temporary_files: AtomicU64::new(0),
        })
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Creates the bucket unless it exists.
    pub(crate) fn create_bucket(&self, bucket: &str) -> io::Result<()> {
        fs::create_dir_all(self.bucket_folder(bucket))
    }

    /// The error if there is no such bucket.
    pub(crate) fn require_bucket(&self, bucket: &str) -> Result<(), StoreError> {
        if self.bucket_folder(bucket).is_dir() { Ok(()) } else { Err(StoreError::NoSuchBucket) }
    }

    /// Names and creation times of all buckets, by name.
    pub(crate) fn buckets(&self) -> io::Result<Vec<(String, SystemTime)>> {
        let mut buckets = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if s3s::path::check_bucket_name(&name) && entry.file_type()?.is_dir() {
                let metadata = entry.metadata()?;
                buckets.push((name, metadata.created().or_else(|_| metadata.modified())?));
            }
        }
        buckets.sort();
        Ok(buckets)
    }

    fn bucket_folder(&self, bucket: &str) -> PathBuf {
        self.root.join(bucket)
    }

    fn files(&self, bucket: &str, key: &str) -> Result<ObjectFiles, KeyError> {
        let path = KeyPath::parse(key)?;
        let content = self.bucket_folder(bucket);
        let sidecar = self.root.join(".meta").join(bucket);
        Ok(ObjectFiles {
            content: content.join(path.content),
            sidecar: sidecar.join(path.sidecar),
            keep: [content, sidecar],
        })
    }

    fn lock(&self, content: &Path) -> &RwLock<()> {
        let hash = self.hasher.hash_one(content);
        &self.locks[usize::try_from(hash % LOCKS as u64).unwrap_or(0)]
    }

    /// Nothing is kept behind these locks, so a panic while one is held leaves nothing half-done
    /// that the files themselves would not show.
    fn reading(&self, files: &ObjectFiles) -> RwLockReadGuard<'_, ()> {
        self.lock(&files.content).read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing(&self, files: &ObjectFiles) -> RwLockWriteGuard<'_, ()> {
        self.lock(&files.content).write().unwrap_or_else(PoisonError::into_inner)
    }
}
