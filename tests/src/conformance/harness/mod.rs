//! How cases are written, run and reported.

mod case;
pub(crate) mod check;
mod failure;
mod report;
mod suite;
#[cfg(test)]
mod tests;

pub(crate) use case::cases;
pub use case::{Case, Verdict};
pub use failure::Failure;
pub use report::{KnownDifference, Outcome, Report};
pub use suite::Suite;
