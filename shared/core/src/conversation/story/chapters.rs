//! What happened, record by record.

use super::Chapter;
use super::words::{agent_failure, attempt_failure, milliseconds, quoted};
use crate::conversation::Conversation;
use crate::records::{
    AgentAttemptRecord, AgentUsage, Answer, AnswerRecord, AttemptRecord, DeliveryRecord, Notice,
    OutcomeRecord, OutcomeStatus, QueryRecord, Run,
};
use crate::retry::EndReason;
use crate::telemetry::Attribution;
use crate::time::in_words;
use crate::{Header, Timestamp};

/// Everything that the records tell, oldest first.
pub(super) fn of(conversation: &Conversation) -> Vec<Chapter> {
    let mut chapters = vec![accepted(&conversation.query)];
    chapters.extend(conversation.agent_attempts.iter().map(failed_try));
    chapters.extend(conversation.answer.as_ref().map(decided));
    chapters.extend(conversation.delivery.as_ref().map(queued));
    chapters.extend(conversation.attempts.iter().map(failed_attempt));
    chapters.extend(conversation.outcomes.iter().map(|outcome| ended(conversation, outcome)));
    // Stable: what happened in one millisecond keeps the order of cause and effect above.
    chapters.sort_by_key(|chapter| chapter.at);
    chapters
}

fn chapter(at: Timestamp, what: impl Into<String>) -> Chapter {
    Chapter { at, what: what.into(), why: Vec::new(), again_at: None, attribution: None }
}

impl Chapter {
    fn because(mut self, why: impl Into<Option<String>>) -> Self {
        self.why.extend(why.into());
        self
    }

    const fn again_at(mut self, at: Option<Timestamp>) -> Self {
        self.again_at = at;
        self
    }

    const fn fault_of(mut self, party: Option<Attribution>) -> Self {
        self.attribution = party;
        self
    }
}

fn accepted(query: &QueryRecord) -> Chapter {
    let QueryRecord { caller, source_system, source_process, .. } = query;
    let text = format!("accepted from {source_system} ({source_process}), caller {caller}");
    let deadline = query.deliver_before.map(|at| format!("worth nothing after {at}"));
    let route = query.route.map(|header| format!("the caller wants it to go to {header}"));
    chapter(query.received_at, text).because(deadline).because(route)
}

fn failed_try(attempt: &AgentAttemptRecord) -> Chapter {
    let AgentAttemptRecord { number, started_at, duration_ms, code, retry_at, .. } = attempt;
    let text = format!("try {number} of the agent failed after {}: {code}", milliseconds(*duration_ms));
    chapter(*started_at, text)
        .because(agent_failure(*code).to_owned())
        .again_at(Some(*retry_at))
        .fault_of(Some(Attribution::of_agent(*code)))
}

fn decided(record: &AnswerRecord) -> Chapter {
    let AnswerRecord { decided_at, attempt, answer, .. } = record;
    match answer {
        Answer::Answered { agents_used, usage, .. } => {
            let tries = if *attempt > 1 { format!(", at try {attempt}") } else { String::new() };
            let after = milliseconds(usage.latency_ms);
            let text = format!("answered by {} within {after}{tries}", agents_used.join(", "));
            let guarded = usage.guardrail_intervened.then(|| "a guardrail changed the answer".to_owned());
            chapter(*decided_at, text).because(tokens(usage)).because(guarded)
        }
        Answer::Failed(failure) => {
            chapter(*decided_at, format!("the agent failed for good: {}", failure.code))
                .because(agent_failure(failure.code).to_owned())
                .fault_of(Some(Attribution::of_agent(failure.code)))
        }
    }
}

fn tokens(usage: &AgentUsage) -> Option<String> {
    let (read, written) = (usage.input_tokens?, usage.output_tokens?);
    Some(format!("{}: {read} tokens read, {written} written", usage.backend))
}

fn queued(delivery: &DeliveryRecord) -> Chapter {
    let DeliveryRecord { target, header, delivery_id, queued_at, .. } = delivery;
    if delivery.failure_notice {
        let text = format!("a notice of the failure was queued for {target} as {delivery_id}");
        return chapter(*queued_at, text);
    }
    let found = delivery.classification.as_ref();
    let sure = found.map(|found| format!(", {:.0} % sure", found.confidence * 100.0)).unwrap_or_default();
    let text = format!("classified as {header}{sure}, and queued for {target}");
    chapter(*queued_at, text)
        .because(found.map(|found| found.reason.clone()))
        .because((target != header).then(|| fallback(*header, *target)))
        .because(format!("delivery {delivery_id}"))
}

fn fallback(header: Header, target: Header) -> String {
    format!("{header} has no webhook of its own: {target} gets it")
}

fn failed_attempt(attempt: &AttemptRecord) -> Chapter {
    let AttemptRecord { run, attempt: number, started_at, duration_ms, error, response, .. } = attempt;
    let met = match response {
        Some(response) => response.http_status.to_string(),
        None => error.as_str().to_owned(),
    };
    let text = format!("{} failed after {}: {met}", name(*run, *number), milliseconds(*duration_ms));
    let said = response.as_ref().filter(|response| !response.body.is_empty());
    let why = match said {
        Some(response) => Some(format!("the receiver said {}", quoted(&response.body))),
        None => response.is_none().then(|| attempt_failure(*error).to_owned()),
    };
    chapter(*started_at, text)
        .because(why)
        .again_at(attempt.next_attempt_at)
        .fault_of(Some(attempt.attribution()))
}

/// `attempt 2`, and which replay it belongs to.
pub(super) fn name(run: Run, number: u32) -> String {
    if run == Run::FIRST { format!("attempt {number}") } else { format!("run {}, attempt {number}", run.0) }
}

fn ended(conversation: &Conversation, outcome: &OutcomeRecord) -> Chapter {
    if let (OutcomeStatus::Delivered, Some(took)) = (outcome.status, outcome.duration_ms) {
        return delivered(conversation, outcome, took);
    }
    let run = if outcome.run == Run::FIRST { String::new() } else { format!("run {} ", outcome.run.0) };
    let reason = outcome.reason.as_deref();
    let words = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    let meaning = reason.and_then(|reason| reason.parse::<EndReason>().ok()).map(EndReason::meaning);
    let notice = outcome.notice.map(|notice| match notice {
        Notice::Delivered => "the general webhook took the notice of it".to_owned(),
        Notice::Failed => "the general webhook did not take the notice of it either".to_owned(),
    });
    let is_last = conversation.outcome().is_some_and(|last| last == outcome);
    chapter(outcome.at, format!("{run}ended {}{words}", outcome.status.as_str()))
        .because(meaning.map(str::to_owned))
        .because(notice)
        .fault_of(if is_last { conversation.fault_of(outcome) } else { None })
}

fn delivered(conversation: &Conversation, outcome: &OutcomeRecord, took: u64) -> Chapter {
    let status = outcome.http_status.map(|status| status.to_string()).unwrap_or_default();
    let attempt = name(outcome.run, outcome.attempts);
    let since = in_words(outcome.at.since(conversation.query.received_at));
    chapter(outcome.at, format!("delivered: {status} within {}, {attempt}", milliseconds(took)))
        .because(format!("{since} after it was accepted"))
}
