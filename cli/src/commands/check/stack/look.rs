//! Asks AWS for the facts. Nothing is changed, and no secret's value is read.

use std::collections::BTreeMap;

use aws_sdk_sqs::error::SdkError;
use aws_sdk_sqs::types::QueueAttributeName;
use revops_aws::Clients;
use revops_core::Timestamp;
use revops_core::telemetry::with_causes;

use super::cloudformation::Stack;
use super::facts::{Facts, Held, Mapping, Secret};
use crate::commands::check::template::{Template, place};
use crate::error::CtlError;
use crate::sdk_clients;

/// Looks at everything that the stack has of what the template declares.
pub(super) async fn at(template: &Template, stack: &Stack, clients: &Clients) -> Result<Facts, CtlError> {
    let mut facts = Facts { concurrency: concurrency(clients).await?, ..Facts::default() };
    for (place, arn) in secrets(template) {
        let held = secret(clients, &arn).await?;
        facts.secrets.push(Secret { place, arn, held });
    }
    for source in &template.deployment.event_sources {
        let found = match stack.resources.get(&source.logical_id) {
            Some(uuid) => mapping(clients, uuid).await?,
            None => None,
        };
        facts.mappings.insert(source.logical_id.clone(), found);
    }
    for queue in &template.deployment.queues {
        let found = match stack.resources.get(&queue.logical_id) {
            Some(url) => attributes(clients, url).await?,
            None => None,
        };
        facts.queues.insert(queue.logical_id.clone(), found);
    }
    Ok(facts)
}

/// Each secret that a function is told to read, with the place where it is told.
fn secrets(template: &Template) -> BTreeMap<String, String> {
    let functions = template.deployment.functions.iter();
    let variables = functions.flat_map(|function| {
        let arns = function.environment.iter().filter(|(_, value)| value.contains(":secretsmanager:"));
        arns.map(|(name, arn)| {
            (place(&function.logical_id, &format!("Environment.Variables.{name}")), arn.clone())
        })
    });
    variables.collect()
}

async fn secret(clients: &Clients, arn: &str) -> Result<Option<Held>, CtlError> {
    let answer = sdk_clients::secrets(clients).describe_secret().secret_id(arn).send().await;
    let found =
        present(answer, |error| error.is_resource_not_found_exception(), "secretsmanager:DescribeSecret");
    Ok(found?.map(|secret| {
        let changed = secret.last_changed_date().or(secret.created_date());
        Held {
            changed: changed.and_then(|at| at.to_millis().ok()).map(Timestamp::from_unix_ms),
            is_deleted: secret.deleted_date().is_some(),
        }
    }))
}

async fn concurrency(clients: &Clients) -> Result<u32, CtlError> {
    let answer = sdk_clients::lambda(clients).get_account_settings().send().await;
    let settings = present(answer, |_| false, "lambda:GetAccountSettings")?;
    let limit = settings.and_then(|settings| Some(settings.account_limit()?.concurrent_executions()));
    Ok(limit.and_then(|limit| limit.try_into().ok()).unwrap_or_default())
}

async fn mapping(clients: &Clients, uuid: &str) -> Result<Option<Mapping>, CtlError> {
    let answer = sdk_clients::lambda(clients).get_event_source_mapping().uuid(uuid).send().await;
    let found =
        present(answer, |error| error.is_resource_not_found_exception(), "lambda:GetEventSourceMapping");
    Ok(found?.map(|mapping| Mapping {
        uuid: uuid.to_owned(),
        state: mapping.state().unwrap_or_default().to_owned(),
        maximum_concurrency: mapping
            .scaling_config()
            .and_then(|scaling| scaling.maximum_concurrency()?.try_into().ok()),
    }))
}

async fn attributes(clients: &Clients, url: &str) -> Result<Option<BTreeMap<String, String>>, CtlError> {
    let all = QueueAttributeName::All;
    let answer =
        sdk_clients::sqs(clients).get_queue_attributes().queue_url(url).attribute_names(all).send().await;
    let found = present(answer, |error| error.is_queue_does_not_exist(), "sqs:GetQueueAttributes");
    Ok(found?.map(|queue| {
        let attributes = queue.attributes.unwrap_or_default().into_iter();
        attributes.map(|(name, value)| (name.as_str().to_owned(), value)).collect()
    }))
}

/// The answer; none where the service says that what was asked for is not there.
fn present<T, E, R>(
    answer: Result<T, SdkError<E, R>>,
    is_absent: impl Fn(&E) -> bool,
    permission: &str,
) -> Result<Option<T>, CtlError>
where
    E: std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.as_service_error().is_some_and(is_absent) => Ok(None),
        Err(error) => {
            let advice = format!("are the credentials valid, and do they allow {permission}?");
            Err(CtlError::Failed(format!("AWS did not answer: {}; {advice}", with_causes(&error))))
        }
    }
}
