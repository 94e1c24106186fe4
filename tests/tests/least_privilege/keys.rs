//! The keys of the bucket, as the code makes them.

use revops_core::export::{ExportFormat, key as export_key};
use revops_core::records::{OutcomeStatus, Run, keys};
use revops_core::{Header, TrackingId};

/// One key of each kind, all of one conversation.
pub(crate) fn all() -> Vec<String> {
    let id: TrackingId = "0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b".parse().unwrap();
    let run = Run::FIRST;
    vec![
        keys::query(id).path().to_owned(),
        keys::lease(id).path().to_owned(),
        keys::agent_attempt(id, 1).path().to_owned(),
        keys::answer(id).path().to_owned(),
        keys::delivery(id).path().to_owned(),
        keys::attempt(id, run, 1).path().to_owned(),
        keys::claim(id, run, 1).path().to_owned(),
        keys::outcome(id, run, OutcomeStatus::Delivered).path().to_owned(),
        keys::idempotency(&"ab".repeat(32)).path().to_owned(),
        keys::disabled(Header::General).path().to_owned(),
        tombstone(),
        export_key(id, ExportFormat::Summary),
    ]
}

/// The key that operators alone write. No function's role may: it would make lost data look like deleted data.
pub(crate) fn tombstone() -> String {
    keys::deleted("0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b".parse().unwrap()).path().to_owned()
}

/// The key pattern of a resource of the bucket.
pub(crate) fn pattern(resource: &str) -> Option<&str> {
    resource.strip_prefix("${ConversationsBucket.Arn}/")
}

/// Whether IAM's `*`, any run of letters, makes `pattern` match `key`.
pub(crate) fn matches(pattern: &str, key: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == key,
        Some((before, "")) => key.starts_with(before),
        Some((before, after)) => key
            .strip_prefix(before)
            .is_some_and(|rest| rest.char_indices().any(|(at, _)| matches(after, &rest[at..]))),
    }
}

#[test]
fn a_star_stands_for_any_letters() {
    assert!(matches("a/*/c.json", "a/b/c.json") && matches("a/*", "a/b/c"));
    assert!(!matches("a/*/c.json", "a/b/d.json") && !matches("a/b", "a/b/c"));
}
