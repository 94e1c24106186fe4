//! What each function is given to do, and how its answer shows that it did it.

use revops_core::Header;
use revops_core::auth::sha256_hex;
use revops_core::messages::AskRequest;
use revops_core::records::keys;
use serde_json::{Value, json};

use crate::conversation::{Conversation, QUESTION, json as bytes_of};
use crate::platform::{Platform, Services};

/// The caller's key.
const KEY: &str = "rwg_bench";

/// How much an invocation is given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Messages of a batch.
    pub(crate) batch: usize,
    /// Bytes of an answer.
    pub(crate) answer: usize,
}

impl Load {
    /// What most invocations have: one message, 2 kB.
    pub(crate) const USUAL: Self = Self { batch: 1, answer: 2_000 };
}

/// A function with something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// The control.
    Hello,
    /// A question whose caller does not wait: stored, queued, 202.
    Accepting,
    /// A question whose caller waits: stored, the agent invoked, its answer classified and queued for delivery.
    Waiting,
    /// A queued question, likewise.
    Worker,
    /// The agent asked, its answer stored.
    ManagerAgent,
    /// A signed POST, recorded and exported.
    Delivery,
}

impl Case {
    /// All of the product.
    pub(crate) const PRODUCT: [Self; 5] =
        [Self::Accepting, Self::Waiting, Self::Worker, Self::ManagerAgent, Self::Delivery];

    /// What the table calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hello => "hello (control)",
            Self::Accepting => "gateway, 202",
            Self::Waiting => "gateway, waiting",
            Self::Worker => "gateway-worker",
            Self::ManagerAgent => "manager-agent",
            Self::Delivery => "delivery",
        }
    }

    /// Its executable.
    pub(crate) fn binary(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Accepting | Self::Waiting => "gateway",
            Self::Worker => "gateway-worker",
            Self::ManagerAgent => "manager-agent",
            Self::Delivery => "delivery",
        }
    }

    /// Its environment.
    pub(crate) fn variables(self, platform: &Platform) -> Vec<(&'static str, String)> {
        let queue = |name: &str| format!("{}/123456789012/{name}", platform.endpoint_url);
        let keys = json!({"bench": sha256_hex(KEY.as_bytes())}).to_string();
        vec![
            ("CONVERSATION_EXPORT_S3_BUCKET", "bucket".into()),
            ("MANAGER_AGENT_FUNCTION_NAME", "manager-agent".into()),
            ("QUERY_QUEUE_URL", queue("query")),
            ("OUTBOUND_WEBHOOK_QUEUE_URL", queue("general")),
            ("DEAD_LETTER_QUEUE_URL", queue("dead-letters")),
            ("GENERAL_WEBHOOK_URL", format!("{}/webhook", platform.endpoint_url)),
            ("ALLOWED_PRIVATE_CIDRS", "127.0.0.0/8".into()),
            ("INBOUND_API_KEYS", keys),
            ("SIGNING_SECRETS", r#"{"default":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#.into()),
            ("BEDROCK_AGENT_ID", "AGENT12345".into()),
            ("BEDROCK_AGENT_ALIAS_ID", "ALIAS12345".into()),
        ]
    }

    /// An event of its own, with what it needs in `services`.
    pub(crate) fn event(self, services: &Services, load: Load) -> String {
        let new = || Conversation::new(Header::General);
        match self {
            Self::Hello => http("GET", "/", "", ""),
            Self::Accepting => http("POST", "/webhook", "respond-async", &question()),
            Self::Waiting => {
                answers(services, load.answer);
                http("POST", "/webhook", "wait=20", &question())
            }
            Self::Worker => {
                answers(services, load.answer);
                batch(load, "query", || {
                    let conversation = new();
                    services.put(keys::query(conversation.id).path(), bytes_of(&conversation.query()));
                    conversation.answer_query()
                })
            }
            Self::ManagerAgent => {
                let conversation = new();
                services.put(keys::query(conversation.id).path(), bytes_of(&conversation.query()));
                let token = "6f1d2c3b-4a59-4e68-8b7c-0d1e2f3a4b5c";
                json!({"v": 1, "tracking_id": conversation.id, "invocation_token": token}).to_string()
            }
            Self::Delivery => batch(load, "general", || {
                let conversation = new();
                for (key, body) in conversation.records(load.answer) {
                    services.put(&key, body);
                }
                conversation.deliver()
            }),
        }
    }

    /// Whether `answer` says that the work was done.
    pub(crate) fn is_done(self, answer: &[u8]) -> bool {
        let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
        match self {
            Self::Hello | Self::Waiting => answer["statusCode"] == 200,
            Self::Accepting => answer["statusCode"] == 202,
            Self::Worker | Self::Delivery => answer["batchItemFailures"] == json!([]),
            Self::ManagerAgent => answer["status"] == "answered",
        }
    }
}

/// The manager-agent function, as it leaves its answer behind.
fn answers(services: &Services, bytes: usize) {
    services.answer_with(Box::new(move |payload| {
        let request: AskRequest = serde_json::from_slice(payload).ok()?;
        let answer = Conversation::new(Header::General).answer(bytes);
        Some((keys::answer(request.tracking_id).path().to_owned(), bytes_of(&answer)))
    }));
}

fn question() -> String {
    json!({"source_process": "quarterly_review", "timestamp": "2025-08-13T06:30:00Z", "source_system": "external_app",
        "query": QUESTION})
    .to_string()
}

/// API Gateway's event, version 2.0.
fn http(method: &str, path: &str, prefer: &str, body: &str) -> String {
    let host = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";
    let headers = json!({"accept": "*/*", "content-type": "application/json", "host": host, "prefer": prefer,
        "x-api-key": KEY, "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"});
    json!({
        "version": "2.0", "routeKey": format!("{method} {path}"), "rawPath": path, "rawQueryString": "",
        "headers": headers, "isBase64Encoded": false, "body": body,
        "requestContext": {
            "accountId": "123456789012", "apiId": "a1b2c3d4e5", "domainName": host, "domainPrefix": "a1b2c3d4e5",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7",
                     "userAgent": "curl/8.7.1"},
            "requestId": "Bq3XyhZLIAMEV0w=", "routeKey": "$default", "stage": "$default",
            "time": "22/Nov/2026:19:43:27 +0000", "timeEpoch": 1_795_376_607_123_i64,
        },
    })
    .to_string()
}

/// SQS's event with so many messages.
fn batch(load: Load, queue: &str, message: impl Fn() -> String) -> String {
    let record = |number: usize| {
        json!({
            "messageId": format!("m-{number}"), "receiptHandle": format!("r-{number}"), "body": message(),
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795376607123"},
            "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "us-east-1",
            "eventSourceARN": format!("arn:aws:sqs:us-east-1:123456789012:{queue}"),
        })
    };
    let records: Vec<Value> = (0..load.batch).map(record).collect();
    json!({ "Records": records }).to_string()
}
