//! API keys, known by their hashes only.

use std::str::FromStr;

use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::secret::entries;

/// Names and the SHA-256 hashes of their keys.
#[derive(Clone, Debug, Default)]
pub struct ApiKeys(Vec<(String, [u8; 32])>);

/// The JSON is not a map from names to hashes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be JSON {{\"name\":\"<64 hexadecimal digits>\"}}: {0}")]
pub struct NotApiKeys(String);

impl ApiKeys {
    /// True when nobody has a key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name whose key this is. Looks at every entry whatever it finds, so that the time taken tells
    /// nothing about which one matched.
    #[must_use]
    pub fn name_of(&self, key: &str) -> Option<&str> {
        let hash: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        let mut found = Choice::from(0);
        let mut at = 0_u64;
        for (index, (_, expected)) in (0_u64..).zip(&self.0) {
            let same = expected.ct_eq(&hash);
            at.conditional_assign(&index, same);
            found |= same;
        }
        let at = usize::try_from(at).ok()?;
        bool::from(found).then(|| self.0.get(at).map(|(name, _)| name.as_str()))?
    }
}

impl FromStr for ApiKeys {
    type Err = NotApiKeys;

    fn from_str(json: &str) -> Result<Self, NotApiKeys> {
        let map = entries(json).map_err(NotApiKeys)?;
        let decode = |(name, hex): (String, String)| match decode_hex(&hex) {
            Some(hash) if !name.trim().is_empty() => Ok((name, hash)),
            _ => Err(NotApiKeys(format!("the entry {name:?} has no SHA-256 hash"))),
        };
        map.into_iter().map(decode).collect::<Result<_, _>>().map(Self)
    }
}

fn decode_hex(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}

/// The SHA-256 of `bytes` in lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_keys() -> ApiKeys {
        let (a, b) = (sha256_hex(b"alpha"), sha256_hex(b"beta"));
        format!(r#"{{"a":"{a}","b":"{b}"}}"#).parse().unwrap()
    }

    #[test]
    fn a_key_is_known_by_its_hash_and_belongs_to_its_name() {
        assert_eq!(two_keys().name_of("alpha"), Some("a"));
        assert_eq!(two_keys().name_of("beta"), Some("b"));
        assert_eq!(two_keys().name_of("gamma"), None);
        assert_eq!(ApiKeys::default().name_of(""), None);
    }

    #[test]
    fn a_hash_that_is_not_a_hash_is_refused_by_name() {
        let refused = r#"{"crm":"secret-in-clear"}"#.parse::<ApiKeys>().unwrap_err();
        assert!(refused.to_string().contains("crm") && !refused.to_string().contains("secret-in-clear"));
        assert!("[]".parse::<ApiKeys>().is_err());
    }
}
