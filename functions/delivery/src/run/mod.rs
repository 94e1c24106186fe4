//! One run of one delivery: what its records say, what is to be done next, and doing it.

mod attempt;
mod claim;
mod disabled;
mod ending;
mod export;
mod marker;
mod state;
mod step;
mod work;

pub(crate) use attempt::Made;
pub use attempt::TIME_FOR_AN_ATTEMPT;
pub(crate) use marker::Markers;
pub(crate) use work::{Fate, Trouble};
