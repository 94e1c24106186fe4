//! The story of each kind of conversation, as on-call reads it: pure functions of records.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::path::Path;
use std::time::Duration;

use revops_core::Timestamp;
use revops_core::conversation::{Conversation, Status, Story};
use revops_core::records::{
    AgentAttemptRecord, AttemptError, AttemptRecord, DeliveryRecord, Notice, OutcomeRecord, OutcomeStatus,
    ResponseExcerpt, Run,
};
use revops_core::telemetry::Attribution;
use serde::de::DeserializeOwned;

fn fixture<T: DeserializeOwned>(name: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/released/v1");
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

fn accepted() -> Conversation {
    Conversation {
        query: fixture("query.json"),
        agent_attempts: Vec::new(),
        answer: None,
        delivery: None,
        attempts: Vec::new(),
        outcomes: Vec::new(),
    }
}

fn queued() -> Conversation {
    Conversation {
        answer: Some(fixture("answer.json")),
        delivery: Some(fixture("delivery.json")),
        ..accepted()
    }
}

fn refused(http_status: u16, next_attempt_at: Option<Timestamp>) -> AttemptRecord {
    let attempt: AttemptRecord = fixture("attempt.json");
    let response = Some(ResponseExcerpt { http_status, body: "\u{1b}[2Jno\nthanks".to_owned() });
    AttemptRecord { response, next_attempt_at, ..attempt }
}

fn ended(status: OutcomeStatus, reason: &str) -> OutcomeRecord {
    let outcome: OutcomeRecord = fixture("outcome.json");
    let at = outcome.at;
    OutcomeRecord {
        v: 1,
        run: Run::FIRST,
        status,
        reason: Some(reason.to_owned()),
        at,
        attempts: 1,
        started_at: None,
        duration_ms: None,
        http_status: None,
        notice: None,
    }
}

fn soon(conversation: &Conversation) -> Story {
    conversation.story(conversation.query.received_at.plus(Duration::from_mins(1)))
}

/// The story as lines: `what (why; why) [party]`, then what is next.
fn lines(story: &Story) -> Vec<String> {
    let party = |party: Option<_>| party.map(|party| format!(" [{party}]")).unwrap_or_default();
    let chapters = story.chapters.iter().map(|chapter| {
        let why =
            if chapter.why.is_empty() { String::new() } else { format!(" ({})", chapter.why.join("; ")) };
        let again = chapter.again_at.map(|at| format!(" again at {at}")).unwrap_or_default();
        format!("{}{why}{again}{}", chapter.what, party(chapter.attribution))
    });
    let next = &story.next;
    let at = next.at.map(|at| format!(" at {at}")).unwrap_or_default();
    let to_do = next.to_do.as_ref().map(|to_do| format!(" -> {to_do}")).unwrap_or_default();
    chapters.chain([format!("next: {}{at}{to_do}{}", next.what, party(story.attribution))]).collect()
}

const ACCEPTED: &str = "accepted from external_app (quarterly_review), caller crm (worth nothing after 2026-11-23T19:43:27.000Z; the caller wants it to go to deal_analysis)";
const ANSWERED: &str = "answered by ManagerAgent, DealAnalysisAgent within 2.1 s, at try 2 (bedrock_agent: 1834 tokens read, 212 written)";
const QUEUED: &str = "classified as deal_analysis, 99 % sure, and queued for deal_analysis (the agent's route line says deal_analysis; delivery dlv_0198a0a01c2d7e3f8a4b5c6d7e8f9a0b)";

#[test]
fn a_delivered_conversation_ends_with_the_receivers_status_and_nothing_to_do() {
    let conversation = Conversation {
        attempts: vec![fixture("attempt.json")],
        outcomes: vec![fixture("outcome.json")],
        ..queued()
    };
    let told = lines(&soon(&conversation));
    assert_eq!(told[..3], [ACCEPTED, ANSWERED, QUEUED]);
    assert_eq!(
        told[3],
        "attempt 1 failed after 35 ms: 503 (the receiver said \u{201c}busy\u{201d}) again at 2026-11-22T19:43:52.000Z [receiver_5xx]"
    );
    assert!(told[4].starts_with("delivered: 204 within 41 ms, attempt 2 ("), "{}", told[4]);
    assert_eq!(told[5..], ["next: nothing: the receiver has it"]);
}

#[test]
fn a_retrying_conversation_says_who_is_at_fault_and_when_the_next_attempt_is_due() {
    let conversation = Conversation { attempts: vec![fixture("attempt.json")], ..queued() };
    let story = soon(&conversation);
    assert!(!story.next.has_ended);
    let expected = "next: attempt 2 at 2026-11-22T19:43:52.000Z -> nothing, if the receiver's owner knows of its trouble [receiver_5xx]";
    assert_eq!(lines(&story).last().unwrap(), expected);
}

#[test]
fn a_4xx_is_the_receivers_fault_its_words_command_no_terminal_and_a_replay_is_offered() {
    let conversation = Conversation {
        attempts: vec![refused(400, None)],
        outcomes: vec![ended(OutcomeStatus::Failed, "http_status")],
        ..queued()
    };
    let told = lines(&soon(&conversation));
    assert_eq!(
        told[3],
        "attempt 1 failed after 35 ms: 400 (the receiver said \u{201c} [2Jno thanks\u{201d}) [receiver_4xx]"
    );
    assert_eq!(
        told[4..],
        [
            "ended failed: http_status (the destination answered with a status that says not to come again) [receiver_4xx]",
            "next: nothing by itself: it lies in the dead-letter queue -> once the cause is mended: gatewayctl dlq replay 0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b [receiver_4xx]",
        ]
    );
}

#[test]
fn after_a_410_the_advice_is_to_enable_the_destination() {
    let conversation = Conversation {
        attempts: vec![refused(410, None)],
        outcomes: vec![ended(OutcomeStatus::Failed, "gone")],
        ..queued()
    };
    let story = soon(&conversation);
    assert!(
        lines(&story)[4]
            .starts_with("ended failed: gone (the destination answered 410 and is disabled since)")
    );
    let advice = "once the destination is back: gatewayctl destinations enable deal_analysis --replay";
    assert_eq!(story.next.to_do.as_deref(), Some(advice));
}

#[test]
fn an_attempt_without_an_answer_says_what_it_met() {
    let attempt = AttemptRecord { error: AttemptError::TimedOut, response: None, ..fixture("attempt.json") };
    let story = soon(&Conversation { attempts: vec![attempt], ..queued() });
    let told = &lines(&story)[3];
    assert!(told.starts_with("attempt 1 failed after 35 ms: timed_out (no answer in time"), "{told}");
    assert!(told.ends_with("[receiver_slow]"), "{told}");
}

#[test]
fn an_expired_conversation_needs_a_later_deadline() {
    let conversation = Conversation {
        attempts: vec![refused(503, None)],
        outcomes: vec![ended(OutcomeStatus::Expired, "deliver_before")],
        ..queued()
    };
    let story = soon(&conversation);
    assert!(lines(&story)[4].starts_with("ended expired: deliver_before (its deadline passed)"));
    assert_eq!(story.next.to_do.as_deref(), Some("ask again, with a later deadline"));
    assert!(story.next.has_ended);
}

#[test]
fn a_conversation_whose_agent_failed_tells_of_each_try_the_decision_and_the_notice() {
    let delivery: DeliveryRecord = fixture("delivery.json");
    let notice = DeliveryRecord {
        classification: None,
        failure_notice: true,
        failure_reason: Some("access_denied".to_owned()),
        ..delivery
    };
    let outcome =
        OutcomeRecord { notice: Some(Notice::Delivered), ..ended(OutcomeStatus::Failed, "access_denied") };
    let attempt: AgentAttemptRecord = fixture("agent-attempt.json");
    let conversation = Conversation {
        agent_attempts: vec![attempt],
        answer: Some(fixture("answer-failed.json")),
        delivery: Some(notice),
        outcomes: vec![outcome],
        ..accepted()
    };
    let told = lines(&soon(&conversation));
    assert!(told[1].starts_with("try 1 of the agent failed after "), "{told:#?}");
    assert!(told[1].ends_with("[agent_throttled]"), "{told:#?}");
    let told: Vec<_> = told[2..].iter().map(String::as_str).collect();
    assert_eq!(
        told,
        [
            "the agent failed for good: access_denied (the agent's service denied access: credentials or permissions are wrong) [configuration]",
            "a notice of the failure was queued for deal_analysis as dlv_0198a0a01c2d7e3f8a4b5c6d7e8f9a0b",
            "ended failed: access_denied (the general webhook took the notice of it) [configuration]",
            "next: nothing: a failed answer is final -> mend the cause, then ask again [configuration]",
        ]
    );
}

#[test]
fn a_conversation_that_waits_for_the_agent_says_when_it_is_asked_again() {
    let attempt: AgentAttemptRecord = fixture("agent-attempt.json");
    let story = soon(&Conversation { agent_attempts: vec![attempt.clone()], ..accepted() });
    assert_eq!(
        (story.next.what.as_str(), story.next.at),
        ("the manager agent is asked again", Some(attempt.retry_at))
    );
}

#[test]
fn a_stranded_conversation_is_brought_back_by_a_command() {
    let conversation = queued();
    let late = conversation.query.received_at.plus(Duration::from_hours(2));
    let story = conversation.story(late);
    assert_eq!(story.next.what, "nobody works on it any more: its message was lost");
    let command = format!("gatewayctl reconcile --since {} --repair", conversation.query.received_at);
    assert_eq!(story.next.to_do, Some(command));
}

#[test]
fn a_replay_is_told_as_a_run_of_its_own_and_only_the_last_end_counts() {
    let again = AttemptRecord { run: Run(2), ..refused(500, None) };
    let last = OutcomeRecord { run: Run(2), ..ended(OutcomeStatus::Failed, "attempts_exhausted") };
    let conversation = Conversation {
        attempts: vec![refused(400, None), again],
        outcomes: vec![ended(OutcomeStatus::Failed, "http_status"), last],
        ..queued()
    };
    let told = lines(&soon(&conversation));
    assert!(told[4].starts_with("run 2, attempt 1 failed after 35 ms: 500"), "{told:#?}");
    assert!(
        !told[5].contains('['),
        "an end that a replay has overtaken is nobody's fault any more: {told:#?}"
    );
    assert!(
        told[6].starts_with("run 2 ended failed: attempts_exhausted") && told[6].ends_with("[receiver_5xx]")
    );
}

#[test]
fn during_a_replay_the_fault_and_what_is_next_are_those_of_the_running_run() {
    let (queued, at) = (queued(), Timestamp::from_unix_ms(1_755_000_000_000));
    let again = AttemptRecord { run: Run(2), attempt: 1, ..refused(503, Some(at)) };
    let conversation = Conversation {
        attempts: vec![refused(400, None), again],
        outcomes: vec![ended(OutcomeStatus::Failed, "http_status")],
        ..queued
    };
    let story = soon(&conversation);
    assert_eq!((story.status, story.attribution), (Status::Retrying, Some(Attribution::Receiver5xx)));
    assert_eq!((story.next.what.as_str(), story.next.at), ("run 2, attempt 2", Some(at)));
    let advice = "nothing, if the receiver's owner knows of its trouble";
    assert_eq!(story.next.to_do.as_deref(), Some(advice));
    assert!(
        lines(&story).iter().any(|line| line.starts_with("ended failed") && line.ends_with("[receiver_4xx]"))
    );
}

#[test]
fn of_an_advice_with_words_around_it_only_the_command_is_for_a_shell() {
    let conversation =
        Conversation { outcomes: vec![ended(OutcomeStatus::Failed, "crash_loop")], ..queued() };
    let (id, next) = (conversation.query.tracking_id, soon(&conversation).next);
    assert!(next.to_do.unwrap().contains("; deploy a fix"));
    assert_eq!(next.command, Some(format!("gatewayctl tail --tracking-id {id} --since 7d")));
}

#[test]
fn the_document_has_the_story_and_every_record() {
    let conversation = Conversation { attempts: vec![fixture("attempt.json")], ..queued() };
    let document = conversation.story_document(conversation.query.received_at);
    assert_eq!(document["status"], "retrying");
    assert_eq!(document["attribution"], "receiver_5xx");
    assert_eq!(document["story"].as_array().map(Vec::len), Some(4));
    assert_eq!(document["envelope"]["type"], "conversation.answered");
    assert_eq!(document["attempts"][0]["response"]["http_status"], 503);
}
