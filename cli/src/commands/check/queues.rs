//! Nothing is lost between the queues.

use std::time::Duration;

use sam_template::{EventSource, Queue};

use super::finding::Finding;
use super::template::{Template, place};

/// A retry may wait 13 days after it was sent (SPEC 5); SQS keeps messages for 14 at most.
const KEPT: Duration = Duration::from_secs(14 * 86_400);

/// A message received 99 times is ended by its handler, with a reason and its records; the redrive comes after that
/// (SPEC 5).
const RECEIVES: u32 = 100;

/// Judges the queues and their mappings.
pub(super) fn check(template: &Template) -> Vec<Finding> {
    let queues = template.deployment.queues.iter();
    let sources = template.deployment.event_sources.iter();
    let kept = queues.filter_map(retention);
    let fed = sources.flat_map(|source| mapping(template, source));
    kept.chain(fed).chain(unread(template)).collect()
}

/// A standard queue's message keeps the time at which it was sent when it moves to the dead-letter queue, so both keep
/// it for the longest time that there is.
fn retention(queue: &Queue) -> Option<Finding> {
    let days = queue.message_retention.as_secs() / 86_400;
    (queue.message_retention < KEPT).then(|| {
        Finding::error(
            place(&queue.logical_id, "MessageRetentionPeriod"),
            format!(
                "{days} days: a retry may wait for 13, and a dead letter's age counts from its first sending"
            ),
            format!("set MessageRetentionPeriod: {}", KEPT.as_secs()),
        )
    })
}

/// A queue that neither feeds a function nor keeps another's dead letters.
fn unread(template: &Template) -> Vec<Finding> {
    let deployment = &template.deployment;
    let feeds = |queue: &&Queue| deployment.event_sources.iter().any(|source| source.queue == queue.name);
    let targets = || deployment.queues.iter().filter_map(|queue| queue.redrive.as_ref());
    let is_dead_letter = |queue: &&Queue| targets().any(|redrive| redrive.dead_letter_queue == queue.name);
    let unread = deployment.queues.iter().filter(|queue| !feeds(queue) && !is_dead_letter(queue));
    let finding = |queue: &Queue| {
        let reason = "no function reads this queue: what is sent to it is lost after its retention";
        let fix = "map it with an AWS::Lambda::EventSourceMapping, or remove it";
        Finding::error(format!("Resources.{}", queue.logical_id), reason, fix)
    };
    unread.map(finding).collect()
}

fn mapping(template: &Template, source: &EventSource) -> Vec<Finding> {
    let findings = [
        redrive(template, source),
        partial_failures(source),
        concurrency(template, source),
        reservation(template, source),
    ];
    findings.into_iter().flatten().collect()
}

fn redrive(template: &Template, source: &EventSource) -> Option<Finding> {
    let queue = template.queue(&source.queue)?;
    let count = queue.redrive.as_ref().map_or(0, |redrive| redrive.max_receive_count);
    if count >= RECEIVES {
        return None;
    }
    let (property, reason) = match count {
        0 => (
            "RedrivePolicy",
            "no dead-letter queue: a message that kills its function comes back for 14 days".into(),
        ),
        _ => (
            "RedrivePolicy.maxReceiveCount",
            format!(
                "{count}: every wait of a retry is a receive, and the handler itself ends what came 99 times"
            ),
        ),
    };
    let fix = format!("set deadLetterTargetArn, and maxReceiveCount: {RECEIVES}");
    Some(Finding::error(place(&queue.logical_id, property), reason, fix))
}

fn partial_failures(source: &EventSource) -> Option<Finding> {
    (!source.report_batch_item_failures).then(|| {
        Finding::error(
            place(&source.logical_id, "FunctionResponseTypes"),
            "the mapping deletes a whole batch although some of its messages have to wait: they are lost",
            "set FunctionResponseTypes: [ReportBatchItemFailures]",
        )
    })
}

fn concurrency(template: &Template, source: &EventSource) -> Option<Finding> {
    let scaling = template.written(&source.logical_id, "ScalingConfig");
    scaling.get("MaximumConcurrency").is_none().then(|| {
        Finding::warning(
            place(&source.logical_id, "ScalingConfig"),
            "no MaximumConcurrency: a full queue takes the account's concurrency from everything else",
            "set ScalingConfig: {MaximumConcurrency: 10}",
        )
    })
}

fn reservation(template: &Template, source: &EventSource) -> Option<Finding> {
    let function = template.deployment.functions.iter().find(|function| function.name == source.function)?;
    function.reserved_concurrency.map(|_| {
        Finding::error(
            place(&function.logical_id, "ReservedConcurrentExecutions"),
            "a batch that the reservation throttles counts as received: good messages become dead letters",
            "remove it; MaximumConcurrency of the mapping bounds the function",
        )
    })
}
