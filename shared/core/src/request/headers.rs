//! The request's headers that decide how it is answered.

use std::time::Duration;

use crate::problem::{FieldError, Problem};

/// The longest wait that a caller may ask for, in seconds: the front door itself ends at 30.
const MAX_WAIT_SECONDS: u64 = 25;

/// How the caller wants to be answered (RFC 7240).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// `respond-async`: 202 at once.
    RespondAsync,
    /// `wait=N`, clamped to 0 to 25 s.
    Wait(Duration),
    /// Nothing was preferred: the configured wait.
    None,
}

/// Reads the `Prefer` header; what it does not know is ignored, as RFC 7240 asks. `respond-async` together
/// with `wait=N` means: wait up to N seconds, then answer asynchronously, which is what `wait` does anyway.
#[must_use]
pub fn preference(prefer: Option<&str>) -> Preference {
    let mut found = Preference::None;
    for token in prefer.unwrap_or_default().split([',', ';']) {
        let (name, value) = token.split_once('=').unwrap_or((token, ""));
        match (name.trim().to_ascii_lowercase().as_str(), value.trim().trim_matches('"')) {
            ("wait", seconds) => {
                if let Some(seconds) = whole_seconds(seconds) {
                    return Preference::Wait(Duration::from_secs(seconds.min(MAX_WAIT_SECONDS)));
                }
            }
            ("respond-async", _) => found = Preference::RespondAsync,
            _ => {}
        }
    }
    found
}

/// Digits only; a number too large for a u64 is as good as the maximum.
fn whole_seconds(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// A caller's idempotency key: 1 to 255 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The ledger's name for this key: SHA-256 of the caller's name and the key, so that callers cannot
    /// meet and no caller's text gets into an object key.
    #[must_use]
    pub fn digest(&self, caller: &str) -> String {
        crate::auth::sha256_hex(format!("{}:{caller}{}", caller.len(), self.0).as_bytes())
    }
}

/// The idempotency key that the header called `name` holds.
///
/// # Errors
/// 400 when it is not 1 to 255 visible ASCII characters.
pub fn idempotency_key(name: &'static str, key: &str) -> Result<IdempotencyKey, Problem> {
    if (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(IdempotencyKey(key.to_owned()));
    }
    let message = "must be 1 to 255 visible ASCII characters".to_owned();
    Err(Problem::invalid(vec![FieldError { field: name, code: "invalid_format", message }]))
}

/// Whether a content type means JSON: `application/json` or any `+json` type, with any parameters.
#[must_use]
pub fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_clamped_to_25_seconds() {
        assert_eq!(preference(Some("wait=3")), Preference::Wait(Duration::from_secs(3)));
        assert_eq!(preference(Some("respond-async, wait=100")), Preference::Wait(Duration::from_secs(25)));
        assert_eq!(preference(Some("WAIT=99999999999999999999")), Preference::Wait(Duration::from_secs(25)));
    }

    #[test]
    fn an_unknown_preference_is_ignored() {
        assert_eq!(preference(Some("handling=lenient, wait=soon")), Preference::None);
        assert_eq!(preference(Some("handling=lenient; respond-async")), Preference::RespondAsync);
        assert_eq!(preference(None), Preference::None);
    }

    #[test]
    fn the_same_key_of_two_callers_has_two_ledger_entries() {
        let key = idempotency_key("Idempotency-Key", "k-1").unwrap();
        assert_ne!(key.digest("a"), key.digest("b"));
        assert_ne!(IdempotencyKey("bk".into()).digest("a"), IdempotencyKey("k".into()).digest("ab"));
    }

    #[test]
    fn a_key_with_spaces_or_other_alphabets_is_refused() {
        for key in ["", "a b", "clé", &"x".repeat(256)] {
            assert!(idempotency_key("Idempotency-Key", key).is_err(), "{key}");
        }
    }

    #[test]
    fn json_is_told_by_its_essence() {
        assert!(is_json("application/json; charset=utf-8") && is_json("application/cloudevents+json"));
        assert!(!is_json("text/plain") && !is_json("application/jsonp") && !is_json(""));
    }
}
