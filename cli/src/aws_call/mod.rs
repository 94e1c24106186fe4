//! Calls to AWS services in their JSON and query protocols, signed by AWS's own signer. For the services of which an
//! operation or three are used: their SDK crates would change the features of crates that `cargo local` builds.

mod query;
mod sign;
pub(crate) mod xml;

use std::time::Duration;

use aws_config::SdkConfig;
use reqwest::StatusCode;
use serde_json::Value;

use crate::error::CtlError;

/// How long a call may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// More than any answer of these services: both page at 1 MiB.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

/// The waits before a call is repeated that was throttled or met a failing service.
const REPEATED_AFTER: [Duration; 3] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

/// A service.
pub(crate) struct Service {
    /// Its name in signatures and host names.
    pub(crate) name: &'static str,
    /// What stands before the operation in `x-amz-target`; in the query protocol, the API's version.
    pub(crate) target: &'static str,
    /// The protocol's media type.
    pub(crate) media_type: &'static str,
    /// The SDKs' variable that replaces its endpoint.
    pub(crate) endpoint_variable: &'static str,
    /// The permissions that its operations need.
    pub(crate) permission: &'static str,
}

/// CloudWatch's metrics.
pub(crate) static CLOUDWATCH: Service = Service {
    name: "monitoring",
    target: "GraniteServiceVersion20100801",
    media_type: "application/x-amz-json-1.0",
    endpoint_variable: "AWS_ENDPOINT_URL_CLOUDWATCH",
    permission: "cloudwatch:GetMetricData",
};

/// CloudFormation's stacks.
pub(crate) static CLOUDFORMATION: Service = Service {
    name: "cloudformation",
    target: "2010-05-15",
    media_type: "application/x-www-form-urlencoded; charset=utf-8",
    endpoint_variable: "AWS_ENDPOINT_URL_CLOUDFORMATION",
    permission: "cloudformation:DescribeStacks, cloudformation:GetTemplate and cloudformation:ListStackResources",
};

/// A service with everything that a call needs.
pub(crate) struct Caller<'a> {
    service: &'a Service,
    config: SdkConfig,
    endpoint: String,
    region: String,
    http: reqwest::Client,
}

/// What came of one try.
enum Tried<T> {
    Answered(T),
    /// Worth another try.
    Busy(String),
}

impl<'a> Caller<'a> {
    /// Calls `service` with the credentials and region of `config`.
    pub(crate) fn new(service: &'a Service, config: SdkConfig) -> Result<Self, CtlError> {
        let region = config.region().map(ToString::to_string).ok_or_else(|| {
            CtlError::Usage("no region is set: set AWS_REGION, or use --local for `cargo local`".to_owned())
        })?;
        let variable = |name: &str| std::env::var(name).ok().filter(|url| !url.is_empty());
        let endpoint = variable(service.endpoint_variable)
            .or_else(|| variable("AWS_ENDPOINT_URL"))
            .unwrap_or_else(|| endpoint_of(service.name, &region));
        let http = reqwest::Client::builder().timeout(TIMEOUT).build();
        let http = http.map_err(|cause| CtlError::Failed(cause.to_string()))?;
        Ok(Self { service, config, endpoint, region, http })
    }

    /// Calls `operation` with `input`; its output.
    pub(crate) async fn call(&self, operation: &str, input: &Value) -> Result<Value, CtlError> {
        let headers = [
            ("content-type", self.service.media_type.to_owned()),
            ("x-amz-target", format!("{}.{operation}", self.service.target)),
        ];
        let judge =
            |status, answer: &[u8]| self.judge(status, serde_json::from_slice(answer).unwrap_or_default());
        self.repeated(&headers, &input.to_string(), judge).await
    }

    /// POSTs `body`, again while the service is busy; what `judge` makes of the answer.
    async fn repeated<T>(
        &self,
        headers: &[(&'static str, String)],
        body: &str,
        judge: impl Fn(StatusCode, &[u8]) -> Result<Tried<T>, CtlError>,
    ) -> Result<T, CtlError> {
        let mut waits = REPEATED_AFTER.into_iter();
        loop {
            match (self.once(headers, body, &judge).await?, waits.next()) {
                (Tried::Answered(output), _) => return Ok(output),
                (Tried::Busy(_), Some(wait)) => tokio::time::sleep(wait).await,
                (Tried::Busy(cause), None) => {
                    return Err(CtlError::Failed(format!("{}: {cause}; try again later", self.service.name)));
                }
            }
        }
    }

    async fn once<T>(
        &self,
        headers: &[(&'static str, String)],
        body: &str,
        judge: impl Fn(StatusCode, &[u8]) -> Result<Tried<T>, CtlError>,
    ) -> Result<Tried<T>, CtlError> {
        let signed =
            sign::headers(&self.config, self.service.name, &self.region, &self.endpoint, headers, body)
                .await?;
        let own = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let mut request = self.http.post(&self.endpoint).body(body.to_owned());
        for (name, value) in own.chain(signed) {
            request = request.header(name, value);
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(cause) => return Ok(Tried::Busy(format!("{} did not answer: {cause}", self.endpoint))),
        };
        let status = response.status();
        judge(status, &bounded(response).await?)
    }

    fn judge(&self, status: StatusCode, answer: Value) -> Result<Tried<Value>, CtlError> {
        if status.is_success() {
            return Ok(Tried::Answered(answer));
        }
        let code =
            answer["__type"].as_str().unwrap_or_default().rsplit('#').next().unwrap_or_default().to_owned();
        let message = answer["message"].as_str().or_else(|| answer["Message"].as_str()).unwrap_or_default();
        self.refusal(status, &code, message)
    }

    /// What an answer means that is no success.
    fn refusal<T>(&self, status: StatusCode, code: &str, message: &str) -> Result<Tried<T>, CtlError> {
        let text = format!("{status} {code} {message}");
        let is_throttled = code.contains("Throttl") || code.contains("LimitExceeded");
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS || is_throttled {
            return Ok(Tried::Busy(text));
        }
        if code.contains("ResourceNotFound") {
            return Err(CtlError::NotFound(format!("{}: {message}", self.service.name)));
        }
        let advice = format!("are the credentials valid, and do they allow {}?", self.service.permission);
        Err(CtlError::Failed(format!("{} refused: {text}; {advice}", self.service.name)))
    }
}

/// AWS's own endpoint; China's has an ending of its own.
fn endpoint_of(service: &str, region: &str) -> String {
    let ending = if region.starts_with("cn-") { ".cn" } else { "" };
    format!("https://{service}.{region}.amazonaws.com{ending}/")
}

async fn bounded(mut response: reqwest::Response) -> Result<Vec<u8>, CtlError> {
    let mut body = Vec::new();
    let broken =
        |cause: reqwest::Error| CtlError::Failed(format!("the answer broke off: {cause}; try again"));
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(CtlError::Failed("the answer is larger than any can be".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_config::{BehaviorVersion, Region};
    use serde_json::json;

    const LOGS: Service = Service {
        name: "logs",
        target: "Logs_20140328",
        media_type: "application/x-amz-json-1.1",
        endpoint_variable: "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
        permission: "logs:FilterLogEvents",
    };

    fn judge(status: u16, answer: Value) -> Result<Tried<Value>, CtlError> {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest());
        let config = config.region(Region::new("eu-central-1")).build();
        Caller::new(&LOGS, config).unwrap().judge(StatusCode::from_u16(status).unwrap(), answer)
    }

    #[test]
    fn a_busy_service_is_asked_again_and_a_refusal_names_the_permission() {
        let throttled =
            json!({"__type": "com.amazonaws.logs#ThrottlingException", "message": "Rate exceeded"});
        assert!(matches!(judge(400, throttled), Ok(Tried::Busy(_))));
        assert!(matches!(judge(503, json!(null)), Ok(Tried::Busy(_))));
        let denied = json!({"__type": "AccessDeniedException", "Message": "no"});
        assert!(
            matches!(judge(400, denied), Err(CtlError::Failed(text)) if text.contains("logs:FilterLogEvents"))
        );
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let missing = json!({"__type": "ResourceNotFoundException", "message": "no such group"});
        assert!(
            matches!(judge(400, missing), Err(CtlError::NotFound(text)) if text.contains("no such group"))
        );
    }

    #[test]
    fn without_a_region_nothing_is_asked() {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        assert!(
            matches!(Caller::new(&LOGS, config), Err(CtlError::Usage(text)) if text.contains("AWS_REGION"))
        );
    }

    #[test]
    fn an_endpoint_is_named_by_service_and_region() {
        assert_eq!(endpoint_of("logs", "eu-central-1"), "https://logs.eu-central-1.amazonaws.com/");
        assert_eq!(endpoint_of("logs", "cn-north-1"), "https://logs.cn-north-1.amazonaws.com.cn/");
    }
}
