//! Who waits for whom: caller < gateway < agent < visibility.

use std::time::Duration;

use delivery::TIME_FOR_AN_ATTEMPT;
use sam_template::{EventSource, Function};

use super::finding::Finding;
use super::template::{Template, place};

/// API Gateway gives an integration of an HTTP API at most this long, and then answers 503 itself.
///
/// Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running an HTTP API".
const API_GATEWAY: Duration = Duration::from_secs(30);

/// A caller may wait this long for its answer (SPEC 2), and then gets 202, for which the gateway stores and queues.
const LONGEST_WAIT: Duration = Duration::from_secs(25 + 2);

/// What `manager-agent` has beside the agent's deadline, to record how it ended.
const BESIDE_THE_AGENT: Duration = Duration::from_secs(30);

/// The agent's deadline where the environment has none.
const AGENT_DEADLINE: Duration = Duration::from_secs(120);

/// AWS asks for a visibility time-out of so many time-outs of the reader.
///
/// Source: AWS Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping".
const TIMEOUTS_HIDDEN: u32 = 6;

/// Judges the functions' time-outs, and the visibility of the queues that feed them.
pub(super) fn check(template: &Template) -> Vec<Finding> {
    let functions = [gateway(template), agent(template), worker(template), delivery(template)];
    let queues = template.deployment.event_sources.iter().filter_map(|source| visibility(template, source));
    functions.into_iter().flatten().chain(queues).collect()
}

fn gateway(template: &Template) -> Option<Finding> {
    let gateway = template.function("gateway")?;
    if gateway.timeout >= API_GATEWAY {
        return Some(Finding::error(
            timeout(gateway),
            format!(
                "{} s: API Gateway gives up after 30 s, while the function still works",
                seconds(gateway)
            ),
            "set Timeout: 29",
        ));
    }
    too_short(gateway, LONGEST_WAIT, "a caller may wait 25 s, and is then still owed its 202")
}

fn agent(template: &Template) -> Option<Finding> {
    let agent = template.function("manager-agent")?;
    let given = agent.environment.get("AGENT_TIMEOUT_SECONDS").and_then(|value| value.trim().parse().ok());
    let needed = given.map_or(AGENT_DEADLINE, Duration::from_secs).saturating_add(BESIDE_THE_AGENT);
    too_short(agent, needed, "the agent's deadline and 30 s to record how it ended")
}

fn worker(template: &Template) -> Option<Finding> {
    let agent = template.function("manager-agent")?;
    let needed = agent.timeout.saturating_add(Duration::from_secs(1));
    too_short(
        template.function("gateway-worker")?,
        needed,
        "it waits for the whole of manager-agent's time-out",
    )
}

fn delivery(template: &Template) -> Option<Finding> {
    let reason = "connecting, the whole POST, and the records after it; an end between them is a duplicate";
    too_short(template.function("delivery")?, TIME_FOR_AN_ATTEMPT, reason)
}

fn visibility(template: &Template, source: &EventSource) -> Option<Finding> {
    let queue = template.queue(&source.queue)?;
    let function = template.deployment.functions.iter().find(|function| function.name == source.function)?;
    let needed = function.timeout.saturating_mul(TIMEOUTS_HIDDEN).saturating_add(source.batching_window);
    if queue.visibility_timeout >= needed {
        return None;
    }
    let place = place(&queue.logical_id, "VisibilityTimeout");
    let found = format!(
        "{} s, and {} runs for {} s",
        queue.visibility_timeout.as_secs(),
        function.name,
        seconds(function)
    );
    let fix = format!("set VisibilityTimeout: {}", needed.as_secs());
    Some(if queue.visibility_timeout < function.timeout {
        Finding::error(place, format!("{found}: Lambda refuses the mapping"), fix)
    } else {
        let reason =
            format!("{found}: AWS asks for six time-outs, so that a throttled batch is not received twice");
        Finding::warning(place, reason, fix)
    })
}

fn too_short(function: &Function, needed: Duration, reason: &str) -> Option<Finding> {
    let (has, needed) = (function.timeout, needed.as_secs());
    let found = format!("{} s, and needs {needed} s: {reason}", has.as_secs());
    (has.as_secs() < needed)
        .then(|| Finding::error(timeout(function), found, format!("set Timeout: {needed} or more")))
}

fn timeout(function: &Function) -> String {
    place(&function.logical_id, "Timeout")
}

fn seconds(function: &Function) -> u64 {
    function.timeout.as_secs()
}
