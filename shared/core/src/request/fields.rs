//! The rules of the request's fields; each broken one is remembered.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::problem::{FieldError, Problem};
use crate::{Header, Timestamp};

/// The most that `user_context` may hold, in bytes of names and values.
const MAX_USER_CONTEXT_BYTES: usize = 16 * 1024;

/// A JSON object's members, and what is wrong with them.
pub(super) struct Fields {
    members: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields {
    pub(super) fn of(members: Map<String, Value>) -> Self {
        Self { members, errors: Vec::new() }
    }

    pub(super) fn finish<T>(self, value: T) -> Result<T, Problem> {
        if self.errors.is_empty() { Ok(value) } else { Err(Problem::invalid(self.errors)) }
    }

    fn error(&mut self, field: &'static str, code: &'static str, message: impl Into<String>) {
        self.errors.push(FieldError { field, code, message: message.into() });
    }

    /// The member's string; none, without an error, when it is absent or null.
    fn optional(&mut self, field: &'static str) -> Option<String> {
        match self.members.remove(field) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(_) => {
                self.error(field, "wrong_type", "must be a string");
                None
            }
        }
    }

    /// A required string of 1 to `most` characters after trimming; empty after an error.
    pub(super) fn text(&mut self, field: &'static str, most: usize) -> String {
        let before = self.errors.len();
        let text = self.optional(field).map(|text| text.trim().to_owned()).unwrap_or_default();
        if self.errors.len() == before {
            if text.is_empty() {
                self.error(field, "required", "is required and may not be blank");
            } else if text.chars().count() > most {
                self.error(field, "too_long", format!("may have at most {most} characters"));
            }
        }
        text
    }

    /// A required string of 1 to 128 characters without control characters.
    pub(super) fn label(&mut self, field: &'static str) -> String {
        let text = self.text(field, 128);
        if text.chars().any(char::is_control) {
            self.error(field, "invalid_characters", "may not contain control characters");
        }
        text
    }

    /// A required RFC 3339 date and time, kept as given.
    pub(super) fn timestamp(&mut self, field: &'static str) -> String {
        let before = self.errors.len();
        let text = self.text(field, 64);
        if self.errors.len() == before {
            self.parsed::<Timestamp>(field, &text, "invalid_format");
        }
        text
    }

    /// An optional RFC 3339 date and time.
    pub(super) fn moment(&mut self, field: &'static str) -> Option<Timestamp> {
        let text = self.optional(field)?;
        self.parsed(field, &text, "invalid_format")
    }

    /// An optional class.
    pub(super) fn route(&mut self, field: &'static str) -> Option<Header> {
        let text = self.optional(field)?;
        self.parsed(field, &text, "invalid_value")
    }

    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &mut self,
        field: &'static str,
        text: &str,
        code: &'static str,
    ) -> Option<T> {
        text.parse().map_err(|rule: T::Err| self.error(field, code, rule.to_string())).ok()
    }

    /// An optional session id: `^[0-9a-zA-Z._:-]{2,100}$`.
    pub(super) fn session_id(&mut self, field: &'static str) -> Option<String> {
        let text = self.optional(field)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._:-".contains(c);
        if (2..=100).contains(&text.len()) && text.chars().all(allowed) {
            return Some(text);
        }
        self.error(field, "invalid_format", "must be 2 to 100 of the characters 0-9 a-z A-Z . _ : -");
        None
    }

    /// An optional object of strings, bounded.
    pub(super) fn user_context(&mut self, field: &'static str) -> BTreeMap<String, String> {
        let strings = match self.members.remove(field) {
            None | Some(Value::Null) => return BTreeMap::new(),
            Some(Value::Object(members)) => strings_only(members),
            Some(_) => None,
        };
        let Some(strings) = strings else {
            self.error(field, "wrong_type", "must be an object whose values are strings");
            return BTreeMap::new();
        };
        if strings.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
            > MAX_USER_CONTEXT_BYTES
        {
            self.error(field, "too_long", "may have at most 16 KiB");
        }
        strings
    }
}

fn strings_only(members: Map<String, Value>) -> Option<BTreeMap<String, String>> {
    let string = |(name, value)| match value {
        Value::String(text) => Some((name, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    };
    members.into_iter().map(string).collect()
}
