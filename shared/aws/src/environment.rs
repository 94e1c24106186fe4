//! The process's environment, read once at start: the one place that asks for it.

use std::sync::LazyLock;

use http::HeaderValue;
use percent_encoding::{CONTROLS, utf8_percent_encode};
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

/// The invocation's trace, for the services that it calls: X-Ray joins them by it, and Lambda finds a loop. Not read at
/// start, since the runtime sets it anew for each invocation; none outside Lambda.
///
/// Source: AWS Lambda Developer Guide, "Using Lambda recursive loop detection"; the SDKs do the same.
pub(crate) fn trace_header() -> Option<HeaderValue> {
    static IN_LAMBDA: LazyLock<bool> = LazyLock::new(|| is_set("AWS_LAMBDA_FUNCTION_NAME"));
    if !*IN_LAMBDA {
        return None;
    }
    let trace = std::env::var("_X_AMZN_TRACE_ID").ok()?;
    HeaderValue::try_from(utf8_percent_encode(&trace, CONTROLS).to_string()).ok()
}
