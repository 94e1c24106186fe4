//! What a value may be, whatever the conditions are.

use serde_json::Value as Json;

/// The items of a list, or the value that stands without one, as policies allow; of an `Fn::If` both branches, without
/// `AWS::NoValue`. So whoever judges them judges every deployment of the template.
#[must_use]
pub fn all_branches(value: &Json) -> Vec<&Json> {
    if let Some(items) = value.as_array() {
        return items.iter().flat_map(all_branches).collect();
    }
    match value.get("Fn::If").and_then(Json::as_array) {
        Some(parts) => parts.iter().skip(1).flat_map(all_branches).collect(),
        None if value.is_null() || value.get("Ref").is_some_and(|name| name == "AWS::NoValue") => Vec::new(),
        None => vec![value],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_branches_count_and_no_value_does_not() {
        let list = json!(["a", {"Fn::If": ["Yes", ["b", "c"], {"Ref": "AWS::NoValue"}]}]);
        assert_eq!(all_branches(&list), [&json!("a"), &json!("b"), &json!("c")]);
        assert_eq!(all_branches(&json!("alone")), [&json!("alone")]);
        assert!(all_branches(&Json::Null).is_empty());
    }
}
