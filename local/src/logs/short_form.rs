//! One log line for the eye. Pure.

use serde_json::Value as Json;

/// The line as a person reads it, and whether it tells of an error. What is not JSON was not written by the
/// logger: a panic, or a library's cry for help.
pub(super) fn of(function: &str, line: &str) -> (String, bool) {
    let Ok(Json::Object(fields)) = serde_json::from_str(line) else {
        return (format!("{function:<14} {line}"), !line.trim().is_empty());
    };
    let text = |name: &str| {
        let inner = fields.get("fields").and_then(|inner| inner.get(name));
        fields.get(name).or(inner).and_then(Json::as_str).unwrap_or_default()
    };
    let level = text("level");
    let words = [text("event"), text("tracking_id"), text("message")];
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let words = if words.is_empty() { line.to_owned() } else { words.join(" ") };
    (format!("{function:<14} {level:<5} {words}"), level.eq_ignore_ascii_case("error"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_is_reduced_to_what_a_reader_looks_for() {
        let line = r#"{"timestamp":"x","level":"INFO","event":"WEBHOOK_DELIVERY_SUCCESS","tracking_id":"t","message":"delivered","target":"y"}"#;
        let expected = "delivery       INFO  WEBHOOK_DELIVERY_SUCCESS t delivered";
        assert_eq!(of("delivery", line), (expected.to_owned(), false));
    }

    #[test]
    fn errors_and_panics_are_always_worth_showing() {
        assert!(of("gateway", r#"{"level":"ERROR","message":"no"}"#).1);
        let panic = "thread 'main' panicked at src/main.rs";
        assert_eq!(of("gateway", panic), (format!("gateway        {panic}"), true));
        assert!(!of("gateway", "").1);
    }
}
