//! What a key is: computable from a tracking id, typed by what it leads to.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

/// The key of an object that holds a `T`.
pub struct Key<T> {
    path: String,
    holds: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    pub(super) fn new(path: String) -> Self {
        Self { path, holds: PhantomData }
    }

    /// The object's key in the bucket.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl<T> fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

/// A run: one whole delivery of the same id and bytes, with its own attempts and outcome. Replay is the
/// next run. Starts at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Run(pub u32);

impl Run {
    /// The run of the first delivery.
    pub const FIRST: Self = Self(1);

    /// The run that a replay of this one is.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// This run and all before it, from the first.
    pub fn up_to(self) -> impl DoubleEndedIterator<Item = Self> {
        (1..=self.0).map(Self)
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}
