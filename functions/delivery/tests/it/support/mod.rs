//! A delivery function in memory: its records and queues, a receiver that answers by script, and a clock.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lambda_events::sqs::SqsEvent;
use delivery::ports::{PostEnvelope, PostRequest, Response};
use delivery::{Delivery, DeliveryConfig, handle_batch};
use revops_aws::CachedSecret;
use revops_core::config::Variables;
use revops_core::fake::{FixedClock, FixedRandom, MemoryQueues, MemoryRecords};
use revops_core::messages::{Deliver, Message, Version};
use revops_core::ports::{Clock, FetchSecret};
use revops_core::records::{DeletedRecord, DeliveryRecord, QueryRecord, Run, VERSION, create, keys};
use revops_core::retry::NoAnswer;
use revops_core::secret::Secret;
use revops_core::telemetry::Measurements;
use revops_core::{Header, Timestamp, TrackingId};
use serde_json::{Value, json};

pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub(crate) const QUEUE: &str = "https://sqs.us-east-1.amazonaws.com/1/outbound";
pub(crate) const DEAD_LETTERS: &str = "https://sqs.us-east-1.amazonaws.com/1/dead-letters";
pub(crate) const ENVELOPE: &str =
    r#"{"type":"conversation.answered","response_plain":"IXIS is in négociation"}"#;
pub(crate) const START: Timestamp = Timestamp::from_unix_ms(1_763_840_000_000);

/// A POST that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) url: String,
    pub(crate) webhook_id: String,
    pub(crate) timestamp: i64,
    pub(crate) signature: String,
    pub(crate) tracking_id: String,
    pub(crate) body: String,
}

type Answer = Box<dyn Fn() -> Result<Response, NoAnswer> + Send>;

/// Answers by script, then with 200 for ever.
#[derive(Clone, Default)]
pub(crate) struct Receiver {
    script: Arc<Mutex<VecDeque<Answer>>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Receiver {
    pub(crate) fn answers(&self, answer: impl Fn() -> Result<Response, NoAnswer> + Send + 'static) {
        self.script.lock().unwrap().push_back(Box::new(answer));
    }

    pub(crate) fn answers_status(&self, status: u16) {
        self.answers(move || Ok(Response { status, retry_after: None, excerpt: "no".into() }));
    }

    pub(crate) fn got(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }
}

impl PostEnvelope for Receiver {
    async fn post(&self, request: &PostRequest<'_>) -> Result<Response, NoAnswer> {
        self.sent.lock().unwrap().push(Sent {
            url: request.url.to_string(),
            webhook_id: request.webhook_id.into(),
            timestamp: request.timestamp,
            signature: request.signature.into(),
            tracking_id: request.tracking_id.into(),
            body: request.body.into(),
        });
        let answer = self.script.lock().unwrap().pop_front();
        answer.map_or_else(|| Ok(Response { status: 200, ..Response::default() }), |answer| answer())
    }
}

pub(crate) struct NoVault;

impl FetchSecret for NoVault {
    async fn fetch(&self, _arn: &str) -> Option<Secret> {
        None
    }
}

struct SharedClock(Arc<FixedClock>);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

pub(crate) struct World {
    pub(crate) records: MemoryRecords,
    pub(crate) queues: MemoryQueues,
    pub(crate) receiver: Receiver,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) lines: Arc<Mutex<Vec<Value>>>,
    pub(crate) id: TrackingId,
    pub(crate) delivery: Delivery<MemoryRecords, MemoryQueues, Receiver, NoVault>,
}

impl World {
    /// A world with one conversation, answered and ready to be delivered.
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same with other variables.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let clock = Arc::new(FixedClock::at(START));
        let id = TrackingId::new(START, &FixedRandom::default());
        let (records, queues) = (MemoryRecords::new(clock.clone()), MemoryQueues::default());
        let (receiver, lines) = (Receiver::default(), Arc::<Mutex<Vec<Value>>>::default());
        let delivery = Delivery {
            records: records.clone(),
            queues: queues.clone(),
            post: receiver.clone(),
            keys: CachedSecret::new(config(variables).signing, NoVault),
            clock: Box::new(SharedClock(clock.clone())),
            random: Box::new(FixedRandom::default()),
            metrics: Box::new({
                let lines = lines.clone();
                move |measured: Measurements| {
                    let line = measured.to_line(START).unwrap();
                    lines.lock().unwrap().push(serde_json::from_str(&line).unwrap());
                }
            }),
            config: config(variables),
        };
        let world = Self { records, queues, receiver, clock, lines, id, delivery };
        let query = world.query();
        let _ = create(&world.records, &keys::query(id), &query).await.unwrap();
        world.store(|_| {}).await;
        world
    }

    fn query(&self) -> QueryRecord {
        QueryRecord {
            v: VERSION,
            tracking_id: self.id,
            caller: "crm".into(),
            received_at: START,
            source_system: "external_app".into(),
            source_process: "quarterly_review".into(),
            original_timestamp: "2025-08-13T06:30:00Z".into(),
            query: "What is the deal status for IXIS?".into(),
            agent_session: None,
            user_context: Default::default(),
            expected_header: None,
            route: None,
            deliver_before: None,
            ledger: None,
        }
    }

    /// Stores `delivery.json`, changed by `with`, over the old one.
    pub(crate) async fn store(&self, with: impl FnOnce(&mut DeliveryRecord)) {
        use revops_core::ports::PutExports;
        let mut record = DeliveryRecord {
            v: VERSION,
            tracking_id: self.id,
            delivery_id: self.id.delivery_id(),
            header: Header::DealAnalysis,
            target: Header::DealAnalysis,
            classification: None,
            queued_at: START,
            deliver_before: None,
            failure_notice: false,
            failure_reason: None,
            envelope: ENVELOPE.into(),
        };
        with(&mut record);
        let body = serde_json::to_vec(&record).unwrap();
        self.records.put(keys::delivery(self.id).path(), body).await.unwrap();
    }

    /// Says that an operator deleted `id`; whatever is there of it stays.
    pub(crate) async fn bury(&self, id: TrackingId) {
        let tombstone = DeletedRecord { v: VERSION, tracking_id: id, deleted_at: START };
        let _ = create(&self.records, &keys::deleted(id), &tombstone).await.unwrap();
    }

    /// The message of run 1.
    pub(crate) fn message(&self) -> Deliver {
        Deliver {
            v: Version,
            tracking_id: self.id,
            delivery_id: self.id.delivery_id(),
            header: Header::DealAnalysis,
            run: Run::FIRST,
            copy: false,
            ignore_deadline: false,
        }
    }

    /// Hands `message` to the function as its `count`-th receive; true when it is acknowledged.
    pub(crate) async fn receive(&self, message: &Deliver, count: u32) -> bool {
        self.receive_within(message, count, Duration::from_secs(60)).await
    }

    pub(crate) async fn receive_within(&self, message: &Deliver, count: u32, left: Duration) -> bool {
        let record = record("m-1", &Message::Deliver(message.clone()).to_json(), count);
        self.batch(&[record], left).await.is_empty()
    }

    /// Hands over a batch; the ids of the messages that stay.
    pub(crate) async fn batch(&self, records: &[Value], left: Duration) -> Vec<String> {
        let event: SqsEvent = serde_json::from_value(json!({ "Records": records })).unwrap();
        let response = handle_batch(&self.delivery, event, self.clock.now().plus(left)).await;
        response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
    }

    /// The seconds of the last hiding, which is the one that counts.
    pub(crate) fn hidden_for(&self) -> u32 {
        self.queues.hidden().last().unwrap().1
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The JSON of this conversation's record at `name`, such as `outcomes/001-delivered.json`.
    pub(crate) fn json(&self, name: &str) -> Option<Value> {
        self.records.json(&format!("conversations/{}/{name}", self.id))
    }

    /// How many exports lie in the bucket.
    /// The parties to which failures of this function were attributed.
    pub(crate) fn failures(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap();
        let counted = lines.iter().filter(|line| line.get("Failures").is_some());
        counted.map(|line| line["Outcome"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn exports(&self) -> usize {
        self.records.keys().iter().filter(|key| key.starts_with("conversation-history/")).count()
    }

    /// The sum of a metric over all lines.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        self.lines.lock().unwrap().iter().filter_map(|line| line[name].as_f64()).sum()
    }
}

/// One record of an SQS event.
pub(crate) fn record(message_id: &str, body: &str, count: u32) -> Value {
    json!({
        "messageId": message_id, "receiptHandle": format!("receipt-{message_id}"), "body": body,
        "attributes": {"ApproximateReceiveCount": count.to_string(), "SentTimestamp": START.unix_ms().to_string()},
        "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "us-east-1",
        "eventSourceARN": "arn:aws:sqs:us-east-1:1:outbound",
    })
}

pub(crate) fn config(variables: &[(&str, &str)]) -> DeliveryConfig {
    let secrets = format!(r#"{{"default":["{SECRET}"]}}"#);
    let complete = [
        ("GENERAL_WEBHOOK_URL", "https://example.com/general"),
        ("DEAL_ANALYSIS_WEBHOOK_URL", "https://example.com/deals"),
        ("OUTBOUND_WEBHOOK_QUEUE_URL", QUEUE),
        ("DEAD_LETTER_QUEUE_URL", DEAD_LETTERS),
        ("CONVERSATION_EXPORT_S3_BUCKET", "bucket"),
        ("SIGNING_SECRETS", secrets.as_str()),
    ];
    DeliveryConfig::from_variables(&Variables::new(complete.iter().chain(variables).copied())).unwrap()
}
