//! Keys in their written forms: `whsec_`, `whsk_`, `whpk_`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Standard Webhooks: a symmetric secret has between 24 and 64 bytes.
const SYMMETRIC_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A key that signs. `Debug` shows nothing of it.
#[derive(Clone)]
pub enum SigningKey {
    /// `whsec_…`: shared with the receiver; signs as `v1`.
    Symmetric(Vec<u8>),
    /// `whsk_…`: ours alone; signs as `v1a`.
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

/// A key that only verifies.
#[derive(Clone)]
pub enum VerifyingKey {
    /// `whsec_…`: verifies `v1`.
    Symmetric(Vec<u8>),
    /// `whpk_…`: verifies `v1a`.
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
}

/// The keys of one destination, newest first: each of them signs, so that a receiver can change over.
#[derive(Clone, Debug)]
pub struct SigningKeys(Vec<SigningKey>);

/// The text is not a key. The message quotes nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAKey {
    /// Neither of the prefixes.
    #[error("a key starts with whsec_ or whsk_ (to verify only: whpk_)")]
    Prefix,
    /// What follows the prefix is not base64.
    #[error("what follows the key's prefix must be base64 with padding")]
    Base64,
    /// A symmetric key that is too short or too long.
    #[error("a whsec_ key has 24 to 64 bytes")]
    SymmetricLength,
    /// Not a seed, not seed and public key, or the two do not belong together.
    #[error("a whsk_ key is a seed of 32 bytes, or the seed and its public key in 64")]
    Ed25519,
    /// Not a point on the curve.
    #[error("a whpk_ key is an Ed25519 public key of 32 bytes")]
    Ed25519Public,
    /// A list without a key.
    #[error("there must be at least one key")]
    None,
}

impl SigningKey {
    /// Reads `whsec_` and base64 of 24 to 64 bytes, or `whsk_` and base64 of an Ed25519 seed (32 bytes) or
    /// of seed and public key (64 bytes).
    ///
    /// # Errors
    /// The text is no such key.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        if let Some(encoded) = text.strip_prefix("whsec_") {
            return symmetric(encoded).map(Self::Symmetric);
        }
        let encoded = text.strip_prefix("whsk_").ok_or(NotAKey::Prefix)?;
        let bytes = decode(encoded)?;
        let key = match (<&[u8; 32]>::try_from(&*bytes), <&[u8; 64]>::try_from(&*bytes)) {
            (Ok(seed), _) => ed25519_dalek::SigningKey::from_bytes(seed),
            (_, Ok(pair)) => {
                ed25519_dalek::SigningKey::from_keypair_bytes(pair).map_err(|_| NotAKey::Ed25519)?
            }
            _ => return Err(NotAKey::Ed25519),
        };
        Ok(Self::Ed25519(Box::new(key)))
    }

    /// The key with which a receiver verifies.
    #[must_use]
    pub fn verifying(&self) -> VerifyingKey {
        match self {
            Self::Symmetric(key) => VerifyingKey::Symmetric(key.clone()),
            Self::Ed25519(key) => VerifyingKey::Ed25519(Box::new(key.verifying_key())),
        }
    }
}

impl VerifyingKey {
    /// Reads `whpk_` and base64 of an Ed25519 public key, or any key that signs.
    ///
    /// # Errors
    /// The text is no such key.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let Some(encoded) = text.strip_prefix("whpk_") else {
            return SigningKey::parse(text).map(|key| key.verifying());
        };
        let bytes = decode(encoded)?;
        let key =
            <&[u8; 32]>::try_from(&*bytes).ok().and_then(|b| ed25519_dalek::VerifyingKey::from_bytes(b).ok());
        key.map(|key| Self::Ed25519(Box::new(key))).ok_or(NotAKey::Ed25519Public)
    }
}

impl SigningKeys {
    /// The keys of `texts`, newest first.
    ///
    /// # Errors
    /// There is none, or one of them is no key.
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, NotAKey> {
        if texts.is_empty() {
            return Err(NotAKey::None);
        }
        texts.iter().map(|text| SigningKey::parse(text.as_ref())).collect::<Result<_, _>>().map(Self)
    }

    /// The keys, newest first; never none.
    #[must_use]
    pub fn as_slice(&self) -> &[SigningKey] {
        &self.0
    }

    /// What receivers verify with.
    #[must_use]
    pub fn verifying(&self) -> Vec<VerifyingKey> {
        self.0.iter().map(SigningKey::verifying).collect()
    }
}

fn symmetric(encoded: &str) -> Result<Vec<u8>, NotAKey> {
    let key = decode(encoded)?;
    if SYMMETRIC_BYTES.contains(&key.len()) { Ok(key) } else { Err(NotAKey::SymmetricLength) }
}

fn decode(encoded: &str) -> Result<Vec<u8>, NotAKey> {
    STANDARD.decode(encoded).map_err(|_| NotAKey::Base64)
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Symmetric(_) => "SigningKey::Symmetric(…)",
            Self::Ed25519(_) => "SigningKey::Ed25519(…)",
        })
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Symmetric(_) => "VerifyingKey::Symmetric(…)",
            Self::Ed25519(_) => "VerifyingKey::Ed25519(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(prefix: &str, bytes: &[u8]) -> String {
        format!("{prefix}{}", STANDARD.encode(bytes))
    }

    #[test]
    fn a_symmetric_key_has_24_to_64_bytes() {
        for (length, fine) in [(23, false), (24, true), (64, true), (65, false), (0, false)] {
            assert_eq!(SigningKey::parse(&written("whsec_", &vec![7; length])).is_ok(), fine, "{length}");
        }
    }

    #[test]
    fn an_asymmetric_key_is_a_seed_or_a_seed_with_its_own_public_key() {
        let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
        assert!(SigningKey::parse(&written("whsk_", &[9; 32])).is_ok());
        assert!(SigningKey::parse(&written("whsk_", &key.to_keypair_bytes())).is_ok());
        assert_eq!(SigningKey::parse(&written("whsk_", &[9; 64])).unwrap_err(), NotAKey::Ed25519);
        assert_eq!(SigningKey::parse(&written("whsk_", &[9; 33])).unwrap_err(), NotAKey::Ed25519);
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_quoted() {
        assert_eq!(SigningKey::parse("c2VjcmV0").unwrap_err(), NotAKey::Prefix);
        assert_eq!(SigningKey::parse("whsec_not base64!").unwrap_err(), NotAKey::Base64);
        assert_eq!(
            SigningKey::parse("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=").unwrap_err(),
            NotAKey::Prefix
        );
        assert_eq!(SigningKeys::parse::<&str>(&[]).unwrap_err(), NotAKey::None);
    }

    #[test]
    fn debug_shows_nothing_of_a_key() {
        let keys = SigningKeys::parse(&[written("whsec_", &[7; 24]), written("whsk_", &[9; 32])]).unwrap();
        assert_eq!(format!("{keys:?}"), "SigningKeys([SigningKey::Symmetric(…), SigningKey::Ed25519(…)])");
    }
}
