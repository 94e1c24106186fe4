//! Records in memory, with somebody else at work at the very moment at which the lease is taken.

use std::fmt;
use std::sync::{Arc, Mutex};

use revops_core::fake::MemoryRecords;
use revops_core::ports::{
    CreateRecords, Created, Etag, ReadRecords, ReplaceRecords, Replaced, StoreError, Stored,
};

type Meddling = Box<dyn FnOnce() + Send>;

/// Clones share the records and the meddling.
#[derive(Clone)]
pub(crate) struct Store {
    pub(crate) memory: MemoryRecords,
    once_leased: Arc<Mutex<Option<Meddling>>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.memory.fmt(f)
    }
}

impl Store {
    pub(crate) fn new(memory: MemoryRecords) -> Self {
        Self { memory, once_leased: Arc::default() }
    }

    /// What happens right after the lease is taken for the first time.
    pub(crate) fn once_leased(&self, meddling: impl FnOnce() + Send + 'static) {
        *self.once_leased.lock().unwrap() = Some(Box::new(meddling));
    }

    fn written(&self, key: &str) {
        if key.ends_with("/lease.json")
            && let Some(meddling) = self.once_leased.lock().unwrap().take()
        {
            meddling();
        }
    }
}

impl ReadRecords for Store {
    async fn get(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        self.memory.get(key).await
    }
}

impl CreateRecords for Store {
    async fn create(&self, key: &str, body: Vec<u8>) -> Result<Created, StoreError> {
        let created = self.memory.create(key, body).await?;
        if created == Created::New {
            self.written(key);
        }
        Ok(created)
    }
}

impl ReplaceRecords for Store {
    async fn replace(&self, key: &str, body: Vec<u8>, expected: &Etag) -> Result<Replaced, StoreError> {
        let replaced = self.memory.replace(key, body, expected).await?;
        if replaced == Replaced::Done {
            self.written(key);
        }
        Ok(replaced)
    }
}
