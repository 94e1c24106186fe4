//! Dead letters, read from messages: what is in them, and which are copies of one another.

use std::collections::BTreeMap;

use revops_core::messages::{AnswerQuery, Deliver, Message};
use revops_core::ports::ReceivedMessage;
use revops_core::records::Run;
use revops_core::telemetry::with_causes;
use revops_core::{Header, Timestamp, TrackingId};
use serde_json::Value;

/// A message in our hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// The queue that it lies in.
    pub(super) queue_url: String,
    pub(super) message: ReceivedMessage,
}

/// What a dead letter asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// A delivery, addressed as the run that a replay is.
    Delivery(Deliver),
    /// The answer to a query.
    Query(AnswerQuery),
    /// This version does not understand it: why.
    Unknown(String),
}

/// What makes two messages copies of one another.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Delivery(TrackingId, Run),
    Query(TrackingId),
    Unknown(String),
}

/// A dead letter with all its copies: a crash between the copy to the dead-letter queue and the outcome makes
/// another one, and so does an interrupted replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) subject: Subject,
    /// At least one, the oldest first.
    first: Held,
    duplicates: Vec<Held>,
}

impl Letter {
    /// The letters in `held`, the oldest first.
    pub(super) fn all_of(held: impl IntoIterator<Item = Held>) -> Vec<Self> {
        let mut held: Vec<Held> = held.into_iter().collect();
        held.sort_by(|a, b| {
            let order = |held: &Held| (held.message.sent_at, held.message.message_id.clone());
            order(a).cmp(&order(b))
        });
        let mut letters: BTreeMap<Identity, Self> = BTreeMap::new();
        for held in held {
            let subject = Subject::of(&held.message.body);
            let identity = subject.identity(&held.message.message_id);
            match letters.get_mut(&identity) {
                Some(letter) => letter.duplicates.push(held),
                None => {
                    letters.insert(identity, Self { subject, first: held, duplicates: Vec::new() });
                }
            }
        }
        let mut letters: Vec<Self> = letters.into_values().collect();
        letters.sort_by_key(Self::failed_at);
        letters
    }

    /// The oldest of its messages.
    pub(super) const fn first(&self) -> &Held {
        &self.first
    }

    /// All its messages.
    pub(super) fn copies(&self) -> impl Iterator<Item = &Held> {
        std::iter::once(&self.first).chain(&self.duplicates)
    }

    /// How many messages more than one there are.
    pub(super) const fn duplicates(&self) -> usize {
        self.duplicates.len()
    }

    /// The conversation; none where even that is not understood.
    pub(super) fn tracking_id(&self) -> Option<TrackingId> {
        match &self.subject {
            Subject::Delivery(deliver) => Some(deliver.tracking_id),
            Subject::Query(query) => Some(query.tracking_id),
            Subject::Unknown(_) => self.told_tracking_id(),
        }
    }

    /// A newer version's message still says which conversation it is about.
    fn told_tracking_id(&self) -> Option<TrackingId> {
        let told = || {
            let body: Value = serde_json::from_str(&self.first.message.body).ok()?;
            body["tracking_id"].as_str()?.parse().ok()
        };
        self.attribute("tracking_id").and_then(|text| text.parse().ok()).or_else(told)
    }

    /// The run that a replay is; only a delivery has one.
    pub(super) fn run(&self) -> Option<Run> {
        match &self.subject {
            Subject::Delivery(deliver) => Some(deliver.run),
            Subject::Query(_) | Subject::Unknown(_) => None,
        }
    }

    /// The class whose webhook it is for.
    pub(super) fn header(&self) -> Option<Header> {
        match &self.subject {
            Subject::Delivery(deliver) => Some(deliver.header),
            Subject::Query(_) => None,
            Subject::Unknown(_) => self.attribute("header").and_then(|text| text.parse().ok()),
        }
    }

    /// What it asks for, in a word.
    pub(super) const fn kind(&self) -> &'static str {
        match &self.subject {
            Subject::Delivery(_) => "deliver",
            Subject::Query(_) => "answer_query",
            Subject::Unknown(_) => "unknown",
        }
    }

    /// Why it was given up; none where SQS moved it after too many receives, which says nothing.
    pub(super) fn reason(&self) -> Option<&str> {
        self.attribute("reason")
    }

    /// How many attempts its last run made.
    pub(super) fn attempts(&self) -> Option<u32> {
        self.attribute("attempts")?.parse().ok()
    }

    /// When it was given up. Where SQS moved it: when it was sent first.
    pub(super) const fn failed_at(&self) -> Timestamp {
        self.first.message.sent_at
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.first.message.attributes.get(name).map(String::as_str)
    }
}

impl Subject {
    fn of(body: &str) -> Self {
        match Message::parse(body) {
            Ok(Message::Deliver(deliver)) => Self::Delivery(deliver),
            Ok(Message::AnswerQuery(query)) => Self::Query(query),
            Err(cause) => Self::Unknown(with_causes(&cause)),
        }
    }

    fn identity(&self, message_id: &str) -> Identity {
        match self {
            Self::Delivery(deliver) => Identity::Delivery(deliver.tracking_id, deliver.run),
            Self::Query(query) => Identity::Query(query.tracking_id),
            Self::Unknown(_) => Identity::Unknown(message_id.to_owned()),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The conversation with this number.
    pub(crate) fn id(number: u32) -> TrackingId {
        format!("0198a0a0-0000-7000-8000-{number:012}").parse().unwrap()
    }

    /// The body of a dead letter for the deal team.
    pub(crate) fn body(number: u32, run: u32) -> String {
        let (id, delivery) = (id(number), id(number).delivery_id());
        format!(
            r#"{{"v":1,"type":"deliver","tracking_id":"{id}","delivery_id":"{delivery}","header":"deal_analysis","run":{run}}}"#
        )
    }

    /// A dead letter that failed as many seconds after the epoch as its number says.
    pub(crate) fn delivery(number: u32, run: u32, reason: &str) -> Held {
        let attributes = [("reason", reason), ("attempts", "5")];
        let mut held = message(&format!("{number}-{run}"), &body(number, run), i64::from(number));
        held.message.attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        held
    }

    pub(crate) fn message(name: &str, body: &str, seconds: i64) -> Held {
        let message = ReceivedMessage {
            message_id: name.to_owned(),
            receipt: format!("receipt-{name}"),
            body: body.to_owned(),
            group: None,
            attributes: BTreeMap::new(),
            sent_at: Timestamp::from_unix_ms(seconds * 1_000),
        };
        Held { queue_url: "dead-letter".to_owned(), message }
    }

    pub(crate) fn letters(held: Vec<Held>) -> Vec<Letter> {
        Letter::all_of(held)
    }

    #[test]
    fn copies_of_one_run_are_one_letter_and_the_oldest_counts() {
        let mut later = delivery(1, 2, "gone");
        later.message.message_id = "later".to_owned();
        later.message.sent_at = Timestamp::from_unix_ms(9_000);
        let letters = letters(vec![later, delivery(2, 2, "gone"), delivery(1, 2, "gone")]);
        let seen: Vec<_> = letters.iter().map(|letter| (letter.tracking_id(), letter.duplicates())).collect();
        assert_eq!(seen, [(Some(id(1)), 1), (Some(id(2)), 0)]);
        assert_eq!(letters[0].failed_at(), Timestamp::from_unix_ms(1_000));
        assert_eq!(letters[0].copies().count(), 2);
    }

    #[test]
    fn two_runs_of_one_delivery_are_two_letters() {
        let letters = letters(vec![delivery(1, 2, "gone"), delivery(1, 3, "gone")]);
        assert_eq!(letters.iter().filter_map(Letter::run).collect::<Vec<_>>(), [Run(2), Run(3)]);
    }

    #[test]
    fn a_message_that_is_not_understood_is_a_letter_of_its_own_and_tells_what_it_can() {
        let newer = body(1, 2).replace("\"v\":1", "\"v\":2");
        let letters = letters(vec![message("a", &newer, 1), message("b", &newer, 2), message("c", "{", 3)]);
        let ids: Vec<_> = letters.iter().map(Letter::tracking_id).collect();
        assert_eq!(ids, [Some(id(1)), Some(id(1)), None]);
        assert!(letters.iter().all(|letter| letter.kind() == "unknown" && letter.duplicates() == 0));
    }
}
