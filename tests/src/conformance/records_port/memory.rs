//! The double in memory.

use std::sync::Arc;

use revops_core::Timestamp;
use revops_core::fake::{FixedClock, MemoryRecords};

use super::RecordStores;
use crate::conformance::Failure;

/// The doubles in memory.
#[derive(Clone, Copy, Debug)]
pub struct Memory;

impl RecordStores for Memory {
    type Store = MemoryRecords;

    async fn empty(&self) -> Result<MemoryRecords, Failure> {
        Ok(empty())
    }

    fn out_of_reach(&self) -> MemoryRecords {
        let records = empty();
        records.set_outage(true);
        records
    }

    fn without_bucket(&self) -> MemoryRecords {
        empty()
    }
}

fn empty() -> MemoryRecords {
    MemoryRecords::new(Arc::new(FixedClock::at(Timestamp::from_unix_ms(1_800_000_000_000))))
}
