//! Which conversations have no outcome, by their keys alone: a tracking id begins with its time, so those of
//! a span of time lie together, and spans are listed side by side.

use futures_util::future::try_join_all;
use revops_aws::Clients;
use revops_core::records::keys;
use revops_core::telemetry::with_causes;
use revops_core::{Timestamp, TrackingId};

use crate::error::CtlError;
use crate::progress::Progress;
use crate::sdk_clients;

/// How many spans are listed at a time.
const SPANS: u32 = 4;

/// Where the records of all conversations are.
const PREFIX: &str = "conversations/";

/// A conversation without an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unfinished {
    pub(super) id: TrackingId,
    /// The store's time of its newest object.
    pub(super) last_written: Timestamp,
}

/// What was listed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// How many conversations there are in all.
    pub(super) conversations: usize,
    pub(super) unfinished: Vec<Unfinished>,
    current: Option<(Unfinished, bool)>,
}

/// The conversations that were accepted at `since` or later. An idempotency ledger without a conversation is
/// not among them: nothing was acknowledged.
pub(super) async fn unfinished(
    clients: &Clients,
    bucket: &str,
    since: Timestamp,
    now: Timestamp,
    progress: &Progress,
) -> Result<Listed, CtlError> {
    let spans = spans(since, now).into_iter();
    let parts = spans.map(|(from, until)| span(clients, bucket, from, until, progress));
    let parts = try_join_all(parts).await?;
    let join = |mut all: Listed, part: Listed| {
        all.conversations += part.conversations;
        all.unfinished.extend(part.unfinished);
        all
    };
    Ok(parts.into_iter().fold(Listed::default(), join))
}

/// The time from `since` to `now` in equal parts; the last one has no end, since clocks differ.
fn spans(since: Timestamp, now: Timestamp) -> Vec<(TrackingId, Option<TrackingId>)> {
    let part = now.since(since) / SPANS;
    let start = |number: u32| TrackingId::lowest_at(since.plus(part * number));
    let end = |number: u32| (number + 1 < SPANS).then(|| start(number + 1));
    (0..SPANS).map(|number| (start(number), end(number))).collect()
}

async fn span(
    clients: &Clients,
    bucket: &str,
    from: TrackingId,
    until: Option<TrackingId>,
    progress: &Progress,
) -> Result<Listed, CtlError> {
    let s3 = sdk_clients::s3(clients);
    let (mut listed, mut after) = (Listed::default(), format!("{PREFIX}{from}"));
    loop {
        let request = s3.list_objects_v2().bucket(bucket).prefix(PREFIX).start_after(&after);
        let page = request.send().await.map_err(|cause| refused(&cause))?;
        progress.listed(page.contents().len());
        for object in page.contents() {
            let key = object.key().unwrap_or_default();
            let written = object.last_modified().and_then(|at| at.to_millis().ok()).unwrap_or_default();
            if !listed.add(key, Timestamp::from_unix_ms(written), until) {
                return Ok(listed.finished());
            }
            key.clone_into(&mut after);
        }
        if !page.is_truncated().unwrap_or_default() || page.contents().is_empty() {
            return Ok(listed.finished());
        }
    }
}

impl Listed {
    /// Takes the next key; false when it is beyond the span. Keys come sorted, so those of one conversation
    /// come together.
    fn add(&mut self, key: &str, written: Timestamp, until: Option<TrackingId>) -> bool {
        let parts = key.strip_prefix(PREFIX).and_then(|rest| rest.split_once('/'));
        let Some((Ok(id), record)) = parts.map(|(id, record)| (id.parse::<TrackingId>(), record)) else {
            // Not ours; whatever it is, it is no conversation.
            return true;
        };
        if until.is_some_and(|until| id >= until) {
            return false;
        }
        if self.current.is_none_or(|(current, _)| current.id != id) {
            self.close();
            self.current = Some((Unfinished { id, last_written: written }, false));
        }
        if let Some((current, has_ended)) = &mut self.current {
            current.last_written = current.last_written.max(written);
            *has_ended |= record.starts_with("outcomes/") || key == keys::deleted(id).path();
        }
        true
    }

    fn close(&mut self) {
        if let Some((conversation, has_ended)) = self.current.take() {
            self.conversations += 1;
            if !has_ended {
                self.unfinished.push(conversation);
            }
        }
    }

    fn finished(mut self) -> Self {
        self.close();
        self
    }
}

fn refused(cause: &dyn std::error::Error) -> CtlError {
    let text = with_causes(cause);
    CtlError::Failed(format!("S3 did not list the conversations: {text}; are region and credentials set?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_unix_ms(1_763_840_000_000).plus(Duration::from_secs(seconds))
    }

    fn key(id: TrackingId, record: &str) -> String {
        format!("{PREFIX}{id}/{record}")
    }

    #[test]
    fn the_spans_leave_nothing_out_and_the_last_is_open() {
        let spans = spans(at(0), at(100));
        assert_eq!(spans[0].0, TrackingId::lowest_at(at(0)));
        assert!(spans.windows(2).all(|pair| pair[0].1 == Some(pair[1].0)));
        assert_eq!(spans.last().map(|span| span.1), Some(None));
    }

    #[test]
    fn a_conversation_without_an_outcome_is_found_with_the_time_of_its_newest_object() {
        let (ended, open) = (TrackingId::lowest_at(at(1)), TrackingId::lowest_at(at(2)));
        let mut listed = Listed::default();
        assert!(listed.add(&key(ended, "delivery.json"), at(1), None));
        assert!(listed.add(&key(ended, "outcomes/001-delivered.json"), at(1), None));
        assert!(listed.add(&key(open, "lease.json"), at(9), None));
        assert!(listed.add(&key(open, "query.json"), at(2), None));
        assert!(listed.add("conversations/notes.txt", at(2), None));
        let listed = listed.finished();
        assert_eq!(listed.conversations, 2);
        assert_eq!(listed.unfinished, [Unfinished { id: open, last_written: at(9) }]);
    }

    #[test]
    fn the_tombstone_of_a_deleted_conversation_is_not_stranded() {
        let mut listed = Listed::default();
        assert!(listed.add(keys::deleted(TrackingId::lowest_at(at(1))).path(), at(1), None));
        assert_eq!(listed.finished().unfinished, []);
    }

    #[test]
    fn a_span_ends_before_the_next_one_begins() {
        let id = TrackingId::lowest_at(at(2));
        assert!(!Listed::default().add(&key(id, "query.json"), at(2), Some(id)));
    }
}
