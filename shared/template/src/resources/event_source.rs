//! `AWS::Lambda::EventSourceMapping` from a queue.

use serde_json::Value as Json;

use super::name_of;
use crate::deployment::EventSource;
use crate::error::TemplateError;
use crate::properties::{Properties, whole_number};
use crate::scope::Scope;

/// What a mapping without `ScalingConfig` may use on AWS.
const UNLIMITED_CONCURRENCY: u32 = 1000;

/// Reads a mapping, with the defaults of AWS Lambda.
pub(crate) fn read(scope: &Scope, logical_id: &str, resource: &Json) -> Result<EventSource, TemplateError> {
    let properties = Properties::of(scope, logical_id, resource);
    let scaling = properties.value("ScalingConfig")?;
    let concurrency = scaling.as_ref().and_then(|scaling| scaling.get("MaximumConcurrency"));
    let maximum_concurrency = match concurrency {
        Some(value) => whole_number(value).filter(|number| (2..=1000).contains(number)).ok_or_else(|| {
            let place = properties.place("ScalingConfig.MaximumConcurrency");
            TemplateError::invalid(&place, "must be a whole number from 2 to 1000")
        })?,
        None => UNLIMITED_CONCURRENCY,
    };
    Ok(EventSource {
        logical_id: logical_id.to_owned(),
        queue: name_of(&properties.text("EventSourceArn")?),
        function: function_of(&properties.text("FunctionName")?),
        batch_size: properties.whole("BatchSize", 10, 1..=10_000)?,
        batching_window: properties.seconds("MaximumBatchingWindowInSeconds", 0, 0..=300)?,
        maximum_concurrency,
        report_batch_item_failures: reports_item_failures(&properties)?,
    })
}

/// The function's name out of its name or ARN, with or without an alias: here every version is the one that was built.
fn function_of(name_or_arn: &str) -> String {
    let name = name_or_arn.split(":function:").last().unwrap_or(name_or_arn);
    name.split(':').next().unwrap_or(name).to_owned()
}

fn reports_item_failures(properties: &Properties) -> Result<bool, TemplateError> {
    let types = properties.value("FunctionResponseTypes")?;
    let types = types.as_ref().and_then(Json::as_array);
    Ok(types.is_some_and(|types| types.iter().any(|item| item == "ReportBatchItemFailures")))
}
