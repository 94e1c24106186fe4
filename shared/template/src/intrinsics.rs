//! Evaluates CloudFormation's intrinsic functions, as far as a template that runs here uses them.
//!
//! Source: AWS CloudFormation User Guide, "Intrinsic function reference".

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::conditions;
use super::error::TemplateError;
use super::scope::Scope;

/// The value of `json` with every intrinsic resolved; `None` is `AWS::NoValue`, which removes an entry
/// from the list or map that holds it.
pub(crate) fn evaluate(scope: &Scope, json: &Json, place: &str) -> Result<Option<Json>, TemplateError> {
    match json {
        Json::Object(object) => match intrinsic(object) {
            Some((name, argument)) => call(scope, name, argument, place),
            None => evaluate_map(scope, object, place).map(|map| Some(Json::Object(map))),
        },
        Json::Array(items) => evaluate_list(scope, items, place).map(|items| Some(Json::Array(items))),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Ok(Some(json.clone())),
    }
}

/// As [`evaluate`], for a value that must be a text; numbers and booleans count as their spelling.
pub(crate) fn evaluate_text(scope: &Scope, json: &Json, place: &str) -> Result<String, TemplateError> {
    match evaluate(scope, json, place)? {
        Some(Json::String(text)) => Ok(text),
        Some(value @ (Json::Number(_) | Json::Bool(_))) => Ok(value.to_string()),
        Some(Json::Null | Json::Array(_) | Json::Object(_)) | None => {
            Err(TemplateError::shape(place, "a text"))
        }
    }
}

fn evaluate_map(
    scope: &Scope,
    object: &Map<String, Json>,
    place: &str,
) -> Result<Map<String, Json>, TemplateError> {
    let mut evaluated = Map::new();
    for (key, value) in object {
        if let Some(value) = evaluate(scope, value, &format!("{place}.{key}"))? {
            evaluated.insert(key.clone(), value);
        }
    }
    Ok(evaluated)
}

fn evaluate_list(scope: &Scope, items: &[Json], place: &str) -> Result<Vec<Json>, TemplateError> {
    let items = items.iter().enumerate();
    items
        .filter_map(|(index, item)| evaluate(scope, item, &format!("{place}[{index}]")).transpose())
        .collect()
}

/// An object with a single key that is `Ref` or starts with `Fn::`.
fn intrinsic(object: &Map<String, Json>) -> Option<(&str, &Json)> {
    let mut entries = object.iter();
    let (key, argument) = entries.next()?;
    let is_intrinsic = entries.next().is_none() && (key == "Ref" || key.starts_with("Fn::"));
    is_intrinsic.then_some((key, argument))
}

fn call(scope: &Scope, name: &str, argument: &Json, place: &str) -> Result<Option<Json>, TemplateError> {
    match name {
        "Ref" => {
            let target = argument.as_str().ok_or_else(|| TemplateError::shape(place, "a name after Ref"))?;
            scope.reference(target, place)
        }
        "Fn::GetAtt" => get_att(scope, argument, place).map(Some),
        "Fn::Sub" => substitute(scope, argument, place).map(Some),
        "Fn::If" => choose(scope, argument, place),
        "Fn::Join" => join(scope, argument, place).map(Some),
        "Fn::Select" => select(scope, argument, place).map(Some),
        _ => Err(TemplateError::UnknownIntrinsic { place: place.to_owned(), name: name.to_owned() }),
    }
}

fn get_att(scope: &Scope, argument: &Json, place: &str) -> Result<Json, TemplateError> {
    let pair = argument.as_array().map(Vec::as_slice);
    let (name, attribute) = match (argument.as_str(), pair) {
        (Some(path), _) => path.split_once('.'),
        (None, Some([Json::String(name), Json::String(attribute)])) => {
            Some((name.as_str(), attribute.as_str()))
        }
        (None, _) => None,
    }
    .ok_or_else(|| TemplateError::shape(place, "a resource and an attribute after GetAtt"))?;
    scope.attribute(name, attribute, place).map(Json::String)
}

fn choose(scope: &Scope, argument: &Json, place: &str) -> Result<Option<Json>, TemplateError> {
    let Some([Json::String(condition), then, otherwise]) = argument.as_array().map(Vec::as_slice) else {
        return Err(TemplateError::shape(place, "a condition's name and two values after If"));
    };
    let chosen = if conditions::holds(scope, condition, place)? { then } else { otherwise };
    evaluate(scope, chosen, place)
}

fn join(scope: &Scope, argument: &Json, place: &str) -> Result<Json, TemplateError> {
    let expected = "a separator and a list after Join";
    let Some([Json::String(separator), list]) = argument.as_array().map(Vec::as_slice) else {
        return Err(TemplateError::shape(place, expected));
    };
    let Some(Json::Array(items)) = evaluate(scope, list, place)? else {
        return Err(TemplateError::shape(place, expected));
    };
    let texts: Result<Vec<_>, _> = items.iter().map(|item| evaluate_text(scope, item, place)).collect();
    Ok(Json::String(texts?.join(separator)))
}

fn select(scope: &Scope, argument: &Json, place: &str) -> Result<Json, TemplateError> {
    let expected = "an index and a list that has it after Select";
    let Some([index, list]) = argument.as_array().map(Vec::as_slice) else {
        return Err(TemplateError::shape(place, expected));
    };
    let index: Option<usize> = evaluate_text(scope, index, place)?.parse().ok();
    let Some(Json::Array(mut items)) = evaluate(scope, list, place)? else {
        return Err(TemplateError::shape(place, expected));
    };
    match index {
        Some(index) if index < items.len() => Ok(items.swap_remove(index)),
        Some(_) | None => Err(TemplateError::shape(place, expected)),
    }
}

fn substitute(scope: &Scope, argument: &Json, place: &str) -> Result<Json, TemplateError> {
    let expected = "a text, or a text and a map of variables, after Sub";
    let pair = argument.as_array().map(Vec::as_slice);
    let (text, variables) = match (argument.as_str(), pair) {
        (Some(text), _) => (text, BTreeMap::new()),
        (None, Some([Json::String(text), Json::Object(variables)])) => {
            (text.as_str(), evaluate_texts(scope, variables, place)?)
        }
        (None, _) => return Err(TemplateError::shape(place, expected)),
    };
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) =
            after.split_once('}').ok_or_else(|| TemplateError::shape(place, "a } after every ${"))?;
        result.push_str(before);
        result.push_str(&substitution(scope, name.trim(), &variables, place)?);
        rest = after;
    }
    result.push_str(rest);
    Ok(Json::String(result))
}

fn evaluate_texts(
    scope: &Scope,
    variables: &Map<String, Json>,
    place: &str,
) -> Result<BTreeMap<String, String>, TemplateError> {
    variables
        .iter()
        .map(|(name, value)| {
            evaluate_text(scope, value, &format!("{place}.{name}")).map(|text| (name.clone(), text))
        })
        .collect()
}

/// What stands for `${name}`: a variable of this `Sub`, `${!Literal}`, `${Resource.Attribute}`, or a reference.
fn substitution(
    scope: &Scope,
    name: &str,
    variables: &BTreeMap<String, String>,
    place: &str,
) -> Result<String, TemplateError> {
    if let Some(value) = variables.get(name) {
        return Ok(value.clone());
    }
    if let Some(literal) = name.strip_prefix('!') {
        return Ok(format!("${{{literal}}}"));
    }
    if let Some((resource, attribute)) = name.split_once('.') {
        return scope.attribute(resource, attribute, place);
    }
    let value = scope.reference(name, place)?.unwrap_or(Json::String(String::new()));
    evaluate_text(scope, &value, place)
}
