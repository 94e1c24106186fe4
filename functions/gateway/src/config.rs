//! What the two gateway functions read from their environment, once at start (SPEC 9).

use std::collections::BTreeSet;
use std::time::Duration;

use revops_core::auth::{ApiKeys, Inbound, InboundMode, Signers};
use revops_core::config::{ClassQueues, ConfigError, Destinations, Reader, TimeScale, Variables};
use revops_core::secret::SecretSource;

const KEYS_EXAMPLE: &str = r#"{"crm":"<SHA-256 of the key in hexadecimal digits>"}"#;
const SIGNERS_EXAMPLE: &str = r#"{"crm":["whsec_<base64 of 24 to 64 bytes>"]}"#;

/// The variables of which at least one must be set.
const WAYS_IN: [&str; 4] =
    ["INBOUND_API_KEYS", "INBOUND_API_KEYS_ARN", "INBOUND_SIGNING_SECRETS", "INBOUND_SIGNING_SECRETS_ARN"];

/// What both ways of running the use case need.
#[derive(Clone, Debug)]
pub struct CommonConfig {
    /// Which classes have a webhook of their own.
    pub destinations: Destinations,
    /// The outbound queues.
    pub class_queues: ClassQueues,
    /// The query queue's URL.
    pub query_queue_url: String,
    /// The bucket of all records.
    pub bucket: String,
    /// The manager-agent function's name or ARN.
    pub manager_agent_function: String,
    /// A classification with less confidence than so many hundredths is counted as unsure.
    pub sure_from_percent: u64,
    /// How fast waits pass.
    pub time_scale: TimeScale,
}

/// The configuration of `gateway`.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// What both need.
    pub common: CommonConfig,
    /// Who may call.
    pub inbound: Inbound,
    /// How long a caller waits who does not say.
    pub default_wait: Duration,
}

/// The configuration of `gateway-worker`.
#[derive(Clone, Debug)]
pub struct WorkerConfig {
    /// What both need.
    pub common: CommonConfig,
}

impl HttpConfig {
    /// Reads the environment.
    ///
    /// # Errors
    /// Everything that is missing or wrong; also when no way to authenticate callers is configured and
    /// `INBOUND_AUTH=none` was not said.
    pub fn from_variables(variables: &Variables) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(variables);
        let common = common(&mut reader);
        let inbound = inbound(&mut reader);
        let default_wait = Duration::from_secs(reader.number("DEFAULT_WAIT_SECONDS", 25, 0..=25));
        reader.finish(Self { common, inbound, default_wait })
    }
}

impl WorkerConfig {
    /// Reads the environment.
    ///
    /// # Errors
    /// Everything that is missing or wrong.
    pub fn from_variables(variables: &Variables) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(variables);
        let common = common(&mut reader);
        reader.finish(Self { common })
    }
}

fn common(reader: &mut Reader<'_>) -> CommonConfig {
    let queue_example = "https://sqs.us-east-1.amazonaws.com/123456789012/revops-query";
    CommonConfig {
        destinations: Destinations::read_for_routing(reader),
        class_queues: ClassQueues::read(reader),
        query_queue_url: reader.required("QUERY_QUEUE_URL", queue_example),
        bucket: reader.required("CONVERSATION_EXPORT_S3_BUCKET", "revops-conversations"),
        manager_agent_function: reader.required("MANAGER_AGENT_FUNCTION_NAME", "revops-manager-agent"),
        sure_from_percent: reader.number("CLASSIFICATION_SURE_FROM_PERCENT", 50, 0..=100),
        time_scale: reader.optional("TIME_SCALE", "1").unwrap_or_default(),
    }
}

fn inbound(reader: &mut Reader<'_>) -> Inbound {
    let operators = reader.variables().get("OPERATOR_KEYS").unwrap_or_default();
    let names = operators.split(',').map(str::trim).filter(|name| !name.is_empty());
    Inbound { operators: names.map(str::to_owned).collect::<BTreeSet<_>>(), mode: mode(reader) }
}

fn mode(reader: &mut Reader<'_>) -> InboundMode {
    let api_keys = SecretSource::read(reader, "INBOUND_API_KEYS", KEYS_EXAMPLE);
    let signers = SecretSource::read(reader, "INBOUND_SIGNING_SECRETS", SIGNERS_EXAMPLE);
    match reader.variables().get("INBOUND_AUTH") {
        Some("none") => return InboundMode::Open,
        Some(_) => reader.complain("INBOUND_AUTH", "knows one value, none, which runs open", "none"),
        None => complain_of_nobody(reader, api_keys.as_ref(), signers.as_ref()),
    }
    InboundMode::Required { api_keys, signers }
}

/// With nobody to let in, the function would be either useless or open: it refuses to start.
fn complain_of_nobody(
    reader: &mut Reader<'_>,
    api_keys: Option<&SecretSource<ApiKeys>>,
    signers: Option<&SecretSource<Signers>>,
) {
    let set = WAYS_IN.iter().any(|name| reader.variables().get(name).is_some());
    if !set {
        reader.complain("INBOUND_API_KEYS", "is not set, and running open must be said", KEYS_EXAMPLE);
    }
    if matches!(api_keys, Some(SecretSource::Given(keys)) if keys.is_empty()) {
        reader.complain("INBOUND_API_KEYS", "names no key", KEYS_EXAMPLE);
    }
    if matches!(signers, Some(SecretSource::Given(signers)) if signers.is_empty()) {
        reader.complain("INBOUND_SIGNING_SECRETS", "names no secret", SIGNERS_EXAMPLE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(more: &[(&'static str, &'static str)]) -> Variables {
        let complete = [
            ("GENERAL_WEBHOOK_URL", "https://example.com/general"),
            ("OUTBOUND_WEBHOOK_QUEUE_URL", "https://sqs/1/general"),
            ("QUERY_QUEUE_URL", "https://sqs/1/query"),
            ("CONVERSATION_EXPORT_S3_BUCKET", "bucket"),
            ("MANAGER_AGENT_FUNCTION_NAME", "manager-agent"),
        ];
        Variables::new(complete.into_iter().chain(more.iter().copied()))
    }

    #[test]
    fn the_gateway_refuses_to_start_open_unless_told_so() {
        let ConfigError(complaints) = HttpConfig::from_variables(&variables(&[])).unwrap_err();
        assert_eq!(complaints.len(), 1);
        assert!(complaints[0].contains("INBOUND_API_KEYS"));
        assert!(HttpConfig::from_variables(&variables(&[("INBOUND_AUTH", "none")])).is_ok());
    }

    #[test]
    fn an_empty_list_of_keys_is_not_a_way_to_authenticate() {
        assert!(HttpConfig::from_variables(&variables(&[("INBOUND_API_KEYS", "{}")])).is_err());
    }

    #[test]
    fn each_way_to_authenticate_is_enough_alone() {
        for pair in [
            ("INBOUND_SIGNING_SECRETS", r#"{"crm":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#),
            ("INBOUND_SIGNING_SECRETS_ARN", "arn:aws:secretsmanager:eu-west-1:1:secret:signers"),
            ("INBOUND_API_KEYS_ARN", "arn:aws:secretsmanager:eu-west-1:1:secret:keys"),
        ] {
            assert!(HttpConfig::from_variables(&variables(&[pair])).is_ok(), "{pair:?}");
        }
        let wrong = variables(&[("INBOUND_SIGNING_SECRETS", r#"{"crm":["hunter2"]}"#)]);
        let ConfigError(complaints) = HttpConfig::from_variables(&wrong).unwrap_err();
        assert!(complaints.len() == 1 && complaints[0].contains("crm") && !complaints[0].contains("hunter2"));
    }

    #[test]
    fn the_worker_needs_no_credentials_of_callers() {
        assert!(WorkerConfig::from_variables(&variables(&[])).is_ok());
    }
}
