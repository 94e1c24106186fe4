//! The template's resources and texts.
//!
//! References become the names under which a stack runs here: `!Ref GatewayFunction` is `gateway`.

use serde_yaml_ng::Value;

/// Logical id, type and properties of every resource.
pub(super) fn resources(text: &str) -> Vec<(String, String, Value)> {
    let template: Value = serde_yaml_ng::from_str(text).unwrap();
    let all = template["Resources"].as_mapping().unwrap().iter();
    all.map(|(id, resource)| (words(id), words(&resource["Type"]), resource["Properties"].clone())).collect()
}

/// A text, or what a reference to a resource is called here.
pub(super) fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Tagged(tagged) if tagged.tag == "Sub" => words(&tagged.value),
        Value::Tagged(tagged) => local_name(&words(&tagged.value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Sequence(_) | Value::Mapping(_) => {
            panic!("{value:?} is no text")
        }
    }
}

/// `GatewayFunction` is `gateway`, `DeadLetterQueue.QueueName` is `dead-letter`; other names stay.
fn local_name(reference: &str) -> String {
    let name = reference.split('.').next().unwrap_or_default();
    let Some(name) = name.strip_suffix("Function").or_else(|| name.strip_suffix("Queue")) else {
        return reference.to_owned();
    };
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

/// The text with what stands in `${…}` under its name here; prices are a number.
pub(super) fn substituted(text: &str) -> String {
    let mut parts = text.split("${");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap();
        whole.push_str(&if name.ends_with("Price") { "1".to_owned() } else { local_name(name) });
        whole.push_str(rest);
    }
    whole
}
