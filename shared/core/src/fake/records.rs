//! A record store in memory, with S3's conditional writes and a clock of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::FixedClock;
use crate::Timestamp;
use crate::ports::{
    Clock, CreateRecords, Created, Etag, PutExports, ReadRecords, RemoveRecords, ReplaceRecords, Replaced,
    StoreError, Stored,
};

/// Objects by key. Clones share them.
#[derive(Clone, Debug)]
pub struct MemoryRecords {
    clock: Arc<FixedClock>,
    objects: Arc<Mutex<Objects>>,
}

#[derive(Debug, Default)]
struct Objects {
    by_key: BTreeMap<String, Object>,
    reads: usize,
    writes: u64,
    outage: bool,
}

#[derive(Clone, Debug)]
struct Object {
    body: Vec<u8>,
    etag: Etag,
    written_at: Timestamp,
}

impl MemoryRecords {
    /// An empty store that judges ages by `clock`.
    #[must_use]
    pub fn new(clock: Arc<FixedClock>) -> Self {
        Self { clock, objects: Arc::default() }
    }

    /// From now on every call fails as unavailable, or none does.
    pub fn set_outage(&self, outage: bool) {
        self.objects().outage = outage;
    }

    /// All keys, sorted.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.objects().by_key.keys().cloned().collect()
    }

    /// How many reads were answered, whether or not there was anything to read.
    #[must_use]
    pub fn reads(&self) -> usize {
        self.objects().reads
    }

    /// The JSON at `key`.
    #[must_use]
    pub fn json(&self, key: &str) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.objects().by_key.get(key)?.body).ok()
    }

    fn objects(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn available(&self) -> Result<MutexGuard<'_, Objects>, StoreError> {
        let objects = self.objects();
        if objects.outage {
            Err(StoreError::Unavailable("an outage was asked for".into()))
        } else {
            Ok(objects)
        }
    }

    fn write(&self, mut objects: MutexGuard<'_, Objects>, key: &str, body: Vec<u8>) {
        objects.writes += 1;
        let etag = Etag(format!("\"{}\"", objects.writes));
        objects.by_key.insert(key.to_owned(), Object { body, etag, written_at: self.clock.now() });
    }
}

impl ReadRecords for MemoryRecords {
    async fn get(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let now = self.clock.now();
        let stored = |object: &Object| Stored {
            body: object.body.clone(),
            etag: object.etag.clone(),
            age: Duration::from_secs(now.since(object.written_at).as_secs()),
        };
        let mut objects = self.available()?;
        objects.reads += 1;
        Ok(objects.by_key.get(key).map(stored))
    }
}

impl CreateRecords for MemoryRecords {
    async fn create(&self, key: &str, body: Vec<u8>) -> Result<Created, StoreError> {
        let objects = self.available()?;
        if objects.by_key.contains_key(key) {
            return Ok(Created::Existed);
        }
        self.write(objects, key, body);
        Ok(Created::New)
    }
}

impl ReplaceRecords for MemoryRecords {
    async fn replace(&self, key: &str, body: Vec<u8>, expected: &Etag) -> Result<Replaced, StoreError> {
        let objects = self.available()?;
        if objects.by_key.get(key).is_none_or(|object| object.etag != *expected) {
            return Ok(Replaced::Lost);
        }
        self.write(objects, key, body);
        Ok(Replaced::Done)
    }
}

impl PutExports for MemoryRecords {
    async fn put(&self, key: &str, body: Vec<u8>) -> Result<(), StoreError> {
        let objects = self.available()?;
        self.write(objects, key, body);
        Ok(())
    }
}

impl RemoveRecords for MemoryRecords {
    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        self.available()?.by_key.remove(key);
        Ok(())
    }
}
