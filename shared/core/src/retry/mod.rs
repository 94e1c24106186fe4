//! When to try again, and when to stop (SPEC 5): pure decisions over a policy, the result of one attempt,
//! the present moment and randomness.
//!
//! [`RetryPolicy`] is the schedule, [`RetryAfter`] what the receiver asks for, [`decide`] the whole decision
//! about a delivery, and [`due_within`] the smaller one of the agent hop.

mod decision;
mod due_within;
mod meaning;
mod policy;
mod result;
mod retry_after;

pub use decision::{Decision, EndReason, Limits, RETENTION_LIMIT, decide};
pub use due_within::due_within;
pub use policy::{RetryPolicy, jittered};
pub use result::{AttemptResult, NoAnswer, Verdict};
pub use retry_after::{LONGEST_RETRY_AFTER, RetryAfter};
