//! The function's configuration, from its environment (SPEC 9).

use std::time::Duration;

use revops_aws::telemetry::LogLevel;
use revops_core::config::{ConfigError, Reader, TimeScale, Variables};
use revops_core::retry::RetryPolicy;

/// A Lambda function lives for 15 minutes; one of them is for the records.
const LONGEST_AGENT_TIMEOUT_SECONDS: u64 = 840;

/// Everything that the environment decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which agent is asked.
    pub backend: AgentBackend,
    /// The bucket of the records.
    pub bucket: String,
    /// What the use case needs to know.
    pub settings: Settings,
}

/// The service behind the manager agent: `AGENT_BACKEND`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentBackend {
    /// `bedrock_agent`: InvokeAgent.
    BedrockAgent {
        /// `BEDROCK_AGENT_ID`.
        agent_id: String,
        /// `BEDROCK_AGENT_ALIAS_ID`.
        alias_id: String,
    },
    /// `agentcore`: InvokeAgentRuntime.
    AgentCore {
        /// `AGENT_RUNTIME_ARN`.
        runtime_arn: String,
    },
}

/// How the agent is asked, and asked again.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The whole answer must be there within this time: `AGENT_TIMEOUT_SECONDS`.
    pub agent_timeout: Duration,
    /// Whether the agent is asked to end its answer with a route line: `AGENT_ROUTE_HINT`.
    pub route_hint: bool,
    /// The first name in `agents_used`: `MANAGER_AGENT_NAME`.
    pub manager_name: String,
    /// The delays between tries.
    pub retry: RetryPolicy,
    /// How fast the delays pass: `TIME_SCALE`.
    pub scale: TimeScale,
}

impl Config {
    /// Reads the function's variables.
    ///
    /// # Errors
    /// Everything that is missing or wrong, at once.
    pub fn from_variables(variables: &Variables) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(variables);
        let config = Self {
            backend: AgentBackend::read(&mut reader),
            bucket: reader.required("CONVERSATION_EXPORT_S3_BUCKET", "revops-conversations"),
            settings: Settings::read(&mut reader),
        };
        reader.optional::<LogLevel>("LOG_LEVEL", "info");
        reader.finish(config)
    }
}

impl AgentBackend {
    fn read(reader: &mut Reader<'_>) -> Self {
        match reader.variables().get("AGENT_BACKEND") {
            None | Some("bedrock_agent") => {}
            Some("agentcore") => return Self::AgentCore { runtime_arn: runtime_arn(reader) },
            Some(_) => {
                reader.complain("AGENT_BACKEND", "must be bedrock_agent or agentcore", "bedrock_agent");
            }
        }
        Self::BedrockAgent {
            agent_id: short_id(reader, "BEDROCK_AGENT_ID", "A1B2C3D4E5"),
            alias_id: short_id(reader, "BEDROCK_AGENT_ALIAS_ID", "TSTALIASID"),
        }
    }
}

/// The ARN of a runtime, without an endpoint: calls go to its default one.
fn runtime_arn(reader: &mut Reader<'_>) -> String {
    const NAME: &str = "AGENT_RUNTIME_ARN";
    const EXAMPLE: &str = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/manager_agent-a1B2c3D4e5";
    let arn = reader.required(NAME, EXAMPLE);
    if !is_runtime_arn(&arn) {
        reader.complain(NAME, "must be the ARN of an agent runtime", EXAMPLE);
    }
    arn
}

fn is_runtime_arn(arn: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let ["arn", partition, "bedrock-agentcore", region, account, resource] = parts.as_slice() else {
        return false;
    };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let id = resource.strip_prefix("runtime/").unwrap_or_default();
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !partition.is_empty() && !region.is_empty() && is_account && !id.is_empty() && id.bytes().all(is_id)
}

/// Bedrock's ids of agents and aliases: up to ten letters and digits. They become part of a URL's path.
fn short_id(reader: &mut Reader<'_>, name: &str, example: &str) -> String {
    let id = reader.required(name, example);
    if id.len() > 10 || !id.chars().all(|character| character.is_ascii_alphanumeric()) {
        reader.complain(name, "must be 1 to 10 letters and digits", example);
    }
    id
}

impl Settings {
    fn read(reader: &mut Reader<'_>) -> Self {
        let seconds = reader.number("AGENT_TIMEOUT_SECONDS", 120, 1..=LONGEST_AGENT_TIMEOUT_SECONDS);
        Self {
            agent_timeout: Duration::from_secs(seconds),
            route_hint: reader.switch("AGENT_ROUTE_HINT", true),
            manager_name: reader.variables().get("MANAGER_AGENT_NAME").unwrap_or("ManagerAgent").to_owned(),
            retry: RetryPolicy::read(reader),
            scale: reader.optional("TIME_SCALE", "1").unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDED: [(&str, &str); 3] = [
        ("BEDROCK_AGENT_ID", "A1B2C3D4E5"),
        ("BEDROCK_AGENT_ALIAS_ID", "TSTALIASID"),
        ("CONVERSATION_EXPORT_S3_BUCKET", "records"),
    ];

    fn config(more: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_variables(&Variables::new(NEEDED.iter().chain(more).copied()))
    }

    #[test]
    fn what_is_not_set_has_the_documented_default() {
        let Config { settings, .. } = config(&[]).unwrap();
        assert_eq!((settings.agent_timeout.as_secs(), settings.route_hint), (120, true));
        assert_eq!(settings.manager_name, "ManagerAgent");
        assert_eq!(settings.retry, RetryPolicy::default());
    }

    #[test]
    fn all_that_is_missing_is_named_at_once() {
        let ConfigError(complaints) = Config::from_variables(&Variables::default()).unwrap_err();
        for (name, _) in NEEDED {
            assert!(complaints.iter().any(|complaint| complaint.starts_with(name)), "{name}: {complaints:?}");
        }
    }

    const ARN: &str = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/manager_agent-a1B2c3D4e5";

    fn agentcore(arn: &str) -> Result<Config, ConfigError> {
        let variables = [
            ("AGENT_BACKEND", "agentcore"),
            ("AGENT_RUNTIME_ARN", arn),
            ("CONVERSATION_EXPORT_S3_BUCKET", "r"),
        ];
        Config::from_variables(&Variables::new(variables))
    }

    #[test]
    fn a_back_end_that_is_not_there_is_refused_at_start() {
        let ConfigError(complaints) = config(&[("AGENT_BACKEND", "oracle")]).unwrap_err();
        assert!(complaints[0].starts_with("AGENT_BACKEND "), "{complaints:?}");
        assert!(config(&[("AGENT_BACKEND", "bedrock_agent")]).is_ok());
    }

    #[test]
    fn agentcore_needs_its_runtime_and_no_bedrock_agent() {
        let backend = agentcore(ARN).unwrap().backend;
        assert_eq!(backend, AgentBackend::AgentCore { runtime_arn: ARN.to_owned() });
    }

    #[test]
    fn what_is_not_the_arn_of_a_runtime_is_refused_with_an_example() {
        let endpoint = format!("{ARN}/runtime-endpoint/DEFAULT");
        let lambda = ARN.replace("bedrock-agentcore", "lambda");
        for wrong in ["", "manager_agent-a1B2c3D4e5", &endpoint, &lambda, &ARN.replace("123456789012", "1")] {
            let ConfigError(complaints) = agentcore(wrong).unwrap_err();
            let complaint = &complaints[0];
            assert!(
                complaint.starts_with("AGENT_RUNTIME_ARN ") && complaint.contains(":runtime/"),
                "{complaint}"
            );
        }
    }

    #[test]
    fn wrong_values_are_refused() {
        for wrong in [
            ("BEDROCK_AGENT_ID", "../agents"),
            ("AGENT_TIMEOUT_SECONDS", "0"),
            ("AGENT_ROUTE_HINT", "maybe"),
            ("TIME_SCALE", "0"),
            ("LOG_LEVEL", "loud"),
        ] {
            assert!(config(&[wrong]).is_err(), "{wrong:?}");
        }
    }
}
