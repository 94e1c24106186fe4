//! Who is calling: API keys and signed requests (SPEC 2.3). Fails closed.

mod api_keys;
mod inbound;
mod signers;

pub use api_keys::{ApiKeys, sha256_hex};
pub use inbound::{Caller, Credentials, Inbound, InboundMode, SIGNATURE_TOLERANCE};
pub use signers::{NotSigners, Signers};
