//! In-memory doubles of the ports, which pass the same conformance suites as the adapters.

mod queue;
mod records;
mod stepwise;
mod surroundings;

pub use queue::{MemoryQueues, SentMessage};
pub use records::MemoryRecords;
pub use stepwise::{Stepwise, step};
pub use surroundings::{FixedClock, FixedRandom};
