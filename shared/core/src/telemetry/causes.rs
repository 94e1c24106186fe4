//! Errors, as the log shows them.

use std::error::Error;

/// An error and its causes in one line, for the log alone: callers are told what concerns them.
#[must_use]
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::fmt::Error);

    #[test]
    fn an_error_is_told_with_its_causes() {
        let cause = std::fmt::Error;
        assert_eq!(with_causes(&Outer(cause)), format!("outer: {cause}"));
    }
}
