//! The request of `POST /webhook`: bounded parsing and complete validation (SPEC 2.1).

mod fields;
mod headers;
mod question;

pub use headers::{IdempotencyKey, Preference, idempotency_key, is_json, preference};
pub use question::{MAX_BODY_BYTES, Question, parse, refuse_too_large};
