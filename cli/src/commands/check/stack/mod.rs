//! What is only true of a stack: the template and the values that CloudFormation has, and what lives beside them.

mod capacity;
mod cloudformation;
mod facts;
mod look;
mod mappings;
mod queues;
mod secrets;
#[cfg(test)]
mod tests;

use std::time::Duration;

use revops_aws::SystemClock;
use revops_core::Timestamp;
use revops_core::ports::Clock as _;

use super::finding::Finding;
use super::template::Template;
use super::{of_template, unreadable, worst_first};
use crate::aws::{clients, sdk};
use crate::aws_call::{CLOUDFORMATION, Caller};
use crate::error::CtlError;
use crate::target::Target;
use cloudformation::Stack;
use facts::Facts;

/// Some thirty short calls; a Lambda client has no time-out of its own.
const LOOKED_WITHIN: Duration = Duration::from_mins(2);

/// Everything that is found in the stack `name`, the worst first.
pub(super) async fn findings(name: &str, target: &Target) -> Result<Vec<Finding>, CtlError> {
    if target.is_local() {
        let wrong = "--stack is of AWS; `cargo local` runs template.yaml, which `gatewayctl check` proves";
        return Err(CtlError::Usage(wrong.to_owned()));
    }
    let caller = Caller::new(&CLOUDFORMATION, sdk(target).await)?;
    let stack = Stack::read(&caller, name).await?;
    let template = match Template::read(&stack.template, &stack.values.told, stack.values.hidden.clone()) {
        Ok(template) => template,
        Err(error) => return Ok(vec![unreadable(&error)]),
    };
    let clients = clients(target).await;
    let looked = tokio::time::timeout(LOOKED_WITHIN, look::at(&template, &stack, &clients)).await;
    let late = |_| CtlError::Failed("AWS did not answer within two minutes; try again".to_owned());
    Ok(judged(&template, &stack, &looked.map_err(late)??, SystemClock.now()))
}

fn judged(template: &Template, stack: &Stack, facts: &Facts, now: Timestamp) -> Vec<Finding> {
    let mut findings = of_template(template);
    findings.extend(settled(stack));
    findings.extend(secrets::check(&facts.secrets, now));
    findings.extend(capacity::check(template, facts.concurrency));
    findings.extend(mappings::check(template, &facts.mappings));
    findings.extend(queues::check(template, &facts.queues));
    worst_first(findings)
}

/// A stack in the middle of a change, or one whose change failed half-way, is not what its template says.
fn settled(stack: &Stack) -> Option<Finding> {
    let status = stack.status.as_str();
    let place = format!("the stack {}", stack.name);
    if status.ends_with("_IN_PROGRESS") {
        let reason = format!("{status}: what was found may be true no more");
        return Some(Finding::warning(place, reason, "check again when it has ended"));
    }
    let failed = status.ends_with("_FAILED") || status == "ROLLBACK_COMPLETE";
    let fix = "look at its events in the CloudFormation console, and deploy again";
    failed.then(|| Finding::error(place, format!("{status}: its template is not what runs"), fix))
}
