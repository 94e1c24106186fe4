//! The SDK's clients: one configuration and one HTTP client for all, each service's client made when it is
//! first needed.
//!
//! Making a client reads the trust store, which is most of a cold start's work; sharing the HTTP client
//! shares the parsed certificates, and the connections of calls with the same connect time-out.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

use crate::environment::is_set;

/// A connection that takes longer to open will not open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// One attempt at a short call to S3, SQS or Secrets Manager.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);
/// A short call with all its attempts and the waits between them.
pub(crate) const OPERATION_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a short call is attempted in all.
const ATTEMPTS: u32 = 3;
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const LONGEST_BACKOFF: Duration = Duration::from_secs(1);
/// Shorter than the idle time after which the services close a connection, so that a call that is made only
/// once does not go out on a dead one.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// All clients of a process. Clones share them.
#[derive(Clone, Debug)]
pub struct Clients(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    sdk: SdkConfig,
    /// Buckets go into the path of an endpoint that is not AWS's: its name has no sub-domains.
    path_style: bool,
    s3: OnceLock<aws_sdk_s3::Client>,
    sqs: OnceLock<aws_sdk_sqs::Client>,
    lambda: OnceLock<aws_sdk_lambda::Client>,
    bedrock_agent: OnceLock<aws_sdk_bedrockagentruntime::Client>,
    agentcore: OnceLock<aws_sdk_bedrockagentcore::Client>,
    secrets: OnceLock<aws_sdk_secretsmanager::Client>,
}

impl Clients {
    /// Clients with the environment's region, credentials and endpoints (`AWS_ENDPOINT_URL` and
    /// `AWS_ENDPOINT_URL_<SERVICE>`). Nothing is connected and no certificate is read yet.
    pub async fn load() -> Self {
        let http_client = aws_smithy_http_client::Builder::new()
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .build_https();
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client);
        if is_set("AWS_ACCESS_KEY_ID") {
            // As in Lambda. The default chain would find them too, after it has made a client of STS for roles that
            // nobody asked for, and read the trust store for it: half of a cold start.
            loader = loader.credentials_provider(EnvironmentVariableCredentialsProvider::new());
        }
        Self::new(loader.load().await, is_set("AWS_ENDPOINT_URL") || is_set("AWS_ENDPOINT_URL_S3"))
    }

    /// Clients with this configuration; time-outs and retries are this crate's. `path_style` puts the bucket
    /// into the path instead of the host name, as endpoints other than AWS's expect.
    #[must_use]
    pub fn new(sdk: SdkConfig, path_style: bool) -> Self {
        let sdk = sdk
            .into_builder()
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(ATTEMPTS)
                    .with_initial_backoff(FIRST_BACKOFF)
                    .with_max_backoff(LONGEST_BACKOFF),
            )
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                    .operation_timeout(OPERATION_TIMEOUT)
                    .build(),
            )
            .build();
        Self(Arc::new(Inner {
            sdk,
            path_style,
            s3: OnceLock::new(),
            sqs: OnceLock::new(),
            lambda: OnceLock::new(),
            bedrock_agent: OnceLock::new(),
            agentcore: OnceLock::new(),
            secrets: OnceLock::new(),
        }))
    }

    /// S3, with few retries within ten seconds.
    #[must_use]
    pub fn s3(&self) -> &aws_sdk_s3::Client {
        self.0.s3.get_or_init(|| {
            let config = aws_sdk_s3::config::Builder::from(&self.0.sdk).force_path_style(self.0.path_style);
            aws_sdk_s3::Client::from_conf(config.build())
        })
    }

    /// SQS, with few retries within ten seconds.
    #[must_use]
    pub fn sqs(&self) -> &aws_sdk_sqs::Client {
        self.0.sqs.get_or_init(|| aws_sdk_sqs::Client::new(&self.0.sdk))
    }

    /// Secrets Manager, with few retries within ten seconds.
    #[must_use]
    pub fn secrets(&self) -> &aws_sdk_secretsmanager::Client {
        self.0.secrets.get_or_init(|| aws_sdk_secretsmanager::Client::new(&self.0.sdk))
    }

    /// Lambda, without retries and without a time-out of its own: a repeated invocation asks the agent again,
    /// and only the caller knows how long it may wait.
    #[must_use]
    pub fn lambda(&self) -> &aws_sdk_lambda::Client {
        self.0.lambda.get_or_init(|| {
            let config = aws_sdk_lambda::config::Builder::from(&self.0.sdk)
                .retry_config(RetryConfig::disabled())
                .timeout_config(connect_timeout_only());
            aws_sdk_lambda::Client::from_conf(config.build())
        })
    }

    /// Bedrock Agents, without retries, without a time-out of its own, and free to be silent while it
    /// thinks: the caller bounds the whole stream.
    #[must_use]
    pub fn bedrock_agent(&self) -> &aws_sdk_bedrockagentruntime::Client {
        self.0.bedrock_agent.get_or_init(|| {
            let config = aws_sdk_bedrockagentruntime::config::Builder::from(&self.0.sdk)
                .retry_config(RetryConfig::disabled())
                .timeout_config(connect_timeout_only())
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
            aws_sdk_bedrockagentruntime::Client::from_conf(config.build())
        })
    }

    /// Bedrock AgentCore, like Bedrock Agents. The SDK guards this service's streams against stalling, which
    /// would end the call of an agent that thinks for some seconds: the guard is off.
    #[must_use]
    pub fn agentcore(&self) -> &aws_sdk_bedrockagentcore::Client {
        self.0.agentcore.get_or_init(|| {
            let config = aws_sdk_bedrockagentcore::config::Builder::from(&self.0.sdk)
                .retry_config(RetryConfig::disabled())
                .timeout_config(connect_timeout_only())
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
            aws_sdk_bedrockagentcore::Client::from_conf(config.build())
        })
    }
}

/// The same connect time-out as everywhere, so that the connections are shared; nothing else.
fn connect_timeout_only() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .disable_operation_attempt_timeout()
        .disable_operation_timeout()
        .build()
}
