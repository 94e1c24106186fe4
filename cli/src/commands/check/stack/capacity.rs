//! The account's concurrency, which all of its functions share.

use sam_template::EventSource;

use crate::commands::check::finding::Finding;
use crate::commands::check::template::Template;

/// Judges whether full queues leave anything to the callers.
///
/// Source: AWS Lambda Developer Guide, "Understanding Lambda function scaling": new accounts may have far less than the
/// usual 1,000.
pub(super) fn check(template: &Template, limit: u32) -> Option<Finding> {
    let sources = &template.deployment.event_sources;
    let batches: u32 = sources.iter().map(|source| source.maximum_concurrency).sum();
    let needed = batches.saturating_add(agent_calls(template, sources));
    let place = "the account";
    let fix = format!(
        "ask Service Quotas for more concurrent executions than {needed}, or lower WorkerConcurrency and \
         DeliveryConcurrency"
    );
    if limit <= batches {
        let reason =
            format!("runs {limit} invocations at once, and full queues take {batches}: callers get 503");
        return Some(Finding::error(place, reason, fix));
    }
    (limit <= needed).then(|| {
        let reason = format!(
            "runs {limit} invocations at once, and full queues with the agent's calls take {needed}: they throttle \
             each other, and callers wait"
        );
        Finding::warning(place, reason, fix)
    })
}

/// The worker asks for all questions of a batch at once.
fn agent_calls(template: &Template, sources: &[EventSource]) -> u32 {
    let worker = template.function("gateway-worker").map(|worker| &worker.name);
    let own = sources.iter().filter(|source| Some(&source.function) == worker);
    own.map(|source| source.maximum_concurrency.saturating_mul(source.batch_size)).sum()
}
