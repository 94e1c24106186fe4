//! Every promise, checked against what the records, the receivers and the dead-letter queue say.

use std::collections::{BTreeMap, BTreeSet};

use revops_core::messages::Message;

use super::Report;
use super::fate::Fate;
use super::receiver::Received;
use crate::stack::Stack;

/// How many exports a conversation has.
const EXPORTS: usize = 4;

/// What there is to check.
pub(super) struct Seen<'a> {
    /// Tracking ids by number.
    pub(super) accepted: &'a BTreeMap<u32, String>,
    pub(super) received: &'a BTreeMap<String, Received>,
    pub(super) seed: u64,
}

/// How the first run of the conversation `id` ended.
pub(super) fn outcome_of(stack: &Stack, id: &str) -> Option<&'static str> {
    // A copy may have ended it otherwise; who delivered counts.
    let ended = |status: &&str| stack.has_object(&format!("conversations/{id}/outcomes/001-{status}.json"));
    ["delivered", "failed", "expired"].into_iter().find(ended)
}

/// Checks everything.
pub(super) async fn audit(stack: &Stack, seen: Seen<'_>) -> Report {
    let mut report = Report { accepted: seen.accepted.len(), ..Report::default() };
    report.agent_calls = stack.agent_invocations().await;
    let dead = dead_letters(stack, &mut report).await;
    let exports = exports(stack);
    let distinct: BTreeSet<&String> = seen.accepted.values().collect();
    if distinct.len() != seen.accepted.len() {
        report.broken.push("two questions have one tracking id".to_owned());
    }
    for (number, id) in seen.accepted {
        let expected = Fate::of(seen.seed, *number).ends();
        check_end(stack, id, expected, &mut report);
        check_receiver(id, expected, seen.received.get(id), &mut report);
        if dead.contains(id) != (expected == "failed") {
            report.broken.push(format!("{id} {expected}, but a dead letter of it: {}", dead.contains(id)));
        }
        let written = exports.get(id).copied().unwrap_or_default();
        if written != EXPORTS {
            report.broken.push(format!("{id} has {written} exports"));
        }
    }
    for id in seen.received.keys().filter(|id| !distinct.contains(id)) {
        report.broken.push(format!("{id} was delivered, but nobody was told of it"));
    }
    report
}

fn check_end(stack: &Stack, id: &str, expected: &str, report: &mut Report) {
    match outcome_of(stack, id) {
        None => {
            report.lost += 1;
            report.broken.push(format!("{id} never ended"));
        }
        Some(ended) => {
            report.delivered += usize::from(ended == "delivered");
            report.failed += usize::from(ended == "failed");
            if ended != expected {
                report.broken.push(format!("{id} ended {ended}, not {expected}"));
            }
        }
    }
}

fn check_receiver(id: &str, expected: &str, received: Option<&Received>, report: &mut Report) {
    let Some(received) = received else {
        return report.broken.push(format!("{id} was never POSTed"));
    };
    let Received { number, posts, taken, webhook_ids, bodies } = received;
    report.posts += posts;
    report.failed_posts += posts - taken;
    report.duplicates += taken.saturating_sub(1);
    if (*taken > 0) != (expected == "delivered") {
        report.broken.push(format!("{id}, conversation {number}, was taken {taken} times, but {expected}"));
    }
    if webhook_ids.len() != 1 || bodies.len() != 1 {
        let (ids, bodies) = (webhook_ids.len(), bodies.len());
        report.broken.push(format!("{id} came under {ids} webhook ids with {bodies} bodies"));
    }
}

/// The tracking ids in the dead-letter queues. Copies of one run are counted; anything else is not expected.
async fn dead_letters(stack: &Stack, report: &mut Report) -> BTreeSet<String> {
    let mut runs = BTreeSet::new();
    for body in stack.dead_letter_bodies().await {
        match Message::parse(&body) {
            Ok(Message::Deliver(deliver)) => {
                let known = !runs.insert((deliver.tracking_id.to_string(), deliver.run));
                report.dead_letter_copies += usize::from(known);
            }
            _ => report.broken.push(format!("an unexpected dead letter: {body}")),
        }
    }
    report.dead_letters = runs.len();
    runs.into_iter().map(|(id, _)| id).collect()
}

/// How many exports each conversation has.
fn exports(stack: &Stack) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for path in stack.objects("conversation-history") {
        let folder = path.parent().and_then(|folder| folder.file_name());
        if let Some(id) = folder.map(|name| name.to_string_lossy().into_owned()) {
            *counts.entry(id).or_default() += 1;
        }
    }
    counts
}
