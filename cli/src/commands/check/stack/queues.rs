//! The queues: there, and with the attributes that the template gives them. A deployment compares templates, and so
//! leaves alone what was changed by hand.

use std::collections::BTreeMap;

use sam_template::Queue;
use serde_json::Value;

use crate::commands::check::finding::Finding;
use crate::commands::check::template::{Template, place};

/// A queue's attributes, by SQS's names.
type Attributes = BTreeMap<String, String>;

/// Judges each queue of the template.
pub(super) fn check(template: &Template, live: &BTreeMap<String, Option<Attributes>>) -> Vec<Finding> {
    let found = template.deployment.queues.iter().flat_map(|queue| match live.get(&queue.logical_id) {
        Some(Some(attributes)) => changes(queue, attributes),
        Some(None) | None => vec![absent(queue)],
    });
    found.collect()
}

fn absent(queue: &Queue) -> Finding {
    let reason = "the queue is gone: what is sent to it fails, and what was in it is lost";
    let fix =
        "rename the resource in the template and deploy; then `gatewayctl reconcile --since 14d --repair`";
    Finding::error(format!("Resources.{}", queue.logical_id), reason, fix)
}

fn changes(queue: &Queue, live: &Attributes) -> Vec<Finding> {
    // SQS and CloudFormation have the same names for these.
    let seconds = [
        ("VisibilityTimeout", queue.visibility_timeout),
        ("MessageRetentionPeriod", queue.message_retention),
        ("DelaySeconds", queue.delay),
    ];
    let seconds = seconds.into_iter().filter_map(|(attribute, says)| {
        let runs = live.get(attribute).map_or("nothing", String::as_str);
        let says = says.as_secs().to_string();
        let fix = format!("aws sqs set-queue-attributes --queue-url URL --attributes {attribute}={says}");
        (runs != says).then(|| changed(queue, attribute, runs, &says, fix))
    });
    seconds.chain(redrive(queue, live)).collect()
}

/// Which queue gets the dead letters is told by a name that only AWS makes; how many receives it takes is not.
fn redrive(queue: &Queue, live: &Attributes) -> Option<Finding> {
    let policy: Value =
        live.get("RedrivePolicy").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let spelled = |count: &Value| count.as_str().map_or_else(|| count.to_string(), str::to_owned);
    // SQS gives the number back as it was handed in, also as digits.
    let runs = policy.get("maxReceiveCount").map_or_else(|| "nothing".to_owned(), spelled);
    let redrive = queue.redrive.as_ref().map(|redrive| redrive.max_receive_count.to_string());
    let says = redrive.unwrap_or_else(|| "nothing".to_owned());
    let fix =
        "set it again: aws sqs set-queue-attributes --queue-url URL --attributes file://redrive-policy.json";
    (runs != says).then(|| changed(queue, "RedrivePolicy.maxReceiveCount", &runs, &says, fix.to_owned()))
}

fn changed(queue: &Queue, property: &str, runs: &str, says: &str, fix: String) -> Finding {
    let reason = format!("was changed by hand: {runs}, and the template says {says}");
    Finding::error(place(&queue.logical_id, property), reason, fix)
}
