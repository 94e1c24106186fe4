//! What `build.rs` makes of `data/`, and the trainer of a table of its own.

mod phrases;
mod table;
mod weights;

pub(crate) use phrases::Phrases;
pub(crate) use weights::{Weights, WrongLine};
