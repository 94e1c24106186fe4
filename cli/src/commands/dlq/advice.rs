//! What on-call can do about a dead letter: words for reasons, and the next command.

use revops_core::Timestamp;
use revops_core::conversation::Conversation;
use revops_core::retry::EndReason;

use super::letter::{Letter, Subject};

/// What a reason means.
pub(super) fn meaning(letter: &Letter) -> &'static str {
    let Some(reason) = letter.reason() else {
        return "SQS moved it here after 100 receives: whoever worked on it crashed, or did not understand it";
    };
    match reason.parse() {
        Ok(reason) => EndReason::meaning(reason),
        Err(_) => "a reason that this version does not know",
    }
}

/// What to do next. `conversation` is none where it was deleted.
pub(super) fn next_step(letter: &Letter, conversation: Option<&Conversation>, now: Timestamp) -> String {
    let id = letter.tracking_id().map(|id| id.to_string()).unwrap_or_default();
    let replay = format!("gatewayctl dlq replay {id}");
    if matches!(letter.subject, Subject::Unknown(_)) {
        return "use the gatewayctl of the version that is deployed; a replay leaves it here".to_owned();
    }
    let Some(conversation) = conversation else {
        return format!("its conversation was deleted; `{replay}` takes it away without a POST");
    };
    if conversation.receiver_has_it() {
        return format!("nothing: the destination has it; `{replay}` takes it away without a POST");
    }
    if letter.run().is_some_and(|run| conversation.outcomes.iter().any(|outcome| outcome.run == run)) {
        return format!("its run has ended since; `{replay}` takes it away without a POST");
    }
    if too_late(letter, conversation, now) {
        return format!("its deadline has passed; if it is still wanted: {replay} --ignore-deadline");
    }
    match (letter.reason().and_then(|reason| reason.parse().ok()), letter.header()) {
        (Some(EndReason::Gone | EndReason::DestinationDisabled), Some(header)) => {
            format!("once the destination is back: gatewayctl destinations enable {header} --replay")
        }
        (Some(EndReason::BlockedAddress), Some(header)) => {
            let variable = header.variable_prefix();
            format!("mend {variable}_WEBHOOK_URL or ALLOWED_PRIVATE_CIDRS, deploy, then: {replay}")
        }
        (Some(EndReason::CrashLoop), _) => {
            format!("find `{id}` in the log of the delivery function, deploy a fix, then: {replay}")
        }
        _ => format!("once the cause is mended: {replay}"),
    }
}

fn too_late(letter: &Letter, conversation: &Conversation, now: Timestamp) -> bool {
    let ignores = matches!(&letter.subject, Subject::Delivery(deliver) if deliver.ignore_deadline);
    let deadline = conversation.delivery.as_ref().and_then(|delivery| delivery.deliver_before);
    !ignores && deadline.is_some_and(|deadline| now > deadline)
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{delivery, letters};
    use super::*;

    fn letter(reason: &str) -> Letter {
        letters(vec![delivery(1, 2, reason)]).remove(0)
    }

    #[test]
    fn every_reason_has_a_meaning_of_its_own() {
        let meanings = EndReason::ALL.map(|reason| meaning(&letter(reason.as_str())));
        let distinct: std::collections::BTreeSet<_> = meanings.iter().collect();
        assert_eq!(distinct.len(), EndReason::ALL.len());
        assert!(meaning(&letter("of a newer version")).contains("does not know"));
    }

    #[test]
    fn a_letter_of_a_deleted_conversation_is_only_to_be_taken_away() {
        let advice = next_step(&letter("gone"), None, Timestamp::from_unix_ms(0));
        assert!(advice.contains("deleted") && advice.contains("without a POST"), "{advice}");
    }
}
