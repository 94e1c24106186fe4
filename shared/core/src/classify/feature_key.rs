//! How the model names its features: what `build.rs` writes and the gateway looks up.

use super::fingerprint::fingerprint;

/// How many classes there are: as many as headers, or the model does not compile.
pub(crate) const CLASSES: usize = 4;

/// What tells a group's features from the same texts in another one.
pub(crate) fn salt(group: &str) -> u64 {
    fingerprint(group)
}

/// What a feature is looked up by, with its group's [`salt`].
pub(crate) fn key(salt: u64, text: &str) -> u64 {
    salt ^ fingerprint(text)
}

/// As many numbers as there are classes, between tabs.
pub(crate) fn numbers<T: std::str::FromStr + Copy + Default>(text: &str) -> Option<[T; CLASSES]> {
    let mut numbers = [T::default(); CLASSES];
    let mut fields = text.split('\t');
    for number in &mut numbers {
        *number = fields.next()?.parse().ok()?;
    }
    fields.next().is_none().then_some(numbers)
}
