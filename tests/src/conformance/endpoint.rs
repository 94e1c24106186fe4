//! Clients for a service under test.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use revops_aws::Clients;

/// A call that takes longer hangs.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);

/// An emulator of AWS at one URL, which takes any credentials.
#[derive(Clone, Debug)]
pub struct Endpoint {
    sdk: SdkConfig,
}

impl Endpoint {
    /// The services at `url`, such as `http://127.0.0.1:4566`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        let credentials = Credentials::new("test", "test", None, None, "conformance");
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(url)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            // A retry would hide an answer, and a repeated create-only write fails its own condition.
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(CALL_TIMEOUT).build())
            .build();
        Self { sdk }
    }

    /// Nobody listens here.
    #[must_use]
    pub fn unreachable() -> Self {
        // The discard port: reserved, and served nowhere.
        Self::new("http://127.0.0.1:9")
    }

    /// A plain SQS client, without retries.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.sdk)
    }

    /// A plain S3 client, without retries, with the bucket in the path.
    #[must_use]
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.sdk).force_path_style(true);
        aws_sdk_s3::Client::from_conf(config.build())
    }

    /// The product's own clients, with the retries and time-outs that it ships with.
    #[must_use]
    pub fn clients(&self) -> Clients {
        Clients::new(self.sdk.clone(), true)
    }
}
