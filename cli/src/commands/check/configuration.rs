//! What the functions would say about their environment: each is read here as the function itself reads it.

use std::collections::BTreeSet;

use delivery::DeliveryConfig;
use gateway::{HttpConfig, WorkerConfig};
use manager_agent::Config;
use revops_core::config::{ConfigError, Variables};
use sam_template::Function;

use super::finding::Finding;
use super::parameters;
use super::template::{Template, place};

/// All variables of a function, names and values, fit into 4 KB.
///
/// Source: AWS Lambda Developer Guide, "Lambda quotas".
const ENVIRONMENT_BYTES: usize = 4096;

/// The binaries of the product, each of which some function runs.
const BINARIES: [&str; 4] = ["gateway", "gateway-worker", "manager-agent", "delivery"];

/// Judges the functions' environments.
pub(super) fn check(template: &Template) -> Vec<Finding> {
    let absent =
        BINARIES.iter().filter(|binary| template.function(binary).is_none()).map(|binary| absent(binary));
    let functions = template.deployment.functions.iter();
    let told = functions.flat_map(|function| {
        let own = size(function).into_iter().chain(complaints(template, function));
        own.chain(elsewhere(function)).collect::<Vec<_>>()
    });
    absent.chain(told).chain(open(template)).collect()
}

fn absent(binary: &str) -> Finding {
    let reason = format!("no function runs {binary}, so questions stop there");
    Finding::error("Resources", reason, format!("declare one with Metadata: {{Binary: {binary}}}"))
}

fn size(function: &Function) -> Option<Finding> {
    let bytes: usize = function.environment.iter().map(|(name, value)| name.len() + value.len()).sum();
    (bytes > ENVIRONMENT_BYTES).then(|| {
        Finding::error(
            place(&function.logical_id, "Environment"),
            format!("{bytes} bytes: Lambda takes {ENVIRONMENT_BYTES}"),
            "move secrets and keys to Secrets Manager, and give their ARNs",
        )
    })
}

/// Whatever would keep the function from starting. Complaints never show a value.
fn complaints(template: &Template, function: &Function) -> Vec<Finding> {
    let variables = Variables::new(function.environment.clone());
    let read = match function.binary.as_str() {
        "gateway" => HttpConfig::from_variables(&variables).map(drop),
        "gateway-worker" => WorkerConfig::from_variables(&variables).map(drop),
        "manager-agent" => Config::from_variables(&variables).map(drop),
        "delivery" => DeliveryConfig::from_variables(&variables).map(drop),
        _ => Ok(()),
    };
    let ConfigError(complaints) = read.err().unwrap_or(ConfigError(Vec::new()));
    complaints.iter().map(|complaint| judged(template, function, complaint)).collect()
}

/// A variable whose parameter was left empty is no error of the template: the deployment will give it.
fn judged(template: &Template, function: &Function, complaint: &str) -> Finding {
    let variable = complaint.split(' ').next().unwrap_or_default();
    let parameter = template.parameter_of(function, variable);
    if let Some(name) = parameter.filter(|name| template.hidden.contains(*name)) {
        return parameters::hidden(name);
    }
    match parameter.filter(|name| template.parameter(name).is_none_or(|value| value.trim().is_empty())) {
        Some(name) => {
            let or_arn =
                if function.environment.contains_key(&arn_of(variable)) { ", or its ARN's" } else { "" };
            let reason = format!("is empty, so it was not checked: {} needs it", function.name);
            let fix = format!("give --parameter {name}=VALUE{or_arn}");
            Finding::note(format!("Parameters.{name}"), reason, fix)
        }
        None => Finding::error(
            place(&function.logical_id, &format!("Environment.Variables.{variable}")),
            format!("{} refuses to start: {complaint}", function.name),
            parameter
                .map_or_else(|| "set the variable".to_owned(), |name| format!("mend the parameter {name}")),
        ),
    }
}

/// Secrets that only AWS holds.
fn elsewhere(function: &Function) -> Vec<Finding> {
    let set = |name: &&String| function.environment.get(*name).is_some_and(|value| !value.trim().is_empty());
    let arns = function.environment.keys().map(|name| arn_of(name)).collect::<BTreeSet<_>>();
    let given = arns.iter().filter(set).map(|name| {
        let place = place(&function.logical_id, &format!("Environment.Variables.{name}"));
        let reason = "what this secret holds was not checked: nothing is fetched";
        Finding::note(
            place,
            reason,
            "after the deployment, `gatewayctl send QUESTION --track` shows whether it serves",
        )
    });
    given.collect()
}

/// The variable that may hold the ARN of a secret instead.
fn arn_of(variable: &str) -> String {
    format!("{variable}_ARN")
}

fn open(template: &Template) -> Option<Finding> {
    let gateway = template.function("gateway")?;
    let says = gateway.environment.get("INBOUND_AUTH").is_some_and(|value| value.trim() == "none");
    says.then(|| {
        Finding::warning(
            place(&gateway.logical_id, "Environment.Variables.INBOUND_AUTH"),
            "none: everybody who knows the URL can ask, at your cost",
            "give InboundApiKeys or InboundSigningSecrets, and leave InboundAuth empty",
        )
    })
}
