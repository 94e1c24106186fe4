//! The decision who is calling.

use std::collections::BTreeSet;
use std::time::Duration;

use super::ApiKeys;

/// How far a signed request's timestamp may be from now, either way (SPEC 2.3).
pub const SIGNATURE_TOLERANCE: Duration = Duration::from_secs(300);

/// Who may call, and how they prove it.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// How callers prove who they are.
    pub mode: InboundMode,
    /// Callers who read every conversation.
    pub operators: BTreeSet<String>,
}

/// Whether callers must prove who they are.
#[derive(Clone, Debug)]
pub enum InboundMode {
    /// `INBOUND_AUTH=none`, said explicitly: everybody is `anonymous`.
    Open,
    /// API keys.
    Required(ApiKeys),
}

/// A caller whose identity is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name of the credentials; recorded on the conversation.
    pub name: String,
    /// Reads every conversation, not only its own.
    pub operator: bool,
}

/// What a request offers as proof.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credentials<'a> {
    /// The header `authorization`.
    pub authorization: Option<&'a str>,
    /// The header `x-api-key`.
    pub api_key: Option<&'a str>,
}

/// No, unknown, expired or wrong credentials: one answer for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("valid credentials are needed")]
pub struct Unauthenticated;

impl Inbound {
    /// Who is calling.
    ///
    /// # Errors
    /// The credentials prove nobody.
    pub fn authenticate(&self, credentials: &Credentials<'_>) -> Result<Caller, Unauthenticated> {
        let name = match &self.mode {
            InboundMode::Open => "anonymous",
            InboundMode::Required(keys) => {
                let key = bearer(credentials).ok_or(Unauthenticated)?;
                keys.name_of(key).ok_or(Unauthenticated)?
            }
        };
        Ok(Caller { name: name.to_owned(), operator: self.operators.contains(name) })
    }
}

impl Caller {
    /// Whether this caller may read a conversation of `owner`'s.
    #[must_use]
    pub fn may_read(&self, owner: &str) -> bool {
        self.operator || self.name == owner
    }
}

/// The key of `Authorization: Bearer <key>` (the scheme in any case, RFC 9110) or of `x-api-key`.
fn bearer<'a>(credentials: &Credentials<'a>) -> Option<&'a str> {
    let from_authorization = credentials.authorization.and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
    });
    from_authorization.or(credentials.api_key).filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::sha256_hex;

    fn inbound() -> Inbound {
        let keys = format!(r#"{{"crm":"{}","ops":"{}"}}"#, sha256_hex(b"k-crm"), sha256_hex(b"k-ops"));
        Inbound {
            mode: InboundMode::Required(keys.parse().unwrap()),
            operators: BTreeSet::from(["ops".to_owned()]),
        }
    }

    fn by_header(value: &str) -> Result<Caller, Unauthenticated> {
        inbound().authenticate(&Credentials { authorization: Some(value), api_key: None })
    }

    #[test]
    fn a_key_is_taken_from_either_header() {
        assert_eq!(by_header("Bearer k-crm").unwrap().name, "crm");
        let by_key = Credentials { authorization: None, api_key: Some("k-crm") };
        assert_eq!(inbound().authenticate(&by_key).unwrap().name, "crm");
    }

    #[test]
    fn whoever_is_not_known_stays_out() {
        for value in ["Bearer wrong", "Bearer ", "Bearer", "Basic k-crm", "k-crm", ""] {
            assert_eq!(by_header(value), Err(Unauthenticated), "{value:?}");
        }
    }

    #[test]
    fn a_caller_reads_its_own_and_an_operator_reads_all() {
        assert!(by_header("Bearer k-ops").unwrap().may_read("crm"));
        assert!(!by_header("Bearer k-crm").unwrap().may_read("ops"));
    }
}
