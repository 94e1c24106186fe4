//! A process's ways to AWS: one configuration, one HTTP client and one set of credentials for all.
//!
//! What every conversation needs goes by [`crate::call`]; the SDK's clients are for the agents' streams and for
//! `gatewayctl`, and each is made when it is first needed.

use std::sync::{Arc, OnceLock};

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use revops_core::config::Variables;

use crate::call::{Caller, Limits, Service, ServiceName};
use crate::environment::is_set;
use crate::function_config::sdk_config;
use crate::http::{Http, PooledHttp};
use crate::operations::lambda::LAMBDA;
use crate::operations::s3::S3;
use crate::operations::secretsmanager::SECRETS_MANAGER;
use crate::operations::sqs::SQS;

/// All clients of a process. Clones share them.
#[derive(Clone, Debug)]
pub struct Clients(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    sdk: SdkConfig,
    caller: Caller,
    /// Buckets go into the path of an endpoint that is not AWS's: its name has no sub-domains.
    path_style: bool,
    s3: Service,
    sqs: Service,
    lambda: Service,
    secrets: Service,
    bedrock_agent: OnceLock<aws_sdk_bedrockagentruntime::Client>,
    agentcore: OnceLock<aws_sdk_bedrockagentcore::Client>,
}

impl Clients {
    /// The clients of a function, with what these variables say of region, credentials and endpoints
    /// (`AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`). Nothing is connected and no certificate is read yet.
    ///
    /// Lambda sets credentials. Where there are none, the function runs on a developer's machine, with a profile.
    pub async fn of_function(variables: &Variables) -> Self {
        let is_set = |name| variables.get(name).is_some();
        if !is_set("AWS_ACCESS_KEY_ID") {
            return Self::load().await;
        }
        let path_style = is_set("AWS_ENDPOINT_URL") || is_set("AWS_ENDPOINT_URL_S3");
        Self::new(sdk_config(variables), path_style)
    }

    /// The clients of a person: the environment, profiles, and wherever else AWS's tools find credentials.
    pub async fn load() -> Self {
        let http = PooledHttp::new();
        let sdk = aws_config::defaults(BehaviorVersion::latest()).http_client(http.clone()).load().await;
        let path_style = is_set("AWS_ENDPOINT_URL") || is_set("AWS_ENDPOINT_URL_S3");
        Self::over(http, sdk, path_style)
    }

    /// Clients with this configuration, whose HTTP client, time-outs and retries are this crate's. `path_style` puts
    /// the bucket into the path instead of the host name, as endpoints other than AWS's expect.
    #[must_use]
    pub fn new(sdk: SdkConfig, path_style: bool) -> Self {
        Self::over(PooledHttp::new(), sdk, path_style)
    }

    /// Clients that send everything over `http`.
    #[must_use]
    pub fn over(http: impl Http + Clone + 'static, sdk: SdkConfig, path_style: bool) -> Self {
        let caller = Caller::new(&sdk, Arc::new(http.clone()));
        let sdk = sdk.into_builder().http_client(http).build();
        let service = |name, limits| Service::new(&sdk, name, limits, caller.clone());
        Self(Arc::new(Inner {
            path_style,
            s3: service(S3, Limits::FEW_WITHIN_TEN_SECONDS),
            sqs: service(SQS, Limits::FEW_WITHIN_TEN_SECONDS),
            secrets: service(SECRETS_MANAGER, Limits::FEW_WITHIN_TEN_SECONDS),
            // A repeated invocation asks the agent again, and only the caller knows how long it may wait.
            lambda: service(LAMBDA, Limits::ONCE),
            bedrock_agent: OnceLock::new(),
            agentcore: OnceLock::new(),
            caller,
            sdk,
        }))
    }

    /// The configuration, for SDK clients of services that are not here.
    #[must_use]
    pub fn sdk(&self) -> &SdkConfig {
        &self.0.sdk
    }

    /// Another service, with limits of its own.
    #[must_use]
    pub fn service(&self, name: ServiceName, limits: Limits) -> Service {
        Service::new(&self.0.sdk, name, limits, self.0.caller.clone())
    }

    /// Whether buckets go into the path.
    #[must_use]
    pub fn has_buckets_in_path(&self) -> bool {
        self.0.path_style
    }

    /// S3, with few retries within ten seconds.
    pub(crate) fn s3(&self) -> &Service {
        &self.0.s3
    }

    /// SQS, with few retries within ten seconds.
    pub(crate) fn sqs(&self) -> &Service {
        &self.0.sqs
    }

    /// Secrets Manager, with few retries within ten seconds.
    pub(crate) fn secrets(&self) -> &Service {
        &self.0.secrets
    }

    /// Lambda, without retries and without a time-out of its own.
    pub(crate) fn lambda(&self) -> &Service {
        &self.0.lambda
    }

    /// Bedrock Agents, without retries, without a time-out of its own, and free to be silent while it
    /// thinks: the caller bounds the whole stream.
    #[must_use]
    pub fn bedrock_agent(&self) -> &aws_sdk_bedrockagentruntime::Client {
        self.0.bedrock_agent.get_or_init(|| {
            let config = aws_sdk_bedrockagentruntime::config::Builder::from(&self.0.sdk)
                .retry_config(RetryConfig::disabled())
                .timeout_config(TimeoutConfig::disabled())
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
                .timeout_config(TimeoutConfig::disabled())
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
            aws_sdk_bedrockagentcore::Client::from_conf(config.build())
        })
    }
}
