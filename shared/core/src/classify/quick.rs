//! The hash of the tables that texts are looked up in.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds [`Quick`].
pub(crate) type BuildQuick = BuildHasherDefault<Quick>;

/// A multiplicative hash of eight bytes a step. The keys are the lexicon's and the model's own, so nobody can crowd
/// a bucket; a text only probes.
#[derive(Debug, Default)]
pub(crate) struct Quick(u64);

impl Quick {
    fn step(&mut self, bytes: u64) {
        self.0 = (self.0.rotate_left(5) ^ bytes).wrapping_mul(0xf135_7aea_2e62_a9c5);
    }
}

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.step(u64::from_le_bytes(*eight));
        }
        self.step(rest.iter().fold(rest.len() as u64, |word, byte| word << 8 | u64::from(*byte)));
    }

    fn write_u8(&mut self, _end_of_text: u8) {}
}
