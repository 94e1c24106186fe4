//! What is stored in S3: versioned types apart from the domain's, and their keys (SPEC 6).
//!
//! Records are create-only unless their key's doc says otherwise. A field is never renamed or given another
//! meaning: a new shape is a new `v`, and the old one's fixture still parses.

mod agent;
mod deleted;
mod delivery;
mod key;
pub mod keys;
mod ledger;
mod query;
mod store;

pub use agent::{
    AgentAttemptRecord, AgentUsage, Answer, AnswerRecord, FailedAnswer, LeaseRecord, LeaseState,
};
pub use deleted::{DeletedRecord, is_deleted};
pub use delivery::{
    AttemptError, AttemptRecord, ClaimRecord, DeliveryRecord, DisabledRecord, Notice, OutcomeRecord,
    OutcomeStatus, ResponseExcerpt,
};
pub use key::{Key, Run};
pub use ledger::LedgerRecord;
pub use query::QueryRecord;
pub use store::{RecordError, create, read, read_with_etag, replace};

/// The version that this code writes into every record's `v`.
pub const VERSION: u32 = 1;
