//! `gatewayctl dlq show`.

use std::io::Write;
use std::time::Duration;

use revops_core::Timestamp;
use revops_core::conversation::Conversation;
use revops_core::records::AttemptRecord;
use revops_core::text::excerpt;
use revops_core::time::in_words;
use serde_json::{Value, json};

use super::advice::{meaning, next_step};
use super::letter::Letter;
use super::list::to_json;
use super::summary::{name, title};
use crate::error::CtlError;

/// How long a dead-letter queue keeps a message.
const RETENTION: Duration = Duration::from_hours(14 * 24);

/// As much of a text as fits on a line or two.
const EXCERPT: usize = 300;

/// The dead letters of one conversation, and what its records say.
pub(super) struct Shown {
    /// At least one.
    pub(super) letters: Vec<Letter>,
    /// None where it was deleted.
    pub(super) conversation: Option<Conversation>,
    pub(super) now: Timestamp,
}

impl Shown {
    pub(super) fn print(&self, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
        if as_json {
            return Ok(writeln!(out, "{}", self.to_json())?);
        }
        for letter in &self.letters {
            self.print_letter(letter, out)?;
        }
        if let Some(attempt) = self.last_attempt() {
            line(out, "last attempt", &attempt_in_words(attempt))?;
        }
        if let Some(conversation) = &self.conversation {
            for outcome in &conversation.outcomes {
                let reason = outcome.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
                let (run, status, at) = (outcome.run.0, outcome.status.as_str(), outcome.at);
                line(out, "outcome", &format!("run {run} ended {status}{reason} at {at}"))?;
            }
        }
        for letter in &self.letters {
            line(out, "next", &next_step(letter, self.conversation.as_ref(), self.now))?;
        }
        Ok(())
    }

    fn print_letter(&self, letter: &Letter, out: &mut impl Write) -> Result<(), CtlError> {
        let class = letter.header().map(|header| format!(", for {header}")).unwrap_or_default();
        writeln!(out, "{}{class}, in {}", title(letter), name(&letter.first().queue_url))?;
        line(out, "reason", &format!("{}: {}", letter.reason().unwrap_or("-"), meaning(letter)))?;
        if let Some(attempts) = letter.attempts() {
            line(out, "attempts", &attempts.to_string())?;
        }
        let (at, age) = (letter.failed_at(), in_words(self.now.since(letter.failed_at())));
        let dropped = letter.failed_at().plus(RETENTION);
        line(out, "failed at", &format!("{at}, {age} ago; the queue drops it at {dropped}"))?;
        line(out, "message", &excerpt(&letter.first().message.body, EXCERPT))?;
        line(out, "duplicates", &letter.duplicates().to_string())
    }

    /// The last attempt of the delivery, whichever run it was of.
    fn last_attempt(&self) -> Option<&AttemptRecord> {
        self.conversation.as_ref()?.attempts.iter().max_by_key(|attempt| (attempt.run, attempt.attempt))
    }

    fn to_json(&self) -> Value {
        let letters = self.letters.iter().map(|letter| {
            let mut shown = to_json(letter, self.now);
            let message = &letter.first().message;
            shown["message"] = json!(message.body);
            shown["attributes"] = json!(message.attributes);
            shown["meaning"] = json!(meaning(letter));
            shown["next"] = json!(next_step(letter, self.conversation.as_ref(), self.now));
            shown
        });
        let outcomes = self.conversation.as_ref().map(|conversation| &conversation.outcomes);
        json!({"letters": letters.collect::<Vec<_>>(), "last_attempt": self.last_attempt(), "outcomes": outcomes})
    }
}

fn line(out: &mut impl Write, name: &str, text: &str) -> Result<(), CtlError> {
    Ok(writeln!(out, "  {name:<12}  {text}")?)
}

fn attempt_in_words(attempt: &AttemptRecord) -> String {
    let AttemptRecord { run, attempt: number, started_at, duration_ms, error, response, .. } = attempt;
    let answer = response.as_ref().map(|response| {
        let body = if response.body.is_empty() {
            String::new()
        } else {
            format!(" {}", excerpt(&response.body, EXCERPT))
        };
        format!(" {}{body}", response.http_status)
    });
    let (run, error, answer) = (run.0, error.as_str(), answer.unwrap_or_default());
    format!("run {run}, attempt {number} at {started_at}, {duration_ms} ms: {error}{answer}")
}
