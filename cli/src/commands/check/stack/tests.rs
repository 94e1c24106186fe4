//! A stack as it was deployed is clean, and each change beside its template makes one finding.

use std::collections::{BTreeMap, BTreeSet};

use super::cloudformation::Values;
use super::facts::{Held, Mapping, Secret};
use super::*;
use crate::commands::check::finding::Severity::{self, Error, Note, Warning};

const SHIPPED: &str = include_str!("../../../../../template.yaml");
const NOW: &str = "2026-11-23T12:00:00Z";
/// What CloudFormation tells of none.
const HIDDEN: [&str; 7] = [
    "GeneralWebhookUrl",
    "DealAnalysisWebhookUrl",
    "DataAnalysisWebhookUrl",
    "LeadAnalysisWebhookUrl",
    "SigningSecrets",
    "InboundApiKeys",
    "InboundSigningSecrets",
];

fn stack(told: &[(&str, &str)]) -> Stack {
    let agent = [("BedrockAgentId", "AGENT12345"), ("BedrockAgentAliasId", "ALIAS12345")];
    let told = agent.iter().chain(told).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Stack {
        name: "gateway".to_owned(),
        status: "UPDATE_COMPLETE".to_owned(),
        template: SHIPPED.to_owned(),
        values: Values { told: told.collect(), hidden: HIDDEN.map(str::to_owned).into() },
        resources: BTreeMap::new(),
    }
}

fn template(stack: &Stack) -> Template {
    Template::read(&stack.template, &stack.values.told, stack.values.hidden.clone()).unwrap()
}

/// What AWS says of a stack that nobody touched.
fn untouched(template: &Template) -> Facts {
    let mapping = |uuid: &str, most| Mapping {
        uuid: uuid.to_owned(),
        state: "Enabled".to_owned(),
        maximum_concurrency: Some(most),
    };
    let attributes = |queue: &sam_template::Queue| {
        let mut attributes = BTreeMap::from([
            ("VisibilityTimeout".to_owned(), queue.visibility_timeout.as_secs().to_string()),
            ("MessageRetentionPeriod".to_owned(), queue.message_retention.as_secs().to_string()),
            ("DelaySeconds".to_owned(), queue.delay.as_secs().to_string()),
        ]);
        let policy = queue.redrive.as_ref().map(|redrive| redrive.max_receive_count);
        let policy = policy.map(|count| serde_json::json!({"maxReceiveCount": count}).to_string());
        attributes.extend(policy.map(|policy| ("RedrivePolicy".to_owned(), policy)));
        attributes
    };
    let sources = template.deployment.event_sources.iter();
    let queues = template.deployment.queues.iter();
    Facts {
        secrets: Vec::new(),
        concurrency: 1000,
        mappings: sources
            .map(|one| (one.logical_id.clone(), Some(mapping(&one.logical_id, one.maximum_concurrency))))
            .collect(),
        queues: queues.map(|one| (one.logical_id.clone(), Some(attributes(one)))).collect(),
    }
}

/// Errors and warnings of a stack after `change` of what AWS says.
fn told(stack: &Stack, change: impl FnOnce(&mut Facts)) -> Vec<(Severity, String)> {
    let template = template(stack);
    let mut facts = untouched(&template);
    change(&mut facts);
    let findings = judged(&template, stack, &facts, NOW.parse().unwrap());
    let bad = findings.into_iter().filter(|finding| finding.severity != Note);
    bad.map(|finding| (finding.severity, finding.place)).collect()
}

/// The change makes exactly this finding.
#[track_caller]
fn finds(change: impl FnOnce(&mut Facts), severity: Severity, place: &str) {
    assert_eq!(told(&stack(&[]), change), [(severity, place.to_owned())]);
}

#[test]
fn a_stack_that_nobody_touched_is_clean_and_what_is_hidden_is_named_as_not_checked() {
    let stack = stack(&[]);
    let template = template(&stack);
    let found = judged(&template, &stack, &untouched(&template), NOW.parse().unwrap());
    assert!(found.iter().all(|finding| finding.severity == Note), "{found:?}");
    let places: BTreeSet<_> = found.iter().map(|finding| finding.place.clone()).collect();
    assert_eq!(places, HIDDEN.map(|name| format!("Parameters.{name}")).into());
    assert!(found.iter().all(|finding| finding.reason.contains("NoEcho")), "{found:?}");
}

#[test]
fn the_values_that_the_stack_has_are_judged_as_those_of_a_template() {
    let open = stack(&[("InboundAuth", "none")]);
    let place = "Resources.GatewayFunction.Properties.Environment.Variables.INBOUND_AUTH";
    assert_eq!(told(&open, |_| {}), [(Warning, place.to_owned())]);
}

#[test]
fn a_stack_in_the_middle_of_a_change_is_a_warning_and_a_failed_one_an_error() {
    let status = |status: &str| Stack { status: status.to_owned(), ..stack(&[]) };
    let place = "the stack gateway".to_owned();
    assert_eq!(told(&status("UPDATE_IN_PROGRESS"), |_| {}), [(Warning, place.clone())]);
    assert_eq!(told(&status("UPDATE_ROLLBACK_FAILED"), |_| {}), [(Error, place)]);
    assert_eq!(told(&status("UPDATE_ROLLBACK_COMPLETE"), |_| {}), []);
}

#[test]
fn secrets_are_there_and_young() {
    let held = |changed: &str, is_deleted| Some(Held { changed: Some(changed.parse().unwrap()), is_deleted });
    let secret = |held| {
        move |facts: &mut Facts| {
            let arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:keys".to_owned();
            facts.secrets = vec![Secret { place: "place".to_owned(), arn, held }];
        }
    };
    finds(secret(None), Error, "place");
    finds(secret(held("2026-11-01T00:00:00Z", true)), Error, "place");
    finds(secret(held("2026-08-25T11:59:59Z", false)), Warning, "place");
    assert_eq!(told(&stack(&[]), secret(held("2026-08-25T12:00:00Z", false))), []);
}

/// 10 batches of ten questions each, and four outbound queues of 10 batches: 150.
#[test]
fn full_queues_leave_concurrency_to_callers() {
    let limit = |limit| move |facts: &mut Facts| facts.concurrency = limit;
    finds(limit(50), Error, "the account");
    finds(limit(51), Warning, "the account");
    finds(limit(150), Warning, "the account");
    assert_eq!(told(&stack(&[]), limit(151)), []);
}

#[test]
fn each_mapping_is_there_enabled_and_as_wide_as_the_template_says() {
    let place = "Resources.QueryMapping";
    let change = |change: fn(&mut Mapping)| {
        move |facts: &mut Facts| {
            change(facts.mappings.get_mut("QueryMapping").unwrap().as_mut().unwrap());
        }
    };
    finds(change(|mapping| mapping.state = "Disabled".to_owned()), Error, place);
    finds(change(|mapping| mapping.state = "Updating".to_owned()), Warning, place);
    let width = format!("{place}.Properties.ScalingConfig.MaximumConcurrency");
    finds(change(|mapping| mapping.maximum_concurrency = Some(11)), Warning, &width);
    finds(change(|mapping| mapping.maximum_concurrency = None), Warning, &width);
    finds(|facts| drop(facts.mappings.insert("QueryMapping".to_owned(), None)), Error, place);
}

#[test]
fn each_queue_is_there_and_has_the_attributes_of_the_template() {
    let place = |property: &str| format!("Resources.GeneralQueue.Properties.{property}");
    let set = |attribute: &'static str, value: &'static str| {
        move |facts: &mut Facts| {
            let queue = facts.queues.get_mut("GeneralQueue").unwrap().as_mut().unwrap();
            queue.insert(attribute.to_owned(), value.to_owned());
        }
    };
    for attribute in ["VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds"] {
        finds(set(attribute, "30"), Error, &place(attribute));
    }
    let redrive = place("RedrivePolicy.maxReceiveCount");
    finds(set("RedrivePolicy", r#"{"maxReceiveCount":3}"#), Error, &redrive);
    finds(set("RedrivePolicy", ""), Error, &redrive);
    // As digits it is the same number.
    assert_eq!(told(&stack(&[]), set("RedrivePolicy", r#"{"maxReceiveCount":"100"}"#)), []);
    finds(
        |facts| drop(facts.queues.insert("GeneralQueue".to_owned(), None)),
        Error,
        "Resources.GeneralQueue",
    );
}
