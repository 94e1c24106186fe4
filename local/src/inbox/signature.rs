//! Checks a delivery's signature as a receiver would.
//!
//! Source: Standard Webhooks 1.0.0. It is written apart from the sender's code on purpose: two that agree
//! prove more than one that agrees with itself.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use serde::Serialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::environment::EnvironmentError;

/// How far a delivery's timestamp may be from the receiver's clock, in seconds, either way.
const TOLERANCE_SECONDS: u64 = 300;

/// What the check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SignatureCheck {
    /// Signed with one of the secrets, within the last five minutes.
    Valid,
    /// Signed, but not so.
    Invalid,
    /// One of the three headers is absent.
    Missing,
    /// No `whsec_` secret of this class is known here, so nothing can be said.
    Unchecked,
}

/// The symmetric signing secrets of each class, as `SIGNING_SECRETS` holds them.
#[derive(Default)]
pub(crate) struct SigningSecrets {
    keys: BTreeMap<String, Vec<Vec<u8>>>,
    newest_default: Option<String>,
}

impl SigningSecrets {
    /// Reads `{"deal_analysis":["whsec_…"],…,"default":["whsec_…"]}`, newest first. Asymmetric keys (`whsk_`)
    /// are passed over: their signatures stay unchecked.
    pub(crate) fn parse(json: &str) -> Result<Self, EnvironmentError> {
        let refused = |problem: String| EnvironmentError::SigningSecrets { problem };
        let texts: BTreeMap<String, Vec<String>> = serde_json::from_str(json)
            .map_err(|_| refused("not a JSON object of lists of texts".to_owned()))?;
        let mut keys = BTreeMap::new();
        for (class, secrets) in &texts {
            let symmetric = secrets.iter().filter_map(|secret| secret.strip_prefix("whsec_"));
            let decoded: Result<Vec<_>, _> = symmetric.map(|secret| STANDARD.decode(secret)).collect();
            let decoded = decoded.map_err(|_| refused(format!("a secret of {class} is not base64")))?;
            keys.insert(class.clone(), decoded);
        }
        let newest_default = texts.get("default").and_then(|secrets| secrets.first()).cloned();
        Ok(Self { keys, newest_default })
    }

    /// The newest secret under `default`.
    pub(crate) fn newest_default(&self) -> Option<&str> {
        self.newest_default.as_deref()
    }

    /// Checks a delivery for the class `header` that arrived at `now` (Unix seconds).
    pub(super) fn check(&self, header: &str, headers: &HeaderMap, body: &[u8], now: i64) -> SignatureCheck {
        let keys = self.keys.get(header).or_else(|| self.keys.get("default")).map_or(&[][..], Vec::as_slice);
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let (Some(id), Some(timestamp), Some(signatures)) =
            (text("webhook-id"), text("webhook-timestamp"), text("webhook-signature"))
        else {
            return SignatureCheck::Missing;
        };
        if keys.is_empty() {
            return SignatureCheck::Unchecked;
        }
        let is_recent = timestamp.parse().is_ok_and(|at: i64| now.abs_diff(at) <= TOLERANCE_SECONDS);
        let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
        if is_recent && keys.iter().any(|key| is_signed(key, &signed, signatures)) {
            SignatureCheck::Valid
        } else {
            SignatureCheck::Invalid
        }
    }
}

/// Whether one of the space-separated `signatures` is the `v1` signature of `content` by `key`.
fn is_signed(key: &[u8], content: &[u8], signatures: &str) -> bool {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return false;
    };
    let expected = mac.chain_update(content).finalize().into_bytes();
    signatures
        .split(' ')
        .filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok())
        .any(|signature| signature.ct_eq(expected.as_slice()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published by Standard Webhooks; every reference library carries it.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const SIGNED_AT: i64 = 1_614_265_330;

    fn check(secrets: &str, signature: Option<&str>, body: &str, now: i64) -> SignatureCheck {
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".parse().unwrap());
        headers.insert("webhook-timestamp", SIGNED_AT.into());
        if let Some(signature) = signature {
            headers.insert("webhook-signature", signature.parse().unwrap());
        }
        SigningSecrets::parse(secrets).unwrap().check("deal_analysis", &headers, body.as_bytes(), now)
    }

    fn default_secret() -> String {
        format!(r#"{{"default":["{SECRET}"]}}"#)
    }

    const BODY: &str = r#"{"test": 2432232314}"#;

    #[test]
    fn the_published_vector_is_valid() {
        assert_eq!(check(&default_secret(), Some(SIGNATURE), BODY, SIGNED_AT), SignatureCheck::Valid);
    }

    #[test]
    fn one_good_signature_among_several_is_enough_during_rotation() {
        let rotated = format!(r#"{{"default":["whsec_AAAA","{SECRET}"]}}"#);
        let several = format!("v1a,xx v1,AAAA {SIGNATURE}");
        assert_eq!(check(&rotated, Some(&several), BODY, SIGNED_AT), SignatureCheck::Valid);
    }

    #[test]
    fn another_body_another_secret_or_another_time_is_invalid() {
        let invalid = SignatureCheck::Invalid;
        assert_eq!(check(&default_secret(), Some(SIGNATURE), "{}", SIGNED_AT), invalid);
        assert_eq!(check(r#"{"default":["whsec_AAAA"]}"#, Some(SIGNATURE), BODY, SIGNED_AT), invalid);
        assert_eq!(check(&default_secret(), Some(SIGNATURE), BODY, SIGNED_AT + 300), SignatureCheck::Valid);
        assert_eq!(check(&default_secret(), Some(SIGNATURE), BODY, SIGNED_AT + 301), invalid);
        assert_eq!(check(&default_secret(), Some(SIGNATURE), BODY, SIGNED_AT - 301), invalid);
    }

    #[test]
    fn a_class_s_own_secret_replaces_the_default_one() {
        let own = format!(r#"{{"deal_analysis":["whsec_AAAA"],"default":["{SECRET}"]}}"#);
        assert_eq!(check(&own, Some(SIGNATURE), BODY, SIGNED_AT), SignatureCheck::Invalid);
    }

    #[test]
    fn an_unsigned_delivery_and_one_that_cannot_be_checked_are_told_apart() {
        assert_eq!(check(&default_secret(), None, BODY, SIGNED_AT), SignatureCheck::Missing);
        assert_eq!(check("{}", Some(SIGNATURE), BODY, SIGNED_AT), SignatureCheck::Unchecked);
        let asymmetric = r#"{"default":["whsk_AAAA"]}"#;
        assert_eq!(check(asymmetric, Some(SIGNATURE), BODY, SIGNED_AT), SignatureCheck::Unchecked);
    }

    #[test]
    fn malformed_secrets_are_refused_without_being_shown() {
        for json in ["[]", r#"{"default":"whsec_AAAA"}"#, r#"{"default":["whsec_not*base64"]}"#] {
            let Err(error) = SigningSecrets::parse(json) else { panic!("{json} was taken") };
            assert!(!error.to_string().contains("not*base64"));
        }
    }
}
