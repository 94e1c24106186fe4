//! Evaluates a template's conditions.
//!
//! Source: AWS CloudFormation User Guide, "Condition functions".

use serde_json::Value as Json;

use super::error::TemplateError;
use super::intrinsics;
use super::scope::Scope;

/// Whether the condition `name` of the section `Conditions` holds.
pub(crate) fn holds(scope: &Scope, name: &str, place: &str) -> Result<bool, TemplateError> {
    let Some(expression) = scope.entry("Conditions", name) else {
        return Err(TemplateError::UnknownName { place: place.to_owned(), name: name.to_owned() });
    };
    scope.deeper(place, || evaluate(scope, expression, &format!("Conditions.{name}")))
}

fn evaluate(scope: &Scope, expression: &Json, place: &str) -> Result<bool, TemplateError> {
    let expected = "one of Equals, Not, And, Or, Condition";
    let entry =
        expression.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
    let Some((name, argument)) = entry else {
        return Err(TemplateError::shape(place, expected));
    };
    let arguments = argument.as_array().map_or(&[][..], Vec::as_slice);
    match (name.as_str(), arguments, argument) {
        ("Condition", _, Json::String(name)) => holds(scope, name, place),
        ("Fn::Equals", [left, right], _) => {
            Ok(intrinsics::evaluate_text(scope, left, place)?
                == intrinsics::evaluate_text(scope, right, place)?)
        }
        ("Fn::Not", [inner], _) => evaluate(scope, inner, place).map(|holds| !holds),
        ("Fn::And", [_, ..], _) => all(scope, arguments, place, true),
        ("Fn::Or", [_, ..], _) => all(scope, arguments, place, false).map(|none_holds| !none_holds),
        _ => Err(TemplateError::shape(place, expected)),
    }
}

/// Whether every one of `expressions` comes out as `wanted`.
fn all(scope: &Scope, expressions: &[Json], place: &str, wanted: bool) -> Result<bool, TemplateError> {
    for expression in expressions {
        if evaluate(scope, expression, place)? != wanted {
            return Ok(false);
        }
    }
    Ok(true)
}
