//! Typed configuration from environment variables: read once at start, all errors at once (SPEC 9).
//!
//! Each function has one configuration type with a `from_variables(&Variables)`; it reads through a
//! [`Reader`], which collects every complaint, so that a developer mends all of them in one deploy.

mod destinations;
mod time_scale;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

pub use destinations::{ClassQueues, Destinations};
pub use time_scale::TimeScale;

/// The environment as data.
#[derive(Clone, Debug, Default)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// The variables of `pairs`; later ones win.
    pub fn new<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The value of `name` where it is set and not blank: a blank parameter in a template means "not set".
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The value of `name` where it is set, even to nothing: for the few variables whose emptiness means
    /// something.
    #[must_use]
    pub fn get_even_blank(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim())
    }
}

/// Everything that is wrong with a function's environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(pub Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration is not usable: {}", self.0.join("; "))
    }
}

impl std::error::Error for ConfigError {}

/// Reads variables and remembers every complaint.
#[derive(Debug)]
pub struct Reader<'a> {
    variables: &'a Variables,
    complaints: Vec<String>,
}

impl<'a> Reader<'a> {
    /// A reader without complaints.
    #[must_use]
    pub const fn new(variables: &'a Variables) -> Self {
        Self { variables, complaints: Vec::new() }
    }

    /// The variables themselves.
    #[must_use]
    pub const fn variables(&self) -> &'a Variables {
        self.variables
    }

    /// Notes that `name` is wrong: what is wrong, and an example of a right value.
    pub fn complain(&mut self, name: &str, wrong: &str, example: &str) {
        self.complaints.push(format!("{name} {wrong} (for example {name}={example})"));
    }

    /// The text of a variable that must be set; empty after a complaint.
    pub fn required(&mut self, name: &str, example: &str) -> String {
        if let Some(value) = self.variables.get(name) {
            return value.to_owned();
        }
        self.complain(name, "is not set", example);
        String::new()
    }

    /// A variable that may be missing, parsed; `None` when it is missing or wrong.
    pub fn optional<T: FromStr<Err: fmt::Display>>(&mut self, name: &str, example: &str) -> Option<T> {
        let value = self.variables.get(name)?;
        match value.parse() {
            Ok(parsed) => Some(parsed),
            Err(cause) => {
                self.complain(name, &format!("is wrong: {cause}"), example);
                None
            }
        }
    }

    /// A number that must lie in `range`; `default` when it is missing.
    pub fn number(&mut self, name: &str, default: u64, range: std::ops::RangeInclusive<u64>) -> u64 {
        let value = self.optional::<u64>(name, &default.to_string()).unwrap_or(default);
        if !range.contains(&value) {
            let wrong = format!("must be {} to {}", range.start(), range.end());
            self.complain(name, &wrong, &default.to_string());
        }
        value
    }

    /// A switch: `true` or `false`; `default` when it is missing.
    pub fn switch(&mut self, name: &str, default: bool) -> bool {
        self.optional(name, "true").unwrap_or(default)
    }

    /// The `value` that was read, if nothing was wrong.
    ///
    /// # Errors
    /// All complaints.
    pub fn finish<T>(self, value: T) -> Result<T, ConfigError> {
        if self.complaints.is_empty() { Ok(value) } else { Err(ConfigError(self.complaints)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_complaints_come_at_once_and_name_their_variable() {
        let variables = Variables::new([("WAIT", "soon"), ("BLANK", "  ")]);
        let mut reader = Reader::new(&variables);
        reader.number("WAIT", 25, 0..=25);
        reader.required("BLANK", "x");
        let ConfigError(complaints) = reader.finish(()).unwrap_err();
        assert_eq!(complaints.len(), 2);
        assert!(complaints[0].starts_with("WAIT ") && complaints[1].starts_with("BLANK is not set"));
    }

    #[test]
    fn a_number_outside_its_range_is_refused() {
        let variables = Variables::new([("WAIT", "26")]);
        let mut reader = Reader::new(&variables);
        reader.number("WAIT", 25, 0..=25);
        assert!(reader.finish(()).is_err());
    }
}
