//! `AWS::Serverless::Function`.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::deployment::Function;
use crate::error::TemplateError;
use crate::intrinsics;
use crate::properties::Properties;
use crate::scope::Scope;

/// Reads a function. `Metadata.Binary` names the cargo binary that is its `bootstrap`.
pub(crate) fn read(scope: &Scope, logical_id: &str, resource: &Json) -> Result<Function, TemplateError> {
    let properties = Properties::of(scope, logical_id, resource).with_globals("Function");
    let binary = resource.get("Metadata").and_then(|metadata| metadata.get("Binary")?.as_str());
    let Some(binary) = binary else {
        let place = format!("Resources.{logical_id}.Metadata.Binary");
        return Err(TemplateError::shape(&place, "the name of the function's cargo binary"));
    };
    Ok(Function {
        logical_id: logical_id.to_owned(),
        name: scope.physical_name(logical_id, logical_id)?,
        binary: binary.to_owned(),
        timeout: properties.seconds("Timeout", 3, 1..=900)?,
        memory_mb: properties.whole("MemorySize", 128, 128..=10_240)?,
        environment: environment(scope, &properties)?,
        routes: routes(scope, &properties)?,
        reserved_concurrency: reserved_concurrency(&properties)?,
    })
}

fn reserved_concurrency(properties: &Properties) -> Result<Option<u32>, TemplateError> {
    let name = "ReservedConcurrentExecutions";
    properties.value(name)?.map(|_| properties.whole(name, 0, 0..=1_000)).transpose()
}

/// The variables of `Globals`, then the function's own, as SAM merges them.
fn environment(scope: &Scope, properties: &Properties) -> Result<BTreeMap<String, String>, TemplateError> {
    let mut environment = BTreeMap::new();
    for declared in [properties.raw_global("Environment"), properties.raw("Environment")] {
        let Some(variables) = declared.and_then(|declared| declared.get("Variables")?.as_object()) else {
            continue;
        };
        for (name, value) in variables {
            let place = properties.place(&format!("Environment.Variables.{name}"));
            environment.insert(name.clone(), intrinsics::evaluate_text(scope, value, &place)?);
        }
    }
    Ok(environment)
}

/// The routes among the function's events. Queues are mapped by resources of their own: as events they would be
/// granted every queue of the account.
fn routes(scope: &Scope, properties: &Properties) -> Result<Vec<String>, TemplateError> {
    let events = properties.raw("Events").and_then(Json::as_object).into_iter().flatten();
    events.map(|(name, event)| route(scope, event, &properties.place(&format!("Events.{name}")))).collect()
}

fn route(scope: &Scope, event: &Json, place: &str) -> Result<String, TemplateError> {
    if event.get("Type").and_then(Json::as_str) != Some("HttpApi") {
        let problem = "only events of type HttpApi are known here; \
                       map a queue with an AWS::Lambda::EventSourceMapping";
        return Err(TemplateError::invalid(place, problem));
    }
    let property = |name: &str| {
        let value = event.get("Properties").and_then(|properties| properties.get(name));
        value
            .map(|value| intrinsics::evaluate_text(scope, value, &format!("{place}.Properties.{name}")))
            .transpose()
    };
    // Without a path SAM makes the catch-all route.
    let Some(path) = property("Path")? else {
        return Ok("$default".to_owned());
    };
    let method = property("Method")?.unwrap_or_else(|| "ANY".to_owned());
    Ok(format!("{} {path}", method.to_ascii_uppercase()))
}
