//! The SDK's clients of the services of which an operator asks what no function does: lists, attributes, settings.
//! Their configuration is that of the functions' calls.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use revops_aws::Clients;

/// One attempt at a call.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);
/// A call with all its attempts and the waits between them.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(10);

/// S3.
pub(crate) fn s3(clients: &Clients) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::config::Builder::from(&bounded(clients));
    aws_sdk_s3::Client::from_conf(config.force_path_style(clients.has_buckets_in_path()).build())
}

/// SQS.
pub(crate) fn sqs(clients: &Clients) -> aws_sdk_sqs::Client {
    aws_sdk_sqs::Client::new(&bounded(clients))
}

/// Lambda.
pub(crate) fn lambda(clients: &Clients) -> aws_sdk_lambda::Client {
    aws_sdk_lambda::Client::new(&bounded(clients))
}

/// Secrets Manager.
pub(crate) fn secrets(clients: &Clients) -> aws_sdk_secretsmanager::Client {
    aws_sdk_secretsmanager::Client::new(&bounded(clients))
}

/// Nobody waits longer in front of a terminal.
fn bounded(clients: &Clients) -> SdkConfig {
    let limits = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(100));
    clients.sdk().clone().into_builder().retry_config(retries).timeout_config(limits).build()
}
