//! Callers who sign their requests (Standard Webhooks).

use std::str::FromStr;

use super::SIGNATURE_TOLERANCE;
use crate::Timestamp;
use crate::secret::entries;
use crate::sign::{NotAKey, SignatureHeaders, VerifyingKey, verify};

/// Names and the keys with which they sign: `{"gong":["whsec_…"],…}`, several a name while it changes over.
/// A `whpk_` public key serves a caller whose private key nobody else should have.
#[derive(Clone, Debug, Default)]
pub struct Signers(Vec<(String, Vec<VerifyingKey>)>);

/// The JSON holds no usable keys. Quotes no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be JSON {{\"name\":[\"whsec_…\"]}}: {0}")]
pub struct NotSigners(String);

impl Signers {
    /// True when nobody has a key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name whose key signed this body within [`SIGNATURE_TOLERANCE`] of `now`. Every name is tried,
    /// whatever is found, so that the time taken tells nothing about which one matched.
    #[must_use]
    pub fn name_of(&self, headers: &SignatureHeaders<'_>, body: &[u8], now: Timestamp) -> Option<&str> {
        let mut found = None;
        for (name, keys) in &self.0 {
            if verify(headers, body, keys, now, SIGNATURE_TOLERANCE).is_ok() {
                found = Some(name.as_str());
            }
        }
        found
    }
}

impl FromStr for Signers {
    type Err = NotSigners;

    fn from_str(json: &str) -> Result<Self, NotSigners> {
        let map = entries(json).map_err(NotSigners)?;
        let keys_of = |(name, texts): (String, Vec<String>)| match keys(&name, &texts) {
            Ok(keys) => Ok((name, keys)),
            Err(cause) => Err(NotSigners(format!("the entry {name:?}: {cause}"))),
        };
        map.into_iter().map(keys_of).collect::<Result<_, _>>().map(Self)
    }
}

fn keys(name: &str, texts: &[String]) -> Result<Vec<VerifyingKey>, NotAKey> {
    if texts.is_empty() || name.trim().is_empty() {
        return Err(NotAKey::None);
    }
    texts.iter().map(|text| VerifyingKey::parse(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::{SigningKeys, sign};

    const OLD: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const NEW: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const NOW: i64 = 1_795_000_000;

    fn signers() -> Signers {
        format!(r#"{{"crm":["{NEW}","{OLD}"],"erp":["whsec_{}"]}}"#, "QUFB".repeat(8)).parse().unwrap()
    }

    fn who(secret: &str, timestamp: i64, body: &[u8]) -> Option<String> {
        let signature = sign(&SigningKeys::parse(&[secret]).unwrap(), "msg_1", timestamp, b"{}");
        let timestamp = timestamp.to_string();
        let headers = SignatureHeaders { id: "msg_1", timestamp: &timestamp, signature: &signature };
        signers().name_of(&headers, body, Timestamp::from_unix_ms(NOW * 1000)).map(str::to_owned)
    }

    #[test]
    fn a_caller_is_known_by_each_of_its_keys() {
        assert_eq!(who(OLD, NOW, b"{}").as_deref(), Some("crm"));
        assert_eq!(who(NEW, NOW, b"{}").as_deref(), Some("crm"));
        assert_eq!(who(&format!("whsec_{}", "QUFB".repeat(8)), NOW, b"{}").as_deref(), Some("erp"));
    }

    #[test]
    fn another_body_an_unknown_key_and_a_far_timestamp_prove_nobody() {
        assert_eq!(who(NEW, NOW, b"{} "), None);
        assert_eq!(who(&format!("whsec_{}", "QkJC".repeat(8)), NOW, b"{}"), None);
        for (seconds, known) in [(-301, false), (-300, true), (300, true), (301, false)] {
            assert_eq!(who(NEW, NOW + seconds, b"{}").is_some(), known, "{seconds}");
        }
    }

    #[test]
    fn a_wrong_entry_is_named_and_no_secret_is_quoted() {
        for json in [r#"{"crm":["hunter2"]}"#, r#"{"crm":[]}"#, r#"{"":["hunter2"]}"#, r#"["hunter2"]"#] {
            let refused = json.parse::<Signers>().unwrap_err().to_string();
            assert!(!refused.contains("hunter2"), "{refused}");
        }
    }
}
