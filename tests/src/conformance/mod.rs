//! What the product relies on in a queue service and an object store, as suites of named cases.
//!
//! | suite | speaks to | is run by |
//! |---|---|---|
//! | [`queue`] | SQS on the wire | `local-sqs`, moto, ministack |
//! | [`object_store`] | S3 on the wire | `local-s3`, moto, ministack |
//! | [`queue_port`] | the ports of the queues but `CountMessages` | the double in memory; the SQS adapter over each of the above |
//! | [`records_port`] | the ports of the record store | the double in memory; the S3 adapter over each of the above |
//!
//! A case is an async function whose name is the claim. It makes its own queue or bucket, so that all can
//! run at once, and leaves it behind: run the suites against services that are thrown away afterwards.
//! Where an implementation differs from AWS, [`differences`] says so case by case, each with its reason; a
//! case that is listed there and passes is a failure, so that the lists cannot rot.

pub mod differences;
mod endpoint;
mod harness;
pub mod object_store;
pub mod queue;
pub mod queue_port;
pub mod records_port;

pub use endpoint::Endpoint;
pub use harness::{Case, Failure, KnownDifference, Outcome, Report, Suite, Verdict};

/// Runs all suites against `endpoint`, the port suites through the product's own adapters. `name` picks the
/// list of known differences.
pub async fn run_all(name: &str, endpoint: &Endpoint) -> Report {
    let known = &differences::of(name);
    let (queue, object_store, queue_port, records_port) = tokio::join!(
        queue::suite().run(endpoint.sqs(), known),
        object_store::suite().run(endpoint.s3(), known),
        queue_port::suite().run(queue_port::Sqs::new(endpoint), known),
        records_port::suite().run(records_port::S3::new(endpoint), known),
    );
    [queue, object_store, queue_port, records_port].into_iter().collect()
}
