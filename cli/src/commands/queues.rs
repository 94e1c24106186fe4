//! `gatewayctl queues`: how many messages wait in each queue.

use std::io::Write;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use revops_core::telemetry::with_causes;
use serde::Serialize;

use crate::aws::sdk;
use crate::error::CtlError;
use crate::target::Target;

/// A queue and its messages.
#[derive(Debug, Serialize)]
struct Row {
    queue: String,
    waiting: u64,
    in_flight: u64,
    delayed: u64,
}

/// Prints a table of all queues.
pub(crate) async fn run(target: &Target, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
    let client = Client::new(&sdk(target).await);
    let mut rows = Vec::new();
    for url in urls(&client, target).await? {
        rows.push(row(&client, &url).await?);
    }
    if as_json {
        return Ok(writeln!(out, "{}", serde_json::json!(rows))?);
    }
    writeln!(out, "{:<44} {:>9} {:>9} {:>9}", "queue", "waiting", "in flight", "delayed")?;
    for Row { queue, waiting, in_flight, delayed } in rows {
        writeln!(out, "{queue:<44} {waiting:>9} {in_flight:>9} {delayed:>9}")?;
    }
    Ok(())
}

async fn urls(client: &Client, target: &Target) -> Result<Vec<String>, CtlError> {
    if !target.queue_urls.is_empty() {
        return Ok(target.queue_urls.values().cloned().collect());
    }
    let listed = client.list_queues().send().await.map_err(failed)?;
    Ok(listed.queue_urls.unwrap_or_default())
}

async fn row(client: &Client, url: &str) -> Result<Row, CtlError> {
    let wanted = QueueAttributeName::All;
    let answer = client.get_queue_attributes().queue_url(url).attribute_names(wanted).send().await;
    let attributes = answer.map_err(failed)?.attributes.unwrap_or_default();
    let number = |name: QueueAttributeName| {
        attributes.get(&name).and_then(|text| text.parse().ok()).unwrap_or_default()
    };
    Ok(Row {
        queue: url.rsplit('/').next().unwrap_or(url).to_owned(),
        waiting: number(QueueAttributeName::ApproximateNumberOfMessages),
        in_flight: number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible),
        delayed: number(QueueAttributeName::ApproximateNumberOfMessagesDelayed),
    })
}

fn failed(cause: impl std::error::Error + 'static) -> CtlError {
    let causes = with_causes(&cause);
    CtlError::Failed(format!("SQS did not answer: {causes}; are region and credentials set?"))
}
