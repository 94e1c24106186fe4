//! `AWS::SQS::Queue`.

use serde_json::Value as Json;

use super::name_of;
use crate::deployment::{Queue, Redrive};
use crate::error::TemplateError;
use crate::properties::{Properties, whole_number};
use crate::scope::Scope;

/// Reads a queue, with the defaults and ranges of SQS.
pub(crate) fn read(scope: &Scope, logical_id: &str, resource: &Json) -> Result<Queue, TemplateError> {
    let properties = Properties::of(scope, logical_id, resource);
    Ok(Queue {
        logical_id: logical_id.to_owned(),
        name: scope.physical_name(logical_id, logical_id)?,
        visibility_timeout: properties.seconds("VisibilityTimeout", 30, 0..=43_200)?,
        message_retention: properties.seconds("MessageRetentionPeriod", 345_600, 60..=1_209_600)?,
        delay: properties.seconds("DelaySeconds", 0, 0..=900)?,
        redrive: redrive(&properties)?,
    })
}

fn redrive(properties: &Properties) -> Result<Option<Redrive>, TemplateError> {
    let Some(policy) = properties.value("RedrivePolicy")? else {
        return Ok(None);
    };
    let target = policy.get("deadLetterTargetArn").and_then(Json::as_str);
    let count = policy.get("maxReceiveCount").and_then(whole_number);
    match (target, count) {
        (Some(arn), Some(max_receive_count)) => {
            Ok(Some(Redrive { dead_letter_queue: name_of(arn), max_receive_count }))
        }
        _ => Err(TemplateError::shape(
            &properties.place("RedrivePolicy"),
            "deadLetterTargetArn and maxReceiveCount",
        )),
    }
}
