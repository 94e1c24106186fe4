//! One line of a function's log.

use std::io::Write;

use revops_core::Timestamp;
use revops_core::text::harmless;
use serde_json::{Map, Value, json};

use crate::error::CtlError;
use crate::terminal::Terminal;

/// Members that have a place of their own in the line.
const PLACED: [&str; 5] = ["timestamp", "level", "event", "message", "tracking_id"];

/// How bad it is, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(super) enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// A line, and the function that wrote it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    function: String,
    text: String,
    /// None for what the logger did not write: a panic, or the runtime's own lines.
    members: Option<Map<String, Value>>,
}

impl Line {
    pub(super) fn new(function: &str, text: &str) -> Self {
        let members = match serde_json::from_str(text) {
            Ok(Value::Object(members)) => Some(members),
            _ => None,
        };
        Self { function: function.to_owned(), text: text.trim_end().to_owned(), members }
    }

    fn member(&self, name: &str) -> Option<&str> {
        self.members.as_ref()?.get(name)?.as_str()
    }

    pub(super) fn tracking_id(&self) -> Option<&str> {
        self.member("tracking_id")
    }

    pub(super) fn event(&self) -> Option<&str> {
        self.member("event")
    }

    pub(super) fn at(&self) -> Option<Timestamp> {
        self.member("timestamp")?.parse().ok()
    }

    /// A metric is no log line.
    pub(super) fn is_metric(&self) -> bool {
        self.members.as_ref().is_some_and(|members| members.contains_key("_aws"))
    }

    /// What is not the logger's is a cry for help.
    pub(super) fn level(&self) -> Level {
        match self.member("level").map(str::to_ascii_lowercase).as_deref() {
            Some("trace") => Level::Trace,
            Some("debug") => Level::Debug,
            Some("warn") => Level::Warn,
            Some("info") => Level::Info,
            Some(_) => Level::Error,
            // Lambda's own reports of start and end are no cries.
            None if self.members.is_some() || is_report(&self.text) => Level::Info,
            None => Level::Error,
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let mut members = self.members.clone().unwrap_or_else(|| {
            Map::from_iter([("message".to_owned(), json!(self.text)), ("level".to_owned(), json!("ERROR"))])
        });
        members.insert("function".to_owned(), json!(self.function));
        Value::Object(members)
    }

    /// Time, level, function, event, message, and the rest of the members.
    pub(super) fn print(&self, terminal: &Terminal, out: &mut impl Write) -> Result<(), CtlError> {
        let function = terminal.dim(format!("{:<14}", self.function));
        let Some(members) = &self.members else {
            let text = terminal.red(harmless(&self.text));
            return Ok(writeln!(out, "{:<12}  ERROR  {function}  {text}", "")?);
        };
        let time = self.at().map(|at| terminal.time(at)).unwrap_or_default();
        let level = self.member("level").unwrap_or_default().to_owned();
        let level = match self.level() {
            Level::Error => terminal.red(format!("{level:<5}")),
            Level::Warn => terminal.yellow(format!("{level:<5}")),
            Level::Trace | Level::Debug | Level::Info => format!("{level:<5}"),
        };
        let words = ["event", "tracking_id", "message"].map(|name| self.member(name).unwrap_or_default());
        let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).map(harmless).collect();
        let rest = terminal.dim(harmless(&rest(members)));
        let time = terminal.dim(format!("{time:<12}"));
        Ok(writeln!(out, "{time}  {level}  {function}  {}{rest}", words.join("  "))?)
    }
}

fn is_report(text: &str) -> bool {
    ["START ", "END ", "REPORT ", "INIT_START ", "EXTENSION"].iter().any(|word| text.starts_with(word))
}

fn rest(members: &Map<String, Value>) -> String {
    let others = members.iter().filter(|(name, _)| !PLACED.contains(&name.as_str()));
    let words = others.map(|(name, value)| match value {
        Value::String(text) => format!("  {name}={text}"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            format!("  {name}={value}")
        }
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        let mut out = Vec::new();
        Line::new("delivery", text).print(&Terminal::plain(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_has_its_time_level_function_event_id_message_and_the_rest() {
        let text = r#"{"timestamp":"2025-08-13T06:30:00.123456Z","level":"INFO","event":"E","tracking_id":"t","message":"done","attempt":2}"#;
        assert_eq!(printed(text), "06:30:00.123  INFO   delivery        E  t  done  attempt=2\n");
    }

    #[test]
    fn what_the_logger_did_not_write_is_an_error_unless_it_is_lambdas_report() {
        assert_eq!(Line::new("gateway", "thread 'main' panicked").level(), Level::Error);
        assert_eq!(Line::new("gateway", "REPORT RequestId: 1 Duration: 2 ms").level(), Level::Info);
        assert!(Line::new("gateway", r#"{"_aws":{}}"#).is_metric());
    }

    #[test]
    fn no_line_commands_the_terminal() {
        assert!(!printed("\u{1b}[2J").contains('\u{1b}'));
        assert!(!printed(r#"{"message":"\u001b[2J","x":"\u001b[2J"}"#).contains('\u{1b}'));
    }
}
