//! An answer that is one JSON document.
//!
//! Runtimes name their answer in many ways. A string is the answer; in an object the first of [`MEMBERS`] that
//! holds a text is; a list, such as the content blocks of a chat message, is its texts one after the other.
//! `{"error": …}` is a failure, also with status 200.

use revops_core::ports::{AgentError, AgentErrorCode};
use serde_json::{Map, Value};

use crate::agent_call::{self, AnswerText, permanent, retryable};

/// Where an answer's text is looked for, the most telling name first.
const MEMBERS: [&str; 8] =
    ["result", "response", "output", "answer", "completion", "message", "content", "text"];
/// Answers are wrapped, but not deeper.
const DEEPEST: usize = 8;
/// An error's name is logged up to here.
const MAX_NAME_CHARS: usize = 80;

/// The text of a whole document.
pub(super) fn read(document: &[u8]) -> Result<String, AgentError> {
    if document.trim_ascii().is_empty() {
        return Err(retryable(AgentErrorCode::EmptyAnswer, "the answer has no content"));
    }
    // The reason alone: a parser's message may quote the answer, which is not for the log.
    let value: Value = serde_json::from_slice(document).map_err(|cause| {
        let detail = format!("the answer is not valid JSON ({:?} error)", cause.classify());
        retryable(AgentErrorCode::BrokenStream, detail)
    })?;
    if let Some(error) = error_in(&value) {
        return Err(error);
    }
    let found = text_in(&value).ok_or_else(|| {
        let detail = format!("no text in the answer; it is looked for in {}", MEMBERS.join(", "));
        permanent(AgentErrorCode::NotText, detail)
    })?;
    let mut text = AnswerText::default();
    text.push(found.as_bytes())?;
    text.decode()
}

/// The text that `value` holds, if it holds any.
pub(super) fn text_in(value: &Value) -> Option<String> {
    find(value, DEEPEST)
}

fn find(value: &Value, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let texts: Vec<_> = items.iter().filter_map(|item| find(item, depth)).collect();
            (!texts.is_empty()).then(|| texts.concat())
        }
        Value::Object(members) => {
            MEMBERS.iter().filter_map(|name| members.get(*name)).find_map(|member| find(member, depth))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The failure that `value` reports, if it reports one.
pub(super) fn error_in(value: &Value) -> Option<AgentError> {
    let members = value.as_object()?;
    let is_error = members.get("type").and_then(Value::as_str) == Some("error");
    let error = members.get("error").filter(|error| reports_something(error));
    (is_error || error.is_some()).then(|| of_names(&names(members, error)))
}

/// What a failure called so means. An error's message may quote the question, so that the log gets no more
/// than the name.
pub(super) fn of_names(names: &[String]) -> AgentError {
    let name = names.iter().find(|name| agent_call::is_known(name)).or(names.first());
    let name = name.map_or("", String::as_str);
    let shown: String = name.chars().filter(char::is_ascii_alphanumeric).take(MAX_NAME_CHARS).collect();
    agent_call::of_exception(name, None, format!("the agent reports an error called '{shown}'"))
}

fn reports_something(error: &Value) -> bool {
    match error {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
    }
}

/// All that might be the error's name, spelled as the services spell theirs.
fn names(members: &Map<String, Value>, error: Option<&Value>) -> Vec<String> {
    let inner = error.and_then(Value::as_object);
    let inner = ["type", "code", "name", "__type"].map(|name| inner.and_then(|inner| inner.get(name)));
    let outer = ["error_type", "code", "__type"].map(|name| members.get(name));
    let candidates = outer.into_iter().chain(inner).chain([error]).flatten();
    candidates.filter_map(Value::as_str).map(spelled).collect()
}

/// `com.amazon#throttlingException:…` is a `ThrottlingException`.
fn spelled(name: &str) -> String {
    let name = name.rsplit('#').next().unwrap_or_default();
    let name = name.split(':').next().unwrap_or_default().trim();
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, expected: &str) {
        assert_eq!(read(document.as_bytes()).as_deref(), Ok(expected), "{document}");
    }

    fn failure(document: &str) -> (AgentErrorCode, bool) {
        let error = read(document.as_bytes()).unwrap_err();
        (error.code(), matches!(error, AgentError::Retryable { .. }))
    }

    #[test]
    fn a_string_is_the_answer() {
        check(r#""caf\u00e9""#, "café");
    }

    #[test]
    fn the_usual_members_hold_the_answer() {
        for name in MEMBERS {
            check(&format!(r#"{{"status":"success","{name}":"ok"}}"#), "ok");
        }
        check(r#"{"text":"less telling","result":"more"}"#, "more");
    }

    #[test]
    fn a_chat_message_is_its_texts_one_after_the_other() {
        let message = r#"{"role":"assistant","content":[{"text":"one "},{"toolUse":{}},{"text":"two"}]}"#;
        check(message, "one two");
        check(&format!(r#"{{"output":{{"message":{message}}},"usage":{{}}}}"#), "one two");
    }

    #[test]
    fn nothing_said_may_pass_and_a_form_that_nobody_knows_does_not() {
        for document in ["", " \n", r#""""#, r#"{"result":" "}"#] {
            assert_eq!(failure(document), (AgentErrorCode::EmptyAnswer, true), "{document}");
        }
        for document in ["{}", "null", "7", "[]", r#"{"reply":"?"}"#] {
            assert_eq!(failure(document), (AgentErrorCode::NotText, false), "{document}");
        }
    }

    #[test]
    fn half_a_document_is_a_broken_stream() {
        assert_eq!(failure(r#"{"result":"half"#), (AgentErrorCode::BrokenStream, true));
    }

    #[test]
    fn an_error_is_a_failure_by_its_name_and_no_answer() {
        for (document, expected) in [
            (r#"{"error":"boom","result":"x"}"#, (AgentErrorCode::ServiceError, true)),
            (r#"{"error":"boom","error_type":"ValidationException"}"#, (AgentErrorCode::Invalid, false)),
            (r#"{"error":{"code":"throttlingException"}}"#, (AgentErrorCode::Throttled, true)),
            (r#"{"type":"error","code":"x#AccessDeniedException:"}"#, (AgentErrorCode::AccessDenied, false)),
        ] {
            assert_eq!(failure(document), expected, "{document}");
        }
        check(r#"{"error":null,"result":"fine"}"#, "fine");
        check(r#"{"error":"","result":"fine"}"#, "fine");
    }

    #[test]
    fn what_an_error_says_is_not_for_the_log() {
        let error = read(br#"{"error":"IXIS pays 2 million","error_type":"ValueError"}"#).unwrap_err();
        let said = error.to_string();
        assert!(said.contains("ValueError") && !said.contains("IXIS"), "{said}");
    }
}
