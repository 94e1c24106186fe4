//! `gatewayctl check`: proves a template before it is deployed, or a stack that is. Every check is a function from the
//! template to its findings, a topic a file; `stack` adds what is only true of a stack.

mod alarms;
mod configuration;
mod destinations;
mod finding;
mod parameters;
mod policies;
mod queues;
mod report;
mod stack;
mod storage;
mod template;
#[cfg(test)]
mod tests;
mod timeouts;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use sam_template::TemplateError;

use crate::error::CtlError;
use crate::target::Target;
use crate::terminal::Terminal;
use finding::Finding;
use template::Template;

/// A template is far smaller: CloudFormation takes 1 MB of it.
const LARGEST: u64 = 1 << 20;

/// The checks, a topic each.
const CHECKS: [fn(&Template) -> Vec<Finding>; 8] = [
    parameters::check,
    configuration::check,
    destinations::check,
    timeouts::check,
    queues::check,
    storage::check,
    policies::check,
    alarms::check,
];

/// Prove a template before it is deployed (offline), or a stack that is deployed.
///
/// Time-outs that agree with each other, queues that lose nothing, what each function would say about its environment,
/// URLs, keys and secrets, retention, public access, roles, and alarms on what is really emitted. What a parameter
/// without a value decides is named as not checked. Secrets are never printed; those behind an ARN are not fetched.
///
/// With --stack, the deployed template and the values that it has are proven; then whether its secrets are there and
/// young, the account has the concurrency, each mapping is enabled, and each queue is as the template says. It needs
/// cloudformation:DescribeStacks, GetTemplate and ListStackResources, lambda:GetAccountSettings and
/// GetEventSourceMapping, secretsmanager:DescribeSecret and sqs:GetQueueAttributes; nothing is changed, no secret read.
///
/// Exit code 0: no errors. 1: there are errors.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  gatewayctl check
  gatewayctl check --parameter GeneralWebhookUrl=https://hooks.example.com/revops --parameter DefaultWaitSeconds=20
  gatewayctl check --stack revops-webhook-gateway
  gatewayctl check --json | jq '.findings[] | select(.severity == \"error\")'")]
pub(crate) struct Check {
    /// The template
    #[arg(long, value_name = "FILE", default_value = "template.yaml")]
    template: PathBuf,
    /// A parameter's value, as in `sam deploy --parameter-overrides`; may be repeated
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// A deployed stack, in place of a template
    #[arg(long, value_name = "NAME", conflicts_with_all = ["template", "parameters"])]
    stack: Option<String>,
}

/// Prints what is found in the template, or in the stack.
pub(crate) async fn run(
    check: &Check,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let (name, findings) = match &check.stack {
        Some(stack) => (stack.clone(), stack::findings(stack, target).await?),
        None => {
            let given = check.parameters.iter().cloned().collect();
            (check.template.display().to_string(), findings(&read(&check.template)?, &given)?)
        }
    };
    report::print(&findings, as_json, &Terminal::of_stdout(), out)?;
    match report::errors(&findings) {
        0 => Ok(()),
        count => Err(CtlError::Failed(format!("{name} has {}", report::counted(count, "error")))),
    }
}

/// Everything that is found, the worst first.
fn findings(text: &str, given: &BTreeMap<String, String>) -> Result<Vec<Finding>, CtlError> {
    let template = match Template::read(text, given, BTreeSet::new()) {
        Ok(template) => template,
        Err(error) => return Ok(vec![unreadable(&error)]),
    };
    if let Some(unknown) =
        given.keys().find(|name| template.declared().all(|(declared, _)| declared != *name))
    {
        let known: Vec<_> = template.declared().map(|(name, _)| name.as_str()).collect();
        let wrong = format!("the template has no parameter {unknown}; it has {}", known.join(", "));
        return Err(CtlError::Usage(wrong));
    }
    Ok(worst_first(of_template(&template)))
}

fn of_template(template: &Template) -> Vec<Finding> {
    CHECKS.iter().flat_map(|check| check(template)).collect()
}

fn unreadable(error: &TemplateError) -> Finding {
    Finding::error("the template", error.to_string(), "mend it; `sam validate --lint` may say more")
}

fn worst_first(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|one, other| (one.severity, &one.place).cmp(&(other.severity, &other.place)));
    findings.dedup();
    findings
}

fn read(path: &Path) -> Result<String, CtlError> {
    let unreadable =
        |cause| CtlError::Usage(format!("{}: {cause}; name the file with --template", path.display()));
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    std::io::Read::read_to_string(&mut std::io::Read::take(file, LARGEST), &mut text).map_err(unreadable)?;
    Ok(text)
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = pair.ok_or_else(|| "NAME=VALUE, such as DefaultWaitSeconds=20".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}
