//! Calls to AWS services in their JSON and query protocols, made as the functions make theirs. For the services of which
//! an operation or three are used: their SDK crates would change the features of crates that `cargo local` builds.

mod query;
pub(crate) mod xml;

use std::time::Duration;

use aws_config::SdkConfig;
use revops_aws::Clients;
use revops_aws::call::{self, CallError, Json, Limits, Refusal, ServiceName};
use revops_core::telemetry::with_causes;
use serde_json::Value;

use crate::error::CtlError;
pub(crate) use query::Query;

/// A question of a person, who waits: some take CloudWatch seconds.
const LIMITS: Limits = Limits { attempts: 4, an_attempt: Some(Duration::from_secs(30)), in_all: None };

/// A service that speaks `Protocol`.
pub(crate) struct Service<Protocol> {
    /// As the SDKs' configuration and host names know it.
    pub(crate) name: ServiceName,
    /// How it is spoken to.
    pub(crate) protocol: Protocol,
    /// The permissions that its operations need.
    pub(crate) permission: &'static str,
}

/// CloudWatch's metrics.
pub(crate) static CLOUDWATCH: Service<Json> = Service {
    name: ServiceName { id: "CloudWatch", host: "monitoring" },
    protocol: Json { media_type: "application/x-amz-json-1.0", target: "GraniteServiceVersion20100801" },
    permission: "cloudwatch:GetMetricData",
};

/// CloudFormation's stacks.
pub(crate) static CLOUDFORMATION: Service<Query> = Service {
    name: ServiceName { id: "CloudFormation", host: "cloudformation" },
    protocol: Query { version: "2010-05-15" },
    permission: "cloudformation:DescribeStacks, cloudformation:GetTemplate and cloudformation:ListStackResources",
};

/// A service with everything that a call needs.
pub(crate) struct Caller<'a, Protocol> {
    service: &'a Service<Protocol>,
    aws: call::Service,
}

impl<'a, Protocol> Caller<'a, Protocol> {
    /// Calls `service` with the credentials and region of `config`.
    pub(crate) fn new(service: &'a Service<Protocol>, config: SdkConfig) -> Result<Self, CtlError> {
        if config.region().is_none() {
            let text = "no region is set: set AWS_REGION, or use --local for `cargo local`";
            return Err(CtlError::Usage(text.to_owned()));
        }
        Ok(Self { service, aws: Clients::new(config, false).service(service.name, LIMITS) })
    }

    /// What an operator can do about `error`.
    fn failed(&self, error: &CallError) -> CtlError {
        let name = self.service.name.host;
        if let CallError::NotSent(cause) = error {
            return CtlError::Usage(format!(
                "{name} cannot be asked: {}; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; \
                 with SSO: eval \"$(aws configure export-credentials --format env)\"",
                with_causes(&**cause)
            ));
        }
        if let Some(refusal) = error.refusal().filter(|refusal| is_absent(refusal)) {
            return CtlError::NotFound(format!("{name}: {}", refusal.message));
        }
        let causes = with_causes(error);
        if error.is_for_good() {
            let permission = self.service.permission;
            return CtlError::Failed(format!(
                "{name} refused: {causes}; are the credentials valid, and do they allow {permission}?"
            ));
        }
        CtlError::Failed(format!("{name}: {causes}; try again later"))
    }
}

impl Caller<'_, Json> {
    /// Calls `operation` with `input`; its output.
    pub(crate) async fn call(&self, operation: &str, input: &Value) -> Result<Value, CtlError> {
        let answer = self.service.protocol.call(&self.aws, operation, input).await;
        let answer = answer.map_err(|error| self.failed(&error))?;
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    }
}

/// CloudFormation says of a stack that is not there that the name is not valid: nothing else in our calls could be.
fn is_absent(refusal: &Refusal) -> bool {
    refusal.code.contains("ResourceNotFound") || refusal.code == "ValidationError"
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_config::{BehaviorVersion, Region};

    fn failed(status: u16, code: &str, message: &str) -> CtlError {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest());
        let caller =
            Caller::new(&CLOUDFORMATION, config.region(Region::new("eu-central-1")).build()).unwrap();
        let (code, message) = (code.to_owned(), message.to_owned());
        caller.failed(&CallError::Refused(Refusal { status, code, message, was_repeated: false }))
    }

    #[test]
    fn a_busy_service_may_be_asked_again_and_a_refusal_names_the_permission() {
        for (status, code) in [(400, "ThrottlingException"), (400, "Throttling"), (503, "")] {
            let error = failed(status, code, "Rate exceeded");
            assert!(
                matches!(&error, CtlError::Failed(text) if text.contains("try again later")),
                "{error:?}"
            );
        }
        let denied = failed(403, "AccessDenied", "no");
        assert!(matches!(denied, CtlError::Failed(text) if text.contains("cloudformation:GetTemplate")));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for code in ["ResourceNotFoundException", "ValidationError"] {
            let missing = failed(400, code, "Stack with id x does not exist");
            assert!(matches!(missing, CtlError::NotFound(text) if text.contains("does not exist")), "{code}");
        }
    }

    #[test]
    fn without_a_region_nothing_is_asked() {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        assert!(
            matches!(Caller::new(&CLOUDWATCH, config), Err(CtlError::Usage(text)) if text.contains("AWS_REGION"))
        );
    }
}
