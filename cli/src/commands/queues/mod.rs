//! `gatewayctl queues`: how many messages wait in each queue.

mod age;

use std::io::Write;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use futures_util::future::try_join_all;
use reqwest::Method;
use revops_core::telemetry::with_causes;
use revops_core::time::in_words;
use serde::{Deserialize, Serialize};

use crate::aws::{known_queues, sdk};
use crate::error::CtlError;
use crate::http::{call, refused};
use crate::progress::Progress;
use crate::target::Target;

/// A queue and its messages.
#[derive(Debug, Serialize, Deserialize)]
struct Row {
    queue: String,
    waiting: u64,
    in_flight: u64,
    delayed: u64,
    /// The age of the oldest message; null where there is none, and on AWS where CloudWatch has none.
    oldest_seconds: Option<u64>,
}

/// Prints a table of all queues.
pub(crate) async fn run(target: &Target, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
    let rows = if target.is_local() { of_the_stack(target).await? } else { of_sqs(target).await? };
    if as_json {
        return Ok(writeln!(out, "{}", serde_json::json!(rows))?);
    }
    let columns = ("waiting", "in flight", "delayed", "oldest");
    writeln!(out, "{:<44} {:>9} {:>9} {:>9} {:>12}", "queue", columns.0, columns.1, columns.2, columns.3)?;
    for Row { queue, waiting, in_flight, delayed, oldest_seconds } in rows {
        let oldest = oldest_seconds.map(|seconds| in_words(Duration::from_secs(seconds)));
        let oldest = oldest.unwrap_or_else(|| "-".to_owned());
        writeln!(out, "{queue:<44} {waiting:>9} {in_flight:>9} {delayed:>9} {oldest:>12}")?;
    }
    Ok(())
}

/// The one-machine stack knows the ages, too.
async fn of_the_stack(target: &Target) -> Result<Vec<Row>, CtlError> {
    let answer = call(target, Method::GET, "/_local/queues", &[], None).await?;
    if answer.status != 200 {
        return Err(refused(&answer));
    }
    serde_json::from_value(answer.body).map_err(|cause| {
        CtlError::Failed(format!("the stack's queues are not understood: {cause}; restart `cargo local`"))
    })
}

/// The queues that the variables name, or all of the account.
async fn of_sqs(target: &Target) -> Result<Vec<Row>, CtlError> {
    let client = Client::new(&sdk(target).await);
    let mut urls = known_queues(target);
    if urls.is_empty() {
        let listed = client.list_queues().send().await.map_err(failed)?;
        urls = listed.queue_urls.unwrap_or_default();
    }
    let mut rows = try_join_all(urls.iter().map(|url| row(&client, url))).await?;
    let names: Vec<&str> = urls.iter().map(|url| name(url)).collect();
    match age::ages(target, &names).await {
        Ok(ages) => {
            for (place, seconds) in ages {
                if let Some(row) = rows.get_mut(place) {
                    row.oldest_seconds = Some(seconds);
                }
            }
        }
        // The counts are worth showing without the ages.
        Err(cause) => Progress::default().say(&format!("no ages: {cause}")),
    }
    Ok(rows)
}

fn name(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

async fn row(client: &Client, url: &str) -> Result<Row, CtlError> {
    let wanted = QueueAttributeName::All;
    let answer = client.get_queue_attributes().queue_url(url).attribute_names(wanted).send().await;
    let attributes = answer.map_err(failed)?.attributes.unwrap_or_default();
    let number = |name: QueueAttributeName| {
        attributes.get(&name).and_then(|text| text.parse().ok()).unwrap_or_default()
    };
    Ok(Row {
        queue: name(url).to_owned(),
        waiting: number(QueueAttributeName::ApproximateNumberOfMessages),
        in_flight: number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible),
        delayed: number(QueueAttributeName::ApproximateNumberOfMessagesDelayed),
        oldest_seconds: None,
    })
}

fn failed(cause: impl std::error::Error + 'static) -> CtlError {
    let causes = with_causes(&cause);
    CtlError::Failed(format!("SQS did not answer: {causes}; are region and credentials set?"))
}
