//! Signing and verifying.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq as _};

use super::{SigningKey, SigningKeys, VerifyingKey};
use crate::Timestamp;

/// More signatures than any sender has reason to send; what follows is not looked at.
const MAX_SIGNATURES: usize = 32;

/// The three headers of a signed request, as they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureHeaders<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`: whole seconds since the Unix epoch.
    pub timestamp: &'a str,
    /// `webhook-signature`: signatures separated by spaces.
    pub signature: &'a str,
}

/// Why a signature does not prove anything. For logs and tools; a caller over HTTP is told nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// The timestamp is not a whole number of seconds.
    #[error("webhook-timestamp must be whole seconds since the Unix epoch")]
    Timestamp,
    /// The timestamp is too far from now, in the past or in the future.
    #[error("webhook-timestamp is too far from now")]
    TooFarFromNow,
    /// No signature was made with one of the keys over this id, timestamp and body.
    #[error("no signature matches")]
    NoMatch,
}

/// The value of `webhook-signature`: one signature for each key, newest first, separated by spaces.
/// `timestamp` is the value of `webhook-timestamp`, in whole seconds.
#[must_use]
pub fn sign(keys: &SigningKeys, id: &str, timestamp: i64, body: &[u8]) -> String {
    let content = content(id, &timestamp.to_string(), body);
    let signatures: Vec<String> = keys.as_slice().iter().map(|key| sign_with(key, &content)).collect();
    signatures.join(" ")
}

/// Checks that one of the signatures was made with one of `keys`, and that the timestamp is within
/// `tolerance` of `now`. Every `v1` signature is compared in constant time.
///
/// # Errors
/// Nothing is proven.
pub fn verify(
    headers: &SignatureHeaders<'_>,
    body: &[u8],
    keys: &[VerifyingKey],
    now: Timestamp,
    tolerance: Duration,
) -> Result<(), NotVerified> {
    let timestamp: i64 = headers.timestamp.parse().map_err(|_| NotVerified::Timestamp)?;
    let tolerance = i64::try_from(tolerance.as_secs()).unwrap_or(i64::MAX);
    if now.unix_seconds().abs_diff(timestamp) > tolerance.unsigned_abs() {
        return Err(NotVerified::TooFarFromNow);
    }
    let content = content(headers.id, headers.timestamp, body);
    let mut matched = Choice::from(0);
    for signature in headers.signature.split(' ').take(MAX_SIGNATURES) {
        for key in keys {
            matched |= matches(key, signature, &content);
        }
    }
    if bool::from(matched) { Ok(()) } else { Err(NotVerified::NoMatch) }
}

fn content(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(id.len() + timestamp.len() + body.len() + 2);
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        content.extend_from_slice(part);
    }
    content
}

fn sign_with(key: &SigningKey, content: &[u8]) -> String {
    match key {
        SigningKey::Symmetric(key) => format!("v1,{}", STANDARD.encode(hmac(key, content))),
        SigningKey::Ed25519(key) => format!("v1a,{}", STANDARD.encode(key.sign(content).to_bytes())),
    }
}

fn matches(key: &VerifyingKey, signature: &str, content: &[u8]) -> Choice {
    let Some((version, encoded)) = signature.split_once(',') else { return Choice::from(0) };
    let Ok(given) = STANDARD.decode(encoded) else { return Choice::from(0) };
    match (key, version) {
        (VerifyingKey::Symmetric(key), "v1") => hmac(key, content).ct_eq(&given),
        (VerifyingKey::Ed25519(key), "v1a") => {
            let signature = ed25519_dalek::Signature::from_slice(&given);
            let proven = signature.is_ok_and(|signature| key.verify_strict(content, &signature).is_ok());
            Choice::from(u8::from(proven))
        }
        _ => Choice::from(0),
    }
}

fn hmac(key: &[u8], content: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length: this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(content);
    mac.finalize().into_bytes().to_vec()
}
