//! What InvokeAgent accepts. Pure.

use serde::Deserialize;

use super::exception::Refusal;

/// Longest input text, in characters (API model).
const MAX_INPUT_CHARS: usize = 25_000_000;

/// The labels of the path.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Labels {
    pub(crate) agent_id: String,
    pub(crate) alias_id: String,
    pub(crate) session_id: String,
}

impl Labels {
    /// The constraints of the API model.
    pub(crate) fn validate(&self) -> Result<(), Refusal> {
        for (name, value) in [("agentId", &self.agent_id), ("agentAliasId", &self.alias_id)] {
            let fits = (1..=10).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric());
            check(fits, name, "must match ^[0-9a-zA-Z]+$ and have at most 10 characters")?;
        }
        let session = &self.session_id;
        let fits = (2..=100).contains(&session.len()) && session.bytes().all(is_session_byte);
        check(fits, "sessionId", "must match ^[0-9a-zA-Z._:-]+$ and have 2 to 100 characters")
    }
}

fn is_session_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'-')
}

fn check(fits: bool, name: &str, rule: &str) -> Result<(), Refusal> {
    if fits {
        return Ok(());
    }
    Err(Refusal::validation(format!("1 validation error detected: Value at '{name}' failed: it {rule}")))
}

/// The body, as far as it matters here; other members are accepted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct InvokeAgentBody {
    pub(crate) input_text: Option<String>,
    pub(crate) enable_trace: Option<bool>,
    pub(crate) end_session: Option<bool>,
    memory_id: Option<String>,
    session_state: Option<SessionState>,
    streaming_configurations: Option<StreamingConfigurations>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
/// The attributes are read for their types only.
struct SessionState {
    return_control_invocation_results: Option<Vec<serde_json::Value>>,
    #[serde(rename = "sessionAttributes")]
    _session_attributes: Option<std::collections::BTreeMap<String, String>>,
    #[serde(rename = "promptSessionAttributes")]
    _prompt_session_attributes: Option<std::collections::BTreeMap<String, String>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct StreamingConfigurations {
    stream_final_response: Option<bool>,
    apply_guardrail_interval: Option<i64>,
}

impl InvokeAgentBody {
    /// Reads and validates a body.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let body: Self = serde_json::from_slice(body)
            .map_err(|error| Refusal::validation(format!("The request body is not valid: {error}")))?;
        let has_results = body.session_state.as_ref().is_some_and(|state| {
            state.return_control_invocation_results.as_ref().is_some_and(|results| !results.is_empty())
        });
        let text = body.input_text.as_deref().unwrap_or_default();
        let ends = body.end_session.unwrap_or(false);
        check(!text.is_empty() || ends || has_results, "inputText", "must not be empty")?;
        let short = text.len() <= MAX_INPUT_CHARS || text.chars().count() <= MAX_INPUT_CHARS;
        check(short, "inputText", "must have at most 25000000 characters")?;
        let fits = body.memory_id.as_ref().is_none_or(|id| (2..=100).contains(&id.len()));
        check(fits, "memoryId", "must have 2 to 100 characters")?;
        let interval =
            body.streaming_configurations.as_ref().and_then(|streaming| streaming.apply_guardrail_interval);
        check(interval.is_none_or(|interval| interval >= 1), "applyGuardrailInterval", "must be at least 1")?;
        Ok(body)
    }

    /// Whether the answer is sent in several chunks.
    pub(crate) fn streams_final_response(&self) -> bool {
        self.streaming_configurations
            .as_ref()
            .and_then(|streaming| streaming.stream_final_response)
            .unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(agent_id: &str, session_id: &str) -> Labels {
        Labels { agent_id: agent_id.into(), alias_id: "TSTALIASID".into(), session_id: session_id.into() }
    }

    #[test]
    fn ids_are_held_to_the_api_model() {
        assert!(labels("LOCALAGENT", "a:b.c_d-1").validate().is_ok());
        for (agent, session) in
            [("", "ab"), ("ELEVENCHARS", "ab"), ("A-B", "ab"), ("A", "a"), ("A", "a b"), ("A", "é1")]
        {
            assert!(labels(agent, session).validate().is_err(), "{agent} {session}");
        }
        assert!(labels("A", &"s".repeat(101)).validate().is_err());
    }

    #[test]
    fn a_body_needs_a_text_or_an_end() {
        assert!(InvokeAgentBody::parse(br#"{"inputText":"hi","unknown":1}"#).is_ok());
        assert!(InvokeAgentBody::parse(br#"{"endSession":true}"#).is_ok());
        for body in [
            "",
            "[]",
            "{}",
            r#"{"inputText":""}"#,
            r#"{"inputText":1}"#,
            r#"{"inputText":"a","memoryId":"x"}"#,
        ] {
            assert!(InvokeAgentBody::parse(body.as_bytes()).is_err(), "{body}");
        }
        let streaming = br#"{"inputText":"hi","streamingConfigurations":{"streamFinalResponse":true}}"#;
        assert!(InvokeAgentBody::parse(streaming).unwrap().streams_final_response());
    }
}
