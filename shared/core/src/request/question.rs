//! The body: JSON, bounded, every field error at once.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::Fields;
use crate::problem::{Problem, ProblemCode};
use crate::{Header, Timestamp};

/// The largest body, in bytes (SPEC 2.1).
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// A valid request: what the caller wants to know, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Which system asks; trimmed.
    pub source_system: String,
    /// Which process of it; trimmed.
    pub source_process: String,
    /// The caller's time, as given.
    pub timestamp: String,
    /// The question, trimmed.
    pub query: String,
    /// Continues this caller's agent session.
    pub session_id: Option<String>,
    /// Prompt session attributes for the agent.
    pub user_context: BTreeMap<String, String>,
    /// The caller's own choice of class.
    pub route: Option<Header>,
    /// When an answer stops being of use.
    pub deliver_before: Option<Timestamp>,
}

/// Reads a request's raw body.
///
/// `deliver_before` is only parsed here: whether it lies in the future is asked where a new conversation
/// begins, since a replay of an old request must find its conversation.
///
/// # Errors
/// 413 above [`MAX_BODY_BYTES`]; 400 `malformed_json` for what is not UTF-8 JSON (or is nested more than
/// 127 levels); 400 `invalid_request` with every field that breaks a rule.
pub fn parse(body: &[u8]) -> Result<Question, Problem> {
    refuse_too_large(body)?;
    let text = std::str::from_utf8(body).map_err(|_| malformed("the body is not UTF-8"))?;
    let value = serde_json::from_str(text).map_err(|cause| {
        malformed(format!("not JSON at line {}, column {}", cause.line(), cause.column()))
    })?;
    let Value::Object(members) = value else { return Err(malformed("the body must be a JSON object")) };
    validate(Fields::of(members))
}

/// Refuses a body that is too large, whatever is in it.
///
/// # Errors
/// 413 above [`MAX_BODY_BYTES`].
pub fn refuse_too_large(body: &[u8]) -> Result<(), Problem> {
    if body.len() <= MAX_BODY_BYTES {
        return Ok(());
    }
    let detail = format!("the body may have at most {MAX_BODY_BYTES} bytes");
    Err(Problem::new(ProblemCode::PayloadTooLarge, detail))
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::MalformedJson, detail)
}

fn validate(mut fields: Fields) -> Result<Question, Problem> {
    let question = Question {
        source_system: fields.label("source_system"),
        source_process: fields.label("source_process"),
        timestamp: fields.timestamp("timestamp"),
        query: fields.text("query", 32_000),
        session_id: fields.session_id("session_id"),
        user_context: fields.user_context("user_context"),
        route: fields.route("route"),
        deliver_before: fields.moment("deliver_before"),
    };
    fields.finish(question)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn original() -> Value {
        json!({"source_process": "quarterly_review", "timestamp": "2025-08-13T06:30:00Z",
               "source_system": "external_app", "query": "What is the deal status for IXIS?"})
    }

    fn with(field: &str, value: Value) -> Result<Question, Problem> {
        let mut body = original();
        body[field] = value;
        parse(body.to_string().as_bytes())
    }

    fn field_codes(result: Result<Question, Problem>) -> Vec<(&'static str, &'static str)> {
        result.unwrap_err().errors.iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn the_original_example_is_a_valid_request() {
        let question = parse(original().to_string().as_bytes()).unwrap();
        assert_eq!(question.query, "What is the deal status for IXIS?");
        assert_eq!(question.timestamp, "2025-08-13T06:30:00Z");
    }

    #[test]
    fn every_field_error_is_reported_at_once() {
        let problem = parse(br#"{"query": 7, "timestamp": "2025-08-13"}"#).unwrap_err();
        let fields: Vec<_> = problem.errors.iter().map(|error| error.field).collect();
        assert_eq!(fields, ["source_system", "source_process", "timestamp", "query"]);
    }

    #[test]
    fn a_numeric_query_is_a_wrong_type_and_leaks_nothing() {
        assert_eq!(field_codes(with("query", json!(42))), [("query", "wrong_type")]);
    }

    #[test]
    fn lengths_count_characters_after_trimming() {
        assert!(with("query", json!(format!("  {}  ", "é".repeat(32_000)))).is_ok());
        assert_eq!(field_codes(with("query", json!("é".repeat(32_001)))), [("query", "too_long")]);
        assert_eq!(field_codes(with("query", json!("   "))), [("query", "required")]);
        assert_eq!(
            field_codes(with("source_system", json!("x".repeat(129)))),
            [("source_system", "too_long")]
        );
    }

    #[test]
    fn a_control_character_in_a_source_is_refused() {
        assert_eq!(
            field_codes(with("source_system", json!("a\u{0}b"))),
            [("source_system", "invalid_characters")]
        );
    }

    #[test]
    fn optional_fields_follow_their_rules() {
        assert_eq!(field_codes(with("session_id", json!("a"))), [("session_id", "invalid_format")]);
        assert_eq!(field_codes(with("route", json!("deal"))), [("route", "invalid_value")]);
        assert_eq!(field_codes(with("user_context", json!({"a": 1}))), [("user_context", "wrong_type")]);
        assert_eq!(
            field_codes(with("deliver_before", json!("tomorrow"))),
            [("deliver_before", "invalid_format")]
        );
        assert!(with("user_context", json!({"region": "emea"})).is_ok());
        assert!(with("route", json!("lead_analysis")).is_ok());
    }

    #[test]
    fn a_null_option_is_an_absent_one() {
        assert!(with("session_id", Value::Null).is_ok());
    }

    #[test]
    fn a_body_of_256_kib_is_read_and_one_byte_more_is_not() {
        let mut body = original();
        body["padding"] = json!("");
        let room = MAX_BODY_BYTES - body.to_string().len();
        body["padding"] = json!("x".repeat(room));
        assert!(parse(body.to_string().as_bytes()).is_ok());
        body["padding"] = json!("x".repeat(room + 1));
        assert_eq!(parse(body.to_string().as_bytes()).unwrap_err().code, ProblemCode::PayloadTooLarge);
    }

    #[test]
    fn deep_nesting_and_bytes_that_are_not_utf_8_are_malformed() {
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        assert_eq!(parse(deep.as_bytes()).unwrap_err().code, ProblemCode::MalformedJson);
        assert_eq!(parse(b"{\"query\":\"\xff\"}").unwrap_err().code, ProblemCode::MalformedJson);
        assert_eq!(parse(b"[]").unwrap_err().code, ProblemCode::MalformedJson);
        assert_eq!(parse(b"").unwrap_err().code, ProblemCode::MalformedJson);
    }

    /// Members of every name that the request knows, with values of every kind.
    fn members() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
        let names = [
            "source_system",
            "source_process",
            "timestamp",
            "query",
            "session_id",
            "user_context",
            "route",
            "deliver_before",
            "unknown",
        ];
        let telling = ["", " ", "x", "general", "2025-08-13T06:30:00Z", "2025-08-13", "se\u{7f}x", "a:b-c.d"];
        let value = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            proptest::sample::select(telling.to_vec()).prop_map(Value::from),
            ".{0,120}".prop_map(Value::from),
            proptest::collection::btree_map(".{0,9}", ".{0,9}", 0..4).prop_map(|map| json!(map)),
            proptest::collection::vec(".{0,9}", 0..3).prop_map(|list| json!(list)),
        ];
        proptest::collection::vec((proptest::sample::select(names.to_vec()), value), 0..5)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_read_or_refused_without_a_panic(body in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = parse(&body);
        }

        #[test]
        fn whatever_the_members_are_what_is_accepted_keeps_every_rule(members in members()) {
            let mut body = original();
            for (name, value) in members {
                body[name] = value;
            }
            if let Ok(question) = parse(body.to_string().as_bytes()) {
                let is_visible = |text: &str| !text.is_empty() && text.trim() == text;
                prop_assert!(is_visible(&question.query) && is_visible(&question.source_process));
                prop_assert!(question.timestamp.parse::<Timestamp>().is_ok());
                let session = question.session_id.unwrap_or_else(|| "ok".to_owned());
                prop_assert!((2..=100).contains(&session.len()) && session.is_ascii());
                let context: usize = question.user_context.iter().map(|(k, v)| k.len() + v.len()).sum();
                prop_assert!(context <= 16 * 1024);
                prop_assert_eq!(question.route.is_some(), body["route"].is_string());
                prop_assert_eq!(question.deliver_before.is_some(), body["deliver_before"].is_string());
            }
        }

        #[test]
        fn a_valid_body_with_damaged_bytes_is_read_or_refused_without_a_panic(
            damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let mut bytes = original().to_string().into_bytes();
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = parse(&bytes);
        }

        #[test]
        fn what_is_accepted_keeps_the_rules(query in ".{0,40}", system in ".{0,140}") {
            let mut body = original();
            body["query"] = json!(query);
            body["source_system"] = json!(system);
            if let Ok(question) = parse(body.to_string().as_bytes()) {
                prop_assert!((1..=32_000).contains(&question.query.chars().count()));
                prop_assert!((1..=128).contains(&question.source_system.chars().count()));
                prop_assert!(!question.source_system.chars().any(char::is_control));
            }
        }
    }
}
