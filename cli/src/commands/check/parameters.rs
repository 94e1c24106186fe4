//! The values that a deployment gives.

use serde_json::Value;

use super::finding::Finding;
use super::template::Template;

/// Judges the values that are given, and names those that are not. Patterns are left to CloudFormation.
pub(super) fn check(template: &Template) -> Vec<Finding> {
    let missing = template.not_given.iter().map(|name| not_given(name));
    let given = template.declared().filter(|(name, _)| !template.not_given.contains(name));
    let hidden = template.hidden.iter().map(|name| hidden(name));
    let given = given.filter(|(name, _)| !template.hidden.contains(*name));
    missing
        .chain(hidden)
        .chain(given.filter_map(|(name, declared)| refused(template, name, declared)))
        .collect()
}

fn not_given(name: &str) -> Finding {
    let reason = "has no default and was not given: what depends on it was not checked";
    Finding::note(parameter(name), reason, format!("give --parameter {name}=VALUE"))
}

/// A value that CloudFormation has, and does not tell.
pub(super) fn hidden(name: &str) -> Finding {
    let reason = "CloudFormation hides its value (NoEcho): what depends on it was not checked";
    Finding::note(
        parameter(name),
        reason,
        format!("check the template that is deployed with --parameter {name}=VALUE"),
    )
}

/// A value that CloudFormation refuses. The value itself may be a secret, and is not shown.
fn refused(template: &Template, name: &str, declared: &Value) -> Option<Finding> {
    let value = template.value(&serde_json::json!({"Ref": name}));
    let value = value.as_str()?;
    let limit = |name: &str| declared.get(name).and_then(Value::as_f64);
    // Numbers are compared as they are spelled.
    let spelled = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
    let is = |item: &Value| spelled(item) == value;
    let wanted = match (declared.get("AllowedValues").and_then(Value::as_array), declared["Type"] == "Number")
    {
        (Some(allowed), _) if !allowed.iter().any(is) => format!("one of {}", Value::from(allowed.clone())),
        (_, true) => {
            let range = limit("MinValue").unwrap_or(f64::MIN)..=limit("MaxValue").unwrap_or(f64::MAX);
            if value.trim().parse().is_ok_and(|number: f64| range.contains(&number)) {
                return None;
            }
            format!("a number from {} to {}", range.start(), range.end())
        }
        _ => return None,
    };
    Some(Finding::error(parameter(name), "CloudFormation refuses this value", format!("give {wanted}")))
}

fn parameter(name: &str) -> String {
    format!("Parameters.{name}")
}
