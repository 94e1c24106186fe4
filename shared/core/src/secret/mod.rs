//! Secrets: a type that no log line can show, and where secret settings come from.

mod entries;
mod source;

pub(crate) use entries::entries;
pub use source::SecretSource;

use std::fmt;

use serde::Deserialize;

/// A secret text. `Debug` prints nothing of it; reading it takes a call that a reviewer sees.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret itself, for the one place that uses it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_a_secret() {
        assert_eq!(format!("{:?}", Secret::new("whsec_abc".into())), "Secret(…)");
    }
}
