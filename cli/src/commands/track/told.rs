//! A story on the terminal: each chapter once, however often it is looked at.

use std::io::{IsTerminal as _, Write};

use revops_core::Timestamp;
use revops_core::conversation::{Chapter, Status, Story};
use revops_core::records::QueryRecord;
use revops_core::text::harmless;
use revops_core::time::in_words;

use crate::error::CtlError;
use crate::terminal::Terminal;

/// What was told so far.
pub(super) struct Told {
    terminal: Terminal,
    chapters: Vec<Chapter>,
    begun_at: Option<Timestamp>,
    /// Whether a line that rewrites itself says how long it still takes.
    is_watched: bool,
}

impl Told {
    pub(super) fn new(terminal: Terminal) -> Self {
        let is_watched = std::io::stderr().is_terminal() && !Terminal::is_dumb();
        Self { terminal, chapters: Vec::new(), begun_at: None, is_watched }
    }

    /// Prints what is new.
    pub(super) fn tell(
        &mut self,
        query: &QueryRecord,
        story: &Story,
        now: Timestamp,
        out: &mut impl Write,
    ) -> Result<(), CtlError> {
        self.forget_waiting();
        if self.begun_at.is_none() {
            self.begun_at = Some(query.received_at);
            self.head(query, now, out)?;
        }
        for chapter in &story.chapters {
            if !self.chapters.contains(chapter) {
                self.chapter(chapter, out)?;
                self.chapters.push(chapter.clone());
            }
        }
        Ok(out.flush()?)
    }

    fn head(&self, query: &QueryRecord, now: Timestamp, out: &mut impl Write) -> Result<(), CtlError> {
        let terminal = &self.terminal;
        let age = in_words(now.since(query.received_at));
        writeln!(out, "{}  {}", terminal.bold(query.tracking_id), harmless(&query.query))?;
        Ok(writeln!(out, "{}", terminal.dim(format!("{}, {age} ago", terminal.date(query.received_at))))?)
    }

    /// The line of the chapter, and a line for each thing that is known beside it.
    fn chapter(&self, chapter: &Chapter, out: &mut impl Write) -> Result<(), CtlError> {
        let (terminal, begun_at) = (&self.terminal, self.begun_at.unwrap_or(chapter.at));
        let time = format!("{}  {:>12}", terminal.time(chapter.at), relative(chapter.at, begun_at));
        let what = harmless(&chapter.what);
        match chapter.attribution {
            Some(party) => {
                let party = terminal.red(format!("[{}]", party.as_str().replace('_', " ")));
                writeln!(out, "  {}  {what}  {party}", terminal.dim(time))?;
            }
            None => writeln!(out, "  {}  {what}", terminal.dim(time))?,
        }
        let again = chapter.again_at.map(|at| format!("again at {}", terminal.time(at)));
        for beside in chapter.why.iter().chain(&again) {
            writeln!(out, "  {:28}{}", "", terminal.dim(harmless(beside)))?;
        }
        Ok(())
    }

    /// Where it stands, what comes next, and what there is to do.
    pub(super) fn end(&self, story: &Story, now: Timestamp, out: &mut impl Write) -> Result<(), CtlError> {
        let terminal = &self.terminal;
        let word = word(story.status);
        let status = match story.status {
            Status::Delivered => terminal.green(word),
            Status::Failed | Status::Expired => terminal.red(word),
            Status::Accepted | Status::Answering | Status::Queued | Status::Retrying => terminal.yellow(word),
        };
        let party =
            story.attribution.map(|party| format!(" (fault of: {})", party.as_str().replace('_', " ")));
        writeln!(out, "\n  status  {status}{}", party.unwrap_or_default())?;
        writeln!(out, "  next    {}", self.next(story, now))?;
        if let Some(to_do) = &story.next.to_do {
            writeln!(out, "  to do   {}", terminal.bold(to_do))?;
        }
        Ok(())
    }

    fn next(&self, story: &Story, now: Timestamp) -> String {
        let what = &story.next.what;
        match story.next.at {
            Some(at) if at > now => {
                format!("{what} at {}, in {}", self.terminal.time(at), in_words(at.since(now)))
            }
            Some(at) => format!("{what} (since {})", self.terminal.time(at)),
            None => what.clone(),
        }
    }

    /// Says on a terminal what it waits for.
    pub(super) fn wait(&self, story: &Story, now: Timestamp) {
        if self.is_watched {
            // Nothing is left to do about a closed terminal.
            let _closed = write!(
                std::io::stderr(),
                "\r\u{1b}[K  {}",
                self.terminal.dim(format!(
                    "{}: {} … Ctrl-C stops watching",
                    word(story.status),
                    self.next(story, now)
                ))
            );
        }
    }

    fn forget_waiting(&self) {
        if self.is_watched {
            // As above.
            let _closed = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}

/// How long after the beginning.
fn relative(at: Timestamp, begun_at: Timestamp) -> String {
    if at == begun_at { String::new() } else { format!("+{}", in_words(at.since(begun_at))) }
}

const fn word(status: Status) -> &'static str {
    match status {
        Status::Accepted => "accepted",
        Status::Answering => "answering",
        Status::Queued => "queued",
        Status::Retrying => "retrying",
        Status::Delivered => "delivered",
        Status::Failed => "failed",
        Status::Expired => "expired",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use std::time::Duration;

    use revops_core::conversation::Conversation;
    use serde::de::DeserializeOwned;

    fn fixture<T: DeserializeOwned>(name: &str) -> T {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/released/v1");
        serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
    }

    fn retrying() -> Conversation {
        Conversation {
            query: fixture("query.json"),
            agent_attempts: Vec::new(),
            answer: Some(fixture("answer.json")),
            delivery: Some(fixture("delivery.json")),
            attempts: vec![fixture("attempt.json")],
            outcomes: Vec::new(),
        }
    }

    const fn told() -> Told {
        Told { terminal: Terminal::plain(), chapters: Vec::new(), begun_at: None, is_watched: false }
    }

    #[test]
    fn a_story_has_times_reasons_parties_and_what_comes_next() {
        let (conversation, mut told, mut out) = (retrying(), told(), Vec::new());
        let now = conversation.query.received_at.plus(Duration::from_secs(20));
        let story = conversation.story(now);
        told.tell(&conversation.query, &story, now, &mut out).unwrap();
        told.end(&story, now, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let expected = "\
0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b  What is the deal status for IXIS?
2026-11-22 (UTC+00:00), 20.0 s ago
  19:43:27.123                accepted from external_app (quarterly_review), caller crm
                              worth nothing after 2026-11-23T19:43:27.000Z
                              the caller wants it to go to deal_analysis
  19:43:41.000       +13.8 s  answered by ManagerAgent, DealAnalysisAgent within 2.1 s, at try 2
                              bedrock_agent: 1834 tokens read, 212 written
  19:43:41.100       +13.9 s  classified as deal_analysis, 99 % sure, and queued for deal_analysis
                              the agent's route line says deal_analysis
                              delivery dlv_0198a0a01c2d7e3f8a4b5c6d7e8f9a0b
  19:43:41.200       +14.0 s  attempt 1 failed after 35 ms: 503  [receiver 5xx]
                              the receiver said \u{201c}busy\u{201d}
                              again at 19:43:52.000

  status  retrying (fault of: receiver 5xx)
  next    attempt 2 at 19:43:52.000, in 4.8 s
  to do   nothing, if the receiver's owner knows of its trouble
";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_was_told_is_not_told_again() {
        let (mut conversation, mut told, mut out) = (retrying(), told(), Vec::new());
        let now = conversation.query.received_at;
        told.tell(&conversation.query, &conversation.story(now), now, &mut out).unwrap();
        out.clear();
        conversation.outcomes = vec![fixture("outcome.json")];
        told.tell(&conversation.query, &conversation.story(now), now, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("  19:43:52.300       +25.1 s  delivered: 204"), "{text}");
        assert_eq!(text.lines().count(), 2, "{text}");
    }
}
