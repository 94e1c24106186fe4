//! What the batch actions have in common: the rules for a whole batch, and the answer that tells the fate
//! of each entry.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::error::ApiError;

/// Most entries of a batch (SQS quotas).
const MAXIMUM_ENTRIES: usize = 10;
/// Longest id of an entry.
const MAXIMUM_ID: usize = 80;

/// Checks the batch as a whole: 1 to 10 entries with distinct, well-formed ids.
pub(crate) fn check_ids<'a>(ids: impl Iterator<Item = &'a str>, entry: &'static str) -> Result<(), ApiError> {
    let ids: Vec<&str> = ids.collect();
    if ids.is_empty() {
        return Err(ApiError::EmptyBatch(entry));
    }
    if ids.len() > MAXIMUM_ENTRIES {
        return Err(ApiError::TooManyEntries(ids.len()));
    }
    if !ids.iter().all(|id| is_entry_id(id)) {
        return Err(ApiError::InvalidEntryId);
    }
    let mut seen = HashSet::new();
    match ids.iter().find(|id| !seen.insert(**id)) {
        Some(repeated) => Err(ApiError::IdsNotDistinct((*repeated).to_owned())),
        None => Ok(()),
    }
}

fn is_entry_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= MAXIMUM_ID
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// The answer of a batch action: what happened to each entry, by its id.
pub(crate) fn answer(outcomes: impl IntoIterator<Item = (String, Result<Value, ApiError>)>) -> Value {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (id, outcome) in outcomes {
        match outcome {
            Ok(Value::Object(mut entry)) => {
                entry.insert("Id".into(), id.into());
                successful.push(Value::Object(entry));
            }
            Ok(_) => successful.push(json!({ "Id": id })),
            Err(error) => failed.push(json!({
                "Id": id,
                "SenderFault": error.is_senders(),
                "Code": error.code(),
                "Message": error.to_string(),
            })),
        }
    }
    json!({ "Successful": successful, "Failed": failed })
}
