//! The SQS adapter, looked at with a plain client.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use revops_aws::{Clients, SqsQueues};
use uuid::Uuid;

use super::Queues;
use crate::conformance::harness::check::present;
use crate::conformance::{Endpoint, Failure};

/// The adapter, with a new queue a case.
#[derive(Clone, Debug)]
pub struct Sqs {
    client: Client,
    clients: Clients,
}

impl Sqs {
    /// The adapter over `endpoint`.
    #[must_use]
    pub fn new(endpoint: &Endpoint) -> Self {
        Self { client: endpoint.sqs(), clients: endpoint.clients() }
    }
}

impl Queues for Sqs {
    type Port = SqsQueues;

    fn port(&self) -> SqsQueues {
        SqsQueues::new(self.clients.clone())
    }

    async fn queue(&self) -> Result<String, Failure> {
        let name = format!("conformance-{}", Uuid::new_v4());
        let created = self.client.create_queue().queue_name(name).send().await?;
        present("the queue's URL", created.queue_url)
    }

    async fn delayed(&self, queue_url: &str) -> Result<usize, Failure> {
        let name = QueueAttributeName::ApproximateNumberOfMessagesDelayed;
        let request = self.client.get_queue_attributes().queue_url(queue_url).attribute_names(name.clone());
        let attributes = request.send().await?.attributes.unwrap_or_default();
        Ok(present("the count", attributes.get(&name))?.parse()?)
    }

    fn out_of_reach(&self) -> SqsQueues {
        SqsQueues::new(Endpoint::unreachable().clients())
    }
}
