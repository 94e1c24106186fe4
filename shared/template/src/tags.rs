//! Turns YAML with CloudFormation's short tags (`!Ref X`) into JSON with the long forms (`{"Ref": "X"}`),
//! so that evaluation knows one spelling only.
//!
//! Source: AWS CloudFormation User Guide, "Intrinsic function reference".

use serde_json::{Map, Number, Value as Json};
use serde_yaml_ng::Value as Yaml;

use super::error::TemplateError;

/// Parses a template's text.
///
/// # Errors
/// It is not YAML, or a key is not a text.
pub fn parse(text: &str) -> Result<Json, TemplateError> {
    let yaml = serde_yaml_ng::from_str(text).map_err(|error| TemplateError::Yaml(error.to_string()))?;
    to_json(yaml, "template")
}

fn to_json(yaml: Yaml, place: &str) -> Result<Json, TemplateError> {
    Ok(match yaml {
        Yaml::Null => Json::Null,
        Yaml::Bool(value) => Json::Bool(value),
        Yaml::Number(number) => number_to_json(&number, place)?,
        Yaml::String(text) => Json::String(text),
        Yaml::Sequence(items) => {
            let items = items.into_iter().enumerate();
            Json::Array(
                items
                    .map(|(index, item)| to_json(item, &format!("{place}[{index}]")))
                    .collect::<Result<_, _>>()?,
            )
        }
        Yaml::Mapping(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                let Yaml::String(key) = key else {
                    return Err(TemplateError::shape(place, "keys that are strings"));
                };
                let value = to_json(value, &format!("{place}.{key}"))?;
                object.insert(key, value);
            }
            Json::Object(object)
        }
        Yaml::Tagged(tagged) => {
            let name = tagged.tag.to_string();
            let argument = to_json(tagged.value, place)?;
            long_form(name.trim_start_matches('!'), argument)
        }
    })
}

fn number_to_json(number: &serde_yaml_ng::Number, place: &str) -> Result<Json, TemplateError> {
    number
        .as_i64()
        .map(Number::from)
        .or_else(|| number.as_u64().map(Number::from))
        .or_else(|| number.as_f64().and_then(Number::from_f64))
        .map(Json::Number)
        .ok_or_else(|| TemplateError::shape(place, "a finite number"))
}

fn long_form(tag: &str, argument: Json) -> Json {
    let (key, argument) = match (tag, argument) {
        ("Ref" | "Condition", argument) => (tag.to_owned(), argument),
        ("GetAtt", Json::String(path)) => ("Fn::GetAtt".to_owned(), attribute_path(&path)),
        (_, argument) => (format!("Fn::{tag}"), argument),
    };
    Json::Object(Map::from_iter([(key, argument)]))
}

/// `Name.Attribute` as the pair that the long form takes; without a dot it stays as it is.
fn attribute_path(path: &str) -> Json {
    match path.split_once('.') {
        Some((name, attribute)) => Json::from(vec![name, attribute]),
        None => Json::String(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn short_tags_become_long_forms_also_when_nested() {
        let parsed = parse("A: !Not [!Equals [!Ref X, '']]\nB: !GetAtt Q.Arn\nC: !Sub 'a-${X}'").unwrap();
        assert_eq!(
            parsed,
            json!({
                "A": {"Fn::Not": [{"Fn::Equals": [{"Ref": "X"}, ""]}]},
                "B": {"Fn::GetAtt": ["Q", "Arn"]},
                "C": {"Fn::Sub": "a-${X}"},
            })
        );
    }

    #[test]
    fn a_key_that_is_no_string_is_refused_with_its_place() {
        assert_eq!(parse("A: {1: x}"), Err(TemplateError::shape("template.A", "keys that are strings")));
    }
}
