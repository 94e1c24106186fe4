//! Reaching AWS, or what stands for it on one machine.

use std::collections::BTreeSet;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sqs::config::Credentials;
use revops_aws::{Clients, environment};
use revops_core::Header;
use revops_core::config::{ClassQueues, ConfigError, Reader, Variables};
use revops_core::conversation::RepairQueue;

use crate::error::CtlError;
use crate::target::Target;

/// The configuration of every AWS client of this program.
pub(crate) async fn sdk(target: &Target) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(endpoint) = &target.aws_endpoint_url {
        // The one-machine stack accepts any credentials.
        let anybody = Credentials::new("local", "local", None, None, "local");
        loader = loader.endpoint_url(endpoint).region(Region::new("us-east-1")).credentials_provider(anybody);
    }
    loader.load().await
}

/// The clients that the functions use, too: few retries within bounded time.
pub(crate) async fn clients(target: &Target) -> Clients {
    match target.aws_endpoint_url {
        // The one-machine stack has no host name for each bucket.
        Some(_) => Clients::new(sdk(target).await, true),
        None => Clients::load().await,
    }
}

/// The bucket of the records.
pub(crate) fn bucket(target: &Target) -> Result<String, CtlError> {
    let variables = variables(target);
    let mut reader = Reader::new(&variables);
    let bucket = reader.required("CONVERSATION_EXPORT_S3_BUCKET", "revops-conversations");
    reader.finish(bucket).map_err(unusable)
}

/// Whether anybody says which bucket has the records.
pub(crate) fn knows_bucket(target: &Target) -> bool {
    variables(target).get("CONVERSATION_EXPORT_S3_BUCKET").is_some()
}

/// The queues from which conversations are worked on.
pub(crate) struct Queues {
    query: String,
    outbound: ClassQueues,
}

impl Queues {
    /// Those of the one-machine stack, or of the variables that the functions have.
    pub(crate) fn find(target: &Target) -> Result<Self, CtlError> {
        Self::read(&variables(target))
    }

    /// Those of `variables`.
    pub(crate) fn read(variables: &Variables) -> Result<Self, CtlError> {
        let mut reader = Reader::new(variables);
        let query =
            reader.required("QUERY_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/query");
        let outbound = ClassQueues::read(&mut reader);
        reader.finish(Self { query, outbound }).map_err(unusable)
    }

    /// The URL of `queue`.
    pub(crate) fn url(&self, queue: RepairQueue) -> &str {
        match queue {
            RepairQueue::Query => &self.query,
            RepairQueue::Outbound(header) => self.outbound.url(header),
        }
    }
}

/// Where dead letters lie.
pub(crate) struct DeadLetterQueues {
    /// Deliveries that failed for good.
    outbound: String,
    /// Queries whose worker crashed again and again; none where nobody says where it is.
    query: Option<String>,
}

impl DeadLetterQueues {
    /// Those of the one-machine stack, or of the environment.
    pub(crate) fn find(target: &Target) -> Result<Self, CtlError> {
        let variables = variables(target);
        let mut reader = Reader::new(&variables);
        let example = "https://sqs.us-east-1.amazonaws.com/123456789012/dead-letter";
        let outbound = reader.required("DEAD_LETTER_QUEUE_URL", example);
        let query = variables.get("QUERY_DEAD_LETTER_QUEUE_URL").map(str::to_owned);
        reader.finish(Self { outbound, query }).map_err(unusable)
    }

    /// Their URLs.
    pub(crate) fn urls(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.outbound.as_str()).chain(self.query.as_deref())
    }
}

/// The URLs of all queues that the variables name, without their variables.
pub(crate) fn known_queues(target: &Target) -> Vec<String> {
    let variables = variables(target);
    let classes = Header::ALL.map(|header| format!("{}_QUEUE_URL", header.variable_prefix()));
    let others = [
        "QUERY_QUEUE_URL",
        "OUTBOUND_WEBHOOK_QUEUE_URL",
        "DEAD_LETTER_QUEUE_URL",
        "QUERY_DEAD_LETTER_QUEUE_URL",
    ];
    let names = classes.iter().map(String::as_str).chain(others);
    let urls: BTreeSet<_> = names.filter_map(|name| variables.get(name).map(str::to_owned)).collect();
    urls.into_iter().collect()
}

/// What the one-machine stack made, under the names that the variables have elsewhere; else the environment.
fn variables(target: &Target) -> Variables {
    let Some(bucket) = &target.bucket else { return environment::variables() };
    let class = |header: Header| (format!("{}_QUEUE_URL", header.variable_prefix()), queue_name(header));
    let mut names: Vec<(String, String)> = Header::ALL.map(class).into();
    let others = [
        ("QUERY_QUEUE_URL", "query"),
        ("DEAD_LETTER_QUEUE_URL", "dead-letter"),
        ("QUERY_DEAD_LETTER_QUEUE_URL", "query-dead-letter"),
    ];
    names.extend(others.map(|(variable, queue)| (variable.to_owned(), queue.to_owned())));
    let url = |(variable, queue)| Some((variable, target.queue_urls.get(&queue)?.clone()));
    let urls = names.into_iter().filter_map(url);
    Variables::new(urls.chain([("CONVERSATION_EXPORT_S3_BUCKET".to_owned(), bucket.clone())]))
}

/// The template's name for the class's queue.
fn queue_name(header: Header) -> String {
    header.as_str().replace('_', "-")
}

fn unusable(cause: ConfigError) -> CtlError {
    CtlError::Usage(format!("{cause}; or use --local for `cargo local`"))
}
