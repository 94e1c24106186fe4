//! Secret settings that are a JSON object from names to values.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

/// The entries of `json`, by name.
///
/// # Errors
/// Where the JSON stops being such an object. The parser's own message could quote a secret; the place is
/// enough.
pub(crate) fn entries<V: DeserializeOwned>(json: &str) -> Result<BTreeMap<String, V>, String> {
    serde_json::from_str(json).map_err(|cause| format!("line {}, column {}", cause.line(), cause.column()))
}
