//! The process's environment, read once at start: the one place that asks for it.

use revops_core::config::Variables;

/// All environment variables that are valid Unicode. What is not cannot be meant for this program.
#[must_use]
pub fn variables() -> Variables {
    let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    Variables::new(std::env::vars_os().filter_map(readable))
}

/// Whether `name` is set to something.
pub(crate) fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
