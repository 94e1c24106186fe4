//! Tables that are looked up as they lie in the executable. They are made when this crate is built (`build.rs`), so
//! that a function that starts parses nothing: reading lexicon and model took a first classification 7 ms.

use std::borrow::Cow;

/// What an entry says, in a form of its user's.
pub(crate) type Value = [u8; 12];

/// A key's [`check`], and the value.
pub(crate) const ENTRY: usize = 4 + size_of::<Value>();

/// The number of a first entry, from 1; 0 where there is none.
pub(crate) const SLOT: usize = 2;

/// A text of a larger one that all entries share: three bytes say where it starts, one how long it is.
pub(crate) type Place = [u8; 4];

/// Values by [`fingerprint`](super::fingerprint::fingerprint), several to one where they are given so. A slot is found
/// by a fingerprint's lower half and tells the first entry; entries with the same [`check`] follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    slots: Cow<'static, [u8]>,
    entries: Cow<'static, [u8]>,
}

impl Table {
    /// The table that was made of values.
    pub(crate) const fn of(slots: Cow<'static, [u8]>, entries: Cow<'static, [u8]>) -> Self {
        Self { slots, entries }
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len() / ENTRY
    }

    /// The number of the first entry of `key`, and its value.
    pub(crate) fn get(&self, key: u64) -> Option<(usize, &Value)> {
        let (slots, _) = self.slots.as_chunks::<SLOT>();
        let mut at = lower(key, slots.len())?;
        loop {
            let number = usize::from(u16::from_le_bytes(*slots.get(at)?)).checked_sub(1)?;
            let (found, value) = self.entry(number)?;
            if found == check(key) {
                return Some((number, value));
            }
            at = (at + 1) % slots.len();
        }
    }

    /// All values of `key`.
    pub(crate) fn all(&self, key: u64) -> impl Iterator<Item = &Value> {
        let first = self.get(key).map_or_else(|| self.len(), |(number, _)| number);
        let entries = (first..self.len()).map_while(|number| self.entry(number));
        entries.take_while(move |(found, _)| *found == check(key)).map(|(_, value)| value)
    }

    fn entry(&self, number: usize) -> Option<(u32, &Value)> {
        let (key, value) = self.entries.as_chunks::<ENTRY>().0.get(number)?.split_first_chunk()?;
        Some((u32::from_le_bytes(*key), value.first_chunk()?))
    }
}

/// Where a key's search begins.
pub(crate) fn lower(key: u64, slots: usize) -> Option<usize> {
    (key & u64::from(u32::MAX)).checked_rem(slots as u64).map(|at| at as usize)
}

/// What tells keys of one slot apart: all of a key, folded, since a fingerprint's upper half alone knows little of the
/// beginning of a short text.
pub(crate) fn check(key: u64) -> u32 {
    (key ^ key >> 32) as u32
}

/// The text at `place`.
pub(crate) fn text(texts: &str, [a, b, c, length]: Place) -> &str {
    let start = u32::from_le_bytes([a, b, c, 0]) as usize;
    texts.get(start..start + usize::from(length)).unwrap_or_default()
}
