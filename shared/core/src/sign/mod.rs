//! Standard Webhooks 1.0.0: signatures `v1` (HMAC-SHA256) and `v1a` (Ed25519), outbound and inbound.
//!
//! What is signed is `{id}.{timestamp}.{body}`: the id is the same for every attempt, the timestamp (whole
//! seconds) is the attempt's.

mod keys;
mod secrets;
mod signature;

pub use keys::{NotAKey, SigningKey, SigningKeys, VerifyingKey};
pub use secrets::{NotSigningSecrets, SigningSecrets};
pub use signature::{NotVerified, SignatureHeaders, sign, verify};
