//! A served SQS with two queues, and an SDK client for it.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use local_sqs::{QueueSettings, RedrivePolicy, Sqs, SqsOptions};

pub(crate) struct Stack {
    pub(crate) sqs: Sqs,
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) dead_url: String,
    pub(crate) endpoint: String,
    pub(crate) folder: tempfile::TempDir,
}

/// Queue `q` with the given visibility, and its dead-letter queue `dead` after three receives.
pub(crate) async fn stack(visibility: Duration) -> Stack {
    let folder = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let sqs = open(folder.path(), &endpoint);
    sqs.declare(&[
        QueueSettings {
            redrive: Some(RedrivePolicy { dead_letter_queue: "dead".into(), max_receive_count: 3 }),
            ..queue("q", visibility)
        },
        queue("dead", visibility),
    ])
    .unwrap();
    let router = sqs.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = client(&endpoint);
    Stack { url: sqs.queue_url("q"), dead_url: sqs.queue_url("dead"), sqs, client, endpoint, folder }
}

pub(crate) fn open(folder: &std::path::Path, endpoint: &str) -> Sqs {
    Sqs::open(SqsOptions {
        database: folder.join("state/sqs.db"),
        base_url: endpoint.to_owned(),
        region: "us-east-1".into(),
        account_id: "000000000000".into(),
        time_scale: 1.0,
    })
    .unwrap()
}

pub(crate) fn queue(name: &str, visibility_timeout: Duration) -> QueueSettings {
    QueueSettings {
        name: name.into(),
        visibility_timeout,
        message_retention: Duration::from_secs(1_209_600),
        delay: Duration::ZERO,
        redrive: None,
    }
}

pub(crate) fn client(endpoint: &str) -> Client {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .endpoint_url(endpoint)
        .build();
    Client::from_conf(config)
}
