//! S3 on one machine: objects are plain files at `root/<bucket>/<key>`, and conditional writes are
//! answered as AWS answers them, because the product's leases, idempotency and create-only records
//! rest on nothing else.
//!
//! ```text
//! http/        the wire: credentials are dropped, aws-chunked is unwrapped, every answer gets a Date
//! operations/  the S3 operations, from the protocol's types to the store and back
//! store/       files on disk: atomic writes, metadata beside the content, one writer a key at a time
//! ```
//!
//! The protocol itself (routing, XML, header names) is `s3s`. Any credentials are accepted, also
//! presigned ones and none at all: the endpoint is bound to loopback by whoever serves it.
//!
//! **Conflicting writers.** AWS answers 412 when a condition does not hold, and may answer 409
//! `ConditionalRequestConflict` when two conditional writes overlap and it cannot tell yet. Here the
//! writers of one key take turns, so that every condition is judged against a settled state: of N
//! racers one wins and the others get 412 (or 404, where AWS says so), never 409.
//!
//! **Durability.** An answered write survives the death of the process, since it is in the kernel's
//! hands by then. It is not synced to the device: a power cut is out of scope.

mod clock;
mod condition;
mod http;
mod operations;
mod store;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use store::{Store, StoreError};

/// The largest object, in bytes (64 MiB). A larger one is refused with `EntityTooLarge`.
pub const MAX_OBJECT_BYTES: usize = 64 * 1024 * 1024;

/// A store of buckets below one folder. Clones share the folder and its locks.
///
/// Two stores on one folder at the same time are not supported: the turns of conflicting writers
/// are taken in memory.
#[derive(Clone)]
pub struct ObjectStore {
    store: Arc<Store>,
}

impl ObjectStore {
    /// Opens the store at `root`, creating the folder if it is missing and removing what an
    /// interrupted write left behind. Objects already there keep their content and metadata.
    ///
    /// # Errors
    /// The folder cannot be created or written.
    pub fn open(root: PathBuf) -> io::Result<Self> {
        Ok(Self { store: Arc::new(Store::open(root)?) })
    }

    /// Creates the bucket unless it exists.
    ///
    /// # Errors
    /// `InvalidInput` for a name that S3 would refuse, otherwise what the file system says.
    pub fn ensure_bucket(&self, name: &str) -> io::Result<()> {
        if !s3s::path::check_bucket_name(name) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{name:?} is no bucket name")));
        }
        self.store.create_bucket(name)
    }

    /// The object's bytes; `None` when there is no such object.
    ///
    /// # Errors
    /// What the file system says.
    pub fn object(&self, bucket: &str, key: &str) -> io::Result<Option<Vec<u8>>> {
        match self.store.get(bucket, key) {
            Ok((_, bytes)) => Ok(Some(bytes)),
            Err(StoreError::Io(error)) => Err(error),
            // The others say in which way it is not there.
            Err(_) => Ok(None),
        }
    }

    /// The names of the folders right below `folder` of the bucket, in order: what `ListObjectsV2` with a
    /// delimiter calls common prefixes, without looking into them.
    ///
    /// # Errors
    /// What the file system says.
    pub fn folders(&self, bucket: &str, folder: &str) -> io::Result<Vec<String>> {
        self.store.folders(bucket, folder)
    }

    /// The S3 endpoint (path-style) as a fallback for every path and method.
    pub fn router(&self) -> axum::Router {
        http::router(self.store.clone())
    }
}
