//! Numbers of texts, so that a table is looked up without comparing a letter.

/// A number of `text`, by a multiplicative hash of eight bytes a step. Who writes a text on purpose that has another
/// one's number gains nothing: he could as well write that one.
pub(crate) fn fingerprint(text: impl AsRef<[u8]>) -> u64 {
    let (eights, rest) = text.as_ref().as_chunks::<8>();
    let state = eights.iter().fold(0, |state, eight| step(state, u64::from_le_bytes(*eight)));
    let last = rest.iter().fold(rest.len() as u64, |word, byte| word << 8 | u64::from(*byte));
    step(state, last).rotate_left(26)
}

fn step(state: u64, bytes: u64) -> u64 {
    (state.rotate_left(5) ^ bytes).wrapping_mul(0xf135_7aea_2e62_a9c5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_in_one_place_have_numbers_of_their_own() {
        let texts =
            ["", "a", "b", "ab", "ba", "abcdefgh", "abcdefgi", "abcdefgha", "\0", "\0\0", "aabcdefgh"];
        let numbers: std::collections::BTreeSet<u64> = texts.into_iter().map(fingerprint).collect();
        assert_eq!(numbers.len(), texts.len());
    }
}
