//! Reads `template.yaml`: `cargo local` runs what it deploys, the same functions, time-outs, environment, queues and
//! event source mappings, and `gatewayctl check` judges it. Pure: text in, [`Deployment`] out.

mod branches;
mod conditions;
mod deployment;
mod error;
mod intrinsics;
mod properties;
mod resources;
mod scope;
mod tags;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value as Json;

pub use branches::all_branches;
pub use deployment::{Deployment, EventSource, Function, Queue, Redrive};
pub use error::TemplateError;
pub use scope::Account;
pub use tags::parse;

use scope::Scope;

/// Evaluates a template. `parameters` replace the defaults of its section `Parameters`.
///
/// # Errors
/// The template is malformed, uses what is not known here, or lacks a parameter's value.
pub fn read(
    text: &str,
    parameters: &BTreeMap<String, String>,
    account: &Account,
) -> Result<Deployment, TemplateError> {
    let template = tags::parse(text)?;
    let scope = Scope::new(&template, parameters, account);
    let mut deployment = Deployment {
        functions: Vec::new(),
        queues: Vec::new(),
        event_sources: Vec::new(),
        buckets: Vec::new(),
    };
    for (logical_id, resource) in scope.section("Resources") {
        if is_created(&scope, logical_id, resource)? {
            add(&scope, logical_id, resource, &mut deployment)?;
        }
    }
    check_references(&deployment)?;
    Ok(deployment)
}

/// The value of `expression`, which stands at `place` in `template`; `None` is `AWS::NoValue`.
///
/// # Errors
/// As [`read`]: the expression refers to what has no name here, or to a parameter without a value.
pub fn evaluate(
    template: &Json,
    parameters: &BTreeMap<String, String>,
    account: &Account,
    expression: &Json,
    place: &str,
) -> Result<Option<Json>, TemplateError> {
    intrinsics::evaluate(&Scope::new(template, parameters, account), expression, place)
}

fn is_created(scope: &Scope, logical_id: &str, resource: &Json) -> Result<bool, TemplateError> {
    match resource.get("Condition").and_then(Json::as_str) {
        Some(condition) => conditions::holds(scope, condition, &format!("Resources.{logical_id}.Condition")),
        None => Ok(true),
    }
}

fn add(
    scope: &Scope,
    logical_id: &str,
    resource: &Json,
    deployment: &mut Deployment,
) -> Result<(), TemplateError> {
    match resource.get("Type").and_then(Json::as_str) {
        Some("AWS::Serverless::Function") => {
            deployment.functions.push(resources::function::read(scope, logical_id, resource)?);
        }
        Some("AWS::SQS::Queue") => {
            deployment.queues.push(resources::queue::read(scope, logical_id, resource)?);
        }
        Some("AWS::Lambda::EventSourceMapping") => {
            deployment.event_sources.push(resources::event_source::read(scope, logical_id, resource)?);
        }
        Some("AWS::S3::Bucket") => deployment.buckets.push(scope.physical_name(logical_id, logical_id)?),
        Some(_) => {}
        None => return Err(TemplateError::shape(&format!("Resources.{logical_id}"), "a Type")),
    }
    Ok(())
}

/// A mapping or redrive policy that names something outside this template cannot be served here.
fn check_references(deployment: &Deployment) -> Result<(), TemplateError> {
    let is_queue = |name: &str| deployment.queues.iter().any(|queue| queue.name == name);
    let is_function = |name: &str| deployment.functions.iter().any(|function| function.name == name);
    let unknown = |place: &str, name: &str| {
        Err(TemplateError::UnknownName { place: place.to_owned(), name: name.to_owned() })
    };
    for queue in &deployment.queues {
        if let Some(redrive) = queue.redrive.as_ref().filter(|redrive| !is_queue(&redrive.dead_letter_queue))
        {
            return unknown(&format!("redrive policy of {}", queue.name), &redrive.dead_letter_queue);
        }
    }
    for mapping in &deployment.event_sources {
        if !is_queue(&mapping.queue) {
            return unknown("EventSourceArn", &mapping.queue);
        }
        if !is_function(&mapping.function) {
            return unknown("FunctionName", &mapping.function);
        }
    }
    Ok(())
}
