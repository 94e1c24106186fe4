//! The environment of whoever started the stack.

use std::collections::BTreeMap;

use super::EnvironmentError;

/// Variables as they were when the stack started.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller(BTreeMap<String, String>);

impl Caller {
    /// Variables whose name or value is not UTF-8 are left out: no variable of the product may be so.
    pub(crate) fn from_process() -> Self {
        let texts = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self(texts.collect())
    }

    /// The value, where the variable is there at all, even if it is empty.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value, where it is not empty.
    pub(crate) fn set(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// Whether the callers of the gateway are authenticated by what the environment says, so that no API key
    /// needs to be made.
    pub(crate) fn brings_api_keys(&self) -> bool {
        let has_keys =
            ["INBOUND_API_KEYS", "INBOUND_API_KEYS_ARN"].iter().any(|name| self.set(name).is_some());
        has_keys || self.set("INBOUND_AUTH") == Some("none")
    }

    /// Whether the environment says how deliveries are signed, so that no secret needs to be made.
    pub(crate) fn brings_signing_secrets(&self) -> bool {
        ["SIGNING_SECRETS", "SIGNING_SECRETS_ARN"].iter().any(|name| self.set(name).is_some())
    }

    /// Refuses what could not work with the real agent.
    pub(crate) fn check_real_agent(&self) -> Result<(), EnvironmentError> {
        let needed: &[&'static str] = match self.set("AGENT_BACKEND") {
            Some("agentcore") => &["AGENT_RUNTIME_ARN"],
            Some(_) | None => &["BEDROCK_AGENT_ID", "BEDROCK_AGENT_ALIAS_ID"],
        };
        let missing: Vec<_> = needed.iter().copied().filter(|name| self.set(name).is_none()).collect();
        if missing.is_empty() { Ok(()) } else { Err(EnvironmentError::RealAgentIsNotNamed { missing }) }
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Caller {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
