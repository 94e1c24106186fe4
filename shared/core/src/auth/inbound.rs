//! Who may call, what a request offers as proof, and what the proven caller may do.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{ApiKeys, Signers};
use crate::secret::SecretSource;
use crate::sign::SignatureHeaders;

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
    /// By an API key, or by signing; at least one of the two is set.
    Required {
        /// `INBOUND_API_KEYS`.
        api_keys: Option<SecretSource<ApiKeys>>,
        /// `INBOUND_SIGNING_SECRETS`.
        signers: Option<SecretSource<Signers>>,
    },
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credentials<'a> {
    /// The header `authorization`.
    pub authorization: Option<&'a str>,
    /// The header `x-api-key`.
    pub api_key: Option<&'a str>,
    /// The three headers of a signed request, where all of them are there.
    pub signature: Option<SignatureHeaders<'a>>,
}

impl<'a> Credentials<'a> {
    /// The key of `Authorization: Bearer <key>` (the scheme in any case, RFC 9110) or of `x-api-key`.
    #[must_use]
    pub fn key(&self) -> Option<&'a str> {
        let from_authorization = self.authorization.and_then(|value| {
            let (scheme, key) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
        });
        from_authorization.or(self.api_key).filter(|key| !key.is_empty())
    }
}

impl Caller {
    /// The caller called `name`; `operators` read every conversation.
    #[must_use]
    pub fn named(name: &str, operators: &BTreeSet<String>) -> Self {
        Self { name: name.to_owned(), operator: operators.contains(name) }
    }

    /// Whether this caller may read a conversation of `owner`'s.
    #[must_use]
    pub fn may_read(&self, owner: &str) -> bool {
        self.operator || self.name == owner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_in(authorization: &str) -> Option<&str> {
        Credentials { authorization: Some(authorization), ..Credentials::default() }.key()
    }

    #[test]
    fn a_key_is_taken_from_either_header() {
        assert_eq!(key_in("Bearer k-crm"), Some("k-crm"));
        assert_eq!(key_in("bearer  k-crm "), Some("k-crm"));
        let by_header = Credentials { api_key: Some("k-crm"), ..Credentials::default() };
        assert_eq!(by_header.key(), Some("k-crm"));
    }

    #[test]
    fn what_is_no_bearer_token_is_no_key() {
        for value in ["Bearer ", "Bearer", "Basic k-crm", "k-crm", ""] {
            assert_eq!(key_in(value), None, "{value:?}");
        }
    }

    #[test]
    fn a_caller_reads_its_own_and_an_operator_reads_all() {
        let operators = BTreeSet::from(["ops".to_owned()]);
        assert!(Caller::named("ops", &operators).may_read("crm"));
        assert!(Caller::named("crm", &operators).may_read("crm"));
        assert!(!Caller::named("crm", &operators).may_read("ops"));
    }
}
