//! Where implementations that we did not write differ from AWS.
//!
//! Each entry was settled by AWS's documentation: it is the implementation that is wrong or lacks
//! something, and the reason says what it does instead.

use super::KnownDifference;

/// The known differences of the implementation called `name`; none for a name that is not known here.
#[must_use]
pub fn of(name: &str) -> &'static [KnownDifference] {
    match name {
        "moto" => MOTO,
        "ministack" => MINISTACK,
        "memory" => MEMORY,
        _ => &[],
    }
}

const MOTO: &[KnownDifference] = &[];
const MINISTACK: &[KnownDifference] = &[];
const MEMORY: &[KnownDifference] = &[];
