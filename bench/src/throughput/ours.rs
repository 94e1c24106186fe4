//! The delivery function as it is, but for records and queues, which are in memory.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::sqs::SqsEvent;
use delivery::{Delivery, DeliveryConfig, HttpTransport, handle_batch};
use revops_aws::{CachedSecret, OsRandom, SystemClock, telemetry};
use revops_core::Header;
use revops_core::config::Variables;
use revops_core::fake::{FixedClock, MemoryQueues, MemoryRecords};
use revops_core::ports::{Clock as _, FetchSecret, PutExports as _};
use revops_core::secret::Secret;
use revops_core::telemetry::Measurements;
use serde_json::{Value, json};

use super::{AT_A_TIME, ENVELOPE};
use crate::conversation::Conversation;
use crate::process::own_cpu_time;

/// What an invocation has.
const TIME: Duration = Duration::from_secs(60);

/// Nobody asks it: the keys are in the configuration.
struct NoVault;

impl FetchSecret for NoVault {
    async fn fetch(&self, _arn: &str) -> Option<Secret> {
        None
    }
}

/// Processor time of so many deliveries, in batches.
pub(super) async fn post(url: &str, messages: usize) -> io::Result<Duration> {
    telemetry::init(telemetry::LogLevel::of(&Variables::new([("", ""); 0])));
    let records = MemoryRecords::new(Arc::new(FixedClock::at(SystemClock.now())));
    let config = config(url)?;
    let delivery = Delivery {
        records: records.clone(),
        queues: MemoryQueues::default(),
        post: HttpTransport::new(&config.transport).map_err(io::Error::other)?,
        keys: CachedSecret::new(config.signing.clone(), NoVault),
        clock: Box::new(SystemClock),
        random: Box::new(OsRandom),
        metrics: Box::new(|measurements: Measurements| telemetry::emit(&measurements)),
        config,
    };
    let mut events = Vec::new();
    for _ in 0..messages / AT_A_TIME {
        events.push(batch(&records).await?);
    }
    let before = own_cpu_time();
    for event in events {
        let response = handle_batch(&delivery, event, SystemClock.now().plus(TIME)).await;
        if !response.batch_item_failures.is_empty() {
            return Err(io::Error::other("a message stayed in its queue"));
        }
    }
    Ok(own_cpu_time().saturating_sub(before))
}

fn config(url: &str) -> io::Result<DeliveryConfig> {
    let variables = [
        ("GENERAL_WEBHOOK_URL", url),
        ("ALLOWED_PRIVATE_CIDRS", "127.0.0.0/8"),
        ("ALLOW_HTTP_DESTINATIONS", "true"),
        ("OUTBOUND_WEBHOOK_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/1/general"),
        ("DEAD_LETTER_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/1/dead-letters"),
        ("CONVERSATION_EXPORT_S3_BUCKET", "bucket"),
        ("SIGNING_SECRETS", r#"{"default":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#),
    ];
    DeliveryConfig::from_variables(&Variables::new(variables)).map_err(io::Error::other)
}

async fn batch(records: &MemoryRecords) -> io::Result<SqsEvent> {
    let mut messages = Vec::new();
    for number in 0..AT_A_TIME {
        let conversation = Conversation::new(Header::General);
        for (key, body) in conversation.records(ENVELOPE) {
            records.put(&key, body).await.map_err(io::Error::other)?;
        }
        messages.push(message(number, &conversation.deliver()));
    }
    serde_json::from_value(json!({ "Records": messages })).map_err(io::Error::other)
}

fn message(number: usize, body: &str) -> Value {
    json!({
        "messageId": format!("m-{number}"), "receiptHandle": format!("r-{number}"), "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795376607123"},
        "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "us-east-1",
        "eventSourceARN": "arn:aws:sqs:us-east-1:1:general",
    })
}
