//! What a replay did, for a person or a program.

use std::io::Write;

use revops_core::TrackingId;
use serde_json::{Value, json};

use super::letter::Letter;
use super::list::plural;
use crate::error::CtlError;

/// What became of a letter.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was sent, or would be.
    Replayed {
        /// The URL of the queue.
        queue: String,
        /// What went wrong all the same.
        warning: Option<String>,
    },
    /// It stays in the dead-letter queue, for this reason.
    Stayed(String),
    /// It could not be sent, and stays.
    Failed(String),
}

/// A letter and its fate.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) letter: Letter,
    pub(super) fate: Fate,
}

/// The result of a replay.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(super) dry_run: bool,
    pub(super) entries: Vec<Entry>,
    /// Ids that were asked for and have no dead letter.
    pub(super) missing: Vec<TrackingId>,
    /// Why it broke off.
    pub(super) stopped_by: Option<String>,
    /// How many were not tried any more.
    pub(super) left: usize,
}

impl Summary {
    pub(super) fn replayed(&self) -> usize {
        self.entries.len() - self.stayed()
    }

    pub(super) fn stayed(&self) -> usize {
        self.entries.iter().filter(|entry| !matches!(entry.fate, Fate::Replayed { .. })).count()
    }

    fn duplicates(&self) -> usize {
        let replayed = self.entries.iter().filter(|entry| matches!(entry.fate, Fate::Replayed { .. }));
        replayed.map(|entry| entry.letter.duplicates()).sum()
    }

    pub(crate) fn print(&self, out: &mut impl Write) -> Result<(), CtlError> {
        for Entry { letter, fate } in &self.entries {
            writeln!(out, "{}  {}", title(letter), self.sentence(fate))?;
        }
        for id in &self.missing {
            writeln!(out, "{id}  has no dead letter")?;
        }
        let verb = if self.dry_run { "would be replayed" } else { "replayed" };
        let (replayed, duplicates, stayed) = (self.replayed(), self.duplicates(), self.stayed() + self.left);
        let word = plural(duplicates, "duplicate");
        Ok(writeln!(out, "{replayed} {verb} (and {duplicates} {word} dropped), {stayed} left here")?)
    }

    fn sentence(&self, fate: &Fate) -> String {
        match fate {
            Fate::Replayed { queue, warning } => {
                let verb = if self.dry_run { "would go" } else { "went" };
                let warning = warning.as_ref().map(|warning| format!("; {warning}")).unwrap_or_default();
                format!("{verb} to {}{warning}", name(queue))
            }
            Fate::Stayed(why) => format!("stays: {why}"),
            Fate::Failed(cause) => format!("stays, failed: {cause}"),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        let letters = self.entries.iter().map(|Entry { letter, fate }| {
            let (verdict, queue, why) = match fate {
                Fate::Replayed { queue, warning } => ("replayed", Some(name(queue)), warning.as_ref()),
                Fate::Stayed(why) => ("stayed", None, Some(why)),
                Fate::Failed(cause) => ("failed", None, Some(cause)),
            };
            json!({"tracking_id": letter.tracking_id(), "run": letter.run(), "header": letter.header(),
                "reason": letter.reason(), "duplicates": letter.duplicates(), "fate": verdict, "queue": queue,
                "why": why})
        });
        json!({"dry_run": self.dry_run, "replayed": self.replayed(), "stayed": self.stayed() + self.left,
            "letters": letters.collect::<Vec<_>>(), "not_found": self.missing, "stopped_by": self.stopped_by})
    }

    /// An error as long as something that was asked for is not done.
    pub(crate) fn verdict(&self) -> Result<(), CtlError> {
        if let Some(cause) = &self.stopped_by {
            let (left, word) = (self.left, plural(self.left, "letter"));
            return Err(CtlError::Failed(format!(
                "the replay broke off with {left} {word} to go: {cause}; repeat it, what was done is not done twice"
            )));
        }
        if !self.missing.is_empty() {
            let ids: Vec<String> = self.missing.iter().map(TrackingId::to_string).collect();
            let ids = ids.join(", ");
            return Err(CtlError::NotFound(format!(
                "no dead letter of {ids}; `gatewayctl track ID` tells where a conversation stands"
            )));
        }
        match self.stayed() {
            0 => Ok(()),
            stayed => {
                let word = plural(stayed, "letter");
                Err(CtlError::Failed(format!(
                    "{stayed} {word} left in the dead-letter queue; see the reasons"
                )))
            }
        }
    }
}

/// The letter in a few words.
pub(super) fn title(letter: &Letter) -> String {
    let id =
        letter.tracking_id().map_or_else(|| letter.first().message.message_id.clone(), |id| id.to_string());
    match letter.run() {
        Some(run) => format!("{id}  run {}", run.0),
        None => format!("{id}  {}", letter.kind()),
    }
}

/// The name at the end of a queue's URL.
pub(super) fn name(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}
