//! `SIGNING_SECRETS`: the outbound keys of every class.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::SigningKeys;
use crate::Header;
use crate::secret::entries;

/// The entry that serves every class without keys of its own.
const DEFAULT: &str = "default";

/// The keys of every class: `{"deal_analysis":["whsec_…"],…,"default":[…]}`, newest first.
#[derive(Clone, Debug)]
pub struct SigningSecrets {
    by_class: BTreeMap<Header, SigningKeys>,
    default: Option<SigningKeys>,
}

/// The JSON holds no usable keys. Quotes no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be JSON {{\"default\":[\"whsec_…\"]}}: {0}")]
pub struct NotSigningSecrets(String);

impl SigningSecrets {
    /// The keys for the webhook of `target`: its own, else the default ones.
    #[must_use]
    pub fn keys(&self, target: Header) -> Option<&SigningKeys> {
        self.by_class.get(&target).or(self.default.as_ref())
    }
}

impl FromStr for SigningSecrets {
    type Err = NotSigningSecrets;

    fn from_str(json: &str) -> Result<Self, NotSigningSecrets> {
        let map = entries::<Vec<String>>(json).map_err(NotSigningSecrets)?;
        let mut secrets = Self { by_class: BTreeMap::new(), default: None };
        for (name, texts) in map {
            let refuse =
                |why: &dyn std::fmt::Display| NotSigningSecrets(format!("the entry {name:?}: {why}"));
            let keys = SigningKeys::parse(&texts).map_err(|cause| refuse(&cause))?;
            if name == DEFAULT {
                secrets.default = Some(keys);
            } else {
                let header = name.parse().map_err(|cause: crate::header::UnknownHeader| refuse(&cause))?;
                secrets.by_class.insert(header, keys);
            }
        }
        Ok(secrets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const B: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    #[test]
    fn a_class_has_its_own_keys_or_the_default_ones() {
        let json = format!(r#"{{"deal_analysis":["{A}","{B}"],"default":["{B}"]}}"#);
        let secrets: SigningSecrets = json.parse().unwrap();
        let count = |header| secrets.keys(header).map(|keys| keys.as_slice().len());
        assert_eq!((count(Header::DealAnalysis), count(Header::General)), (Some(2), Some(1)));
    }

    #[test]
    fn a_class_without_any_keys_has_none() {
        let secrets: SigningSecrets = format!(r#"{{"deal_analysis":["{A}"]}}"#).parse().unwrap();
        assert!(secrets.keys(Header::General).is_none());
    }

    #[test]
    fn a_wrong_entry_is_named_and_no_secret_is_quoted() {
        for json in [
            r#"{"default":["hunter2"]}"#,
            r#"{"default":[]}"#,
            r#"{"sales":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#,
            r#"{"default":"hunter2"}"#,
            r#"["hunter2"]"#,
        ] {
            let refused = json.parse::<SigningSecrets>().unwrap_err().to_string();
            assert!(!refused.contains("hunter2") && !refused.contains("MfKQ"), "{refused}");
        }
    }
}
