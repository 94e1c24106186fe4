//! A conversation as the functions find it: records and messages that the product's own types write.

use revops_aws::{OsRandom, SystemClock};
use revops_core::messages::{AnswerQuery, Deliver, Message, Version};
use revops_core::ports::Clock as _;
use revops_core::records::{
    AgentUsage, Answer, AnswerRecord, DeliveryRecord, QueryRecord, Run, VERSION, keys,
};
use revops_core::{Header, Timestamp, TrackingId};
use serde::Serialize;

/// The question of every conversation here.
pub(crate) const QUESTION: &str = "What is the deal status for IXIS?";

/// Sentences of an answer.
const ANSWER: &str = "**Hollin** is in *Negotiation* at $184,500, close date 18 December. Procurement asks for 12% off \
    and the floor is -10%, so expect one more round before legal signs.\n\n- Send the ROI sheet to the deputy\n\n";

/// One conversation, from now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conversation {
    /// Its name.
    pub(crate) id: TrackingId,
    /// The class that it is delivered to.
    pub(crate) header: Header,
    now: Timestamp,
}

impl Conversation {
    /// A new one, delivered to `header`.
    pub(crate) fn new(header: Header) -> Self {
        let now = SystemClock.now();
        Self { id: TrackingId::new(now, &OsRandom), header, now }
    }

    /// Key and bytes of the records that a delivery starts from, with an answer and an envelope of so many bytes.
    pub(crate) fn records(&self, bytes: usize) -> [(String, Vec<u8>); 3] {
        let (query, answer, delivery) =
            (keys::query(self.id), keys::answer(self.id), keys::delivery(self.id));
        [
            (query.path().to_owned(), json(&self.query())),
            (answer.path().to_owned(), json(&self.answer(bytes))),
            (delivery.path().to_owned(), json(&self.delivery(bytes))),
        ]
    }

    /// `query.json`.
    pub(crate) fn query(&self) -> QueryRecord {
        QueryRecord {
            v: VERSION,
            tracking_id: self.id,
            caller: "bench".into(),
            received_at: self.now,
            source_system: "external_app".into(),
            source_process: "quarterly_review".into(),
            original_timestamp: "2025-08-13T06:30:00Z".into(),
            query: QUESTION.into(),
            agent_session: None,
            user_context: Default::default(),
            expected_header: None,
            route: None,
            deliver_before: None,
            ledger: None,
        }
    }

    /// `answer.json`.
    pub(crate) fn answer(&self, bytes: usize) -> AnswerRecord {
        let usage = AgentUsage { backend: "bedrock_agent".into(), ..AgentUsage::default() };
        let agents_used = vec!["manager".to_owned(), "deal_analyst".to_owned()];
        let answer = Answer::Answered { text: text(bytes), nonce: None, agents_used, usage };
        AnswerRecord { v: VERSION, decided_at: self.now, attempt: 1, answer }
    }

    fn delivery(&self, bytes: usize) -> DeliveryRecord {
        DeliveryRecord {
            v: VERSION,
            tracking_id: self.id,
            delivery_id: self.id.delivery_id(),
            header: self.header,
            target: self.header,
            classification: None,
            queued_at: self.now,
            deliver_before: None,
            failure_notice: false,
            failure_reason: None,
            envelope: envelope(bytes),
        }
    }

    /// The message that has it answered.
    pub(crate) fn answer_query(&self) -> String {
        Message::AnswerQuery(AnswerQuery { v: Version, tracking_id: self.id }).to_json()
    }

    /// The message that has it delivered.
    pub(crate) fn deliver(&self) -> String {
        let deliver = Deliver {
            v: Version,
            tracking_id: self.id,
            delivery_id: self.id.delivery_id(),
            header: self.header,
            run: Run::FIRST,
            copy: false,
            ignore_deadline: false,
        };
        Message::Deliver(deliver).to_json()
    }
}

/// Markdown of so many bytes.
pub(crate) fn text(bytes: usize) -> String {
    ANSWER.chars().cycle().take(bytes).collect()
}

/// A body of about so many bytes.
pub(crate) fn envelope(bytes: usize) -> String {
    serde_json::json!({"type": "conversation.answered", "response_plain": text(bytes)}).to_string()
}

/// Strings, numbers and booleans only: serialising them cannot fail.
pub(crate) fn json(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).unwrap_or_default()
}
