//! The function's configuration, read once at start (SPEC 9).

use revops_core::Header;
use revops_core::address::{IpNet, read_allowed_private_cidrs};
use revops_core::config::{ClassQueues, ConfigError, Destinations, Reader, TimeScale, Variables};
use revops_core::export::ExportFormats;
use revops_core::retry::RetryPolicy;
use revops_core::secret::SecretSource;
use revops_core::sign::SigningSecrets;

const SECRETS: &str = "SIGNING_SECRETS";
const SECRETS_EXAMPLE: &str = r#"{"default":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#;

/// Everything that the function is told.
#[derive(Clone, Debug)]
pub struct DeliveryConfig {
    /// The webhooks, by class.
    pub destinations: Destinations,
    /// The queues that feed the function.
    pub queues: ClassQueues,
    /// Where terminally failed messages go.
    pub dead_letter_queue_url: String,
    /// The bucket of records and exports.
    pub bucket: String,
    /// Where the outbound keys come from.
    pub signing: SecretSource<SigningSecrets>,
    /// When failed attempts are repeated.
    pub retry: RetryPolicy,
    /// What the transport may do.
    pub transport: TransportRules,
    /// Which exports are written.
    pub formats: ExportFormats,
    /// How fast the waits pass.
    pub scale: TimeScale,
}

/// What the transport may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransportRules {
    /// Private networks that are allowed all the same.
    pub allowed_private: Vec<IpNet>,
    /// Whether http is allowed beside https.
    pub allow_http: bool,
}

impl DeliveryConfig {
    /// Reads the configuration.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn from_variables(variables: &Variables) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(variables);
        let destinations = Destinations::read(&mut reader);
        let queues = ClassQueues::read(&mut reader);
        let dead_letter_queue_url = reader.required(
            "DEAD_LETTER_QUEUE_URL",
            "https://sqs.us-east-1.amazonaws.com/123456789012/dead-letters",
        );
        let bucket = reader.required("CONVERSATION_EXPORT_S3_BUCKET", "revops-conversations");
        let signing = read_signing(&mut reader, &destinations);
        let retry = RetryPolicy::read(&mut reader);
        let transport = TransportRules {
            allowed_private: read_allowed_private_cidrs(&mut reader),
            // Already complained about, where it is wrong, by the destinations.
            allow_http: variables.get("ALLOW_HTTP_DESTINATIONS") == Some("true"),
        };
        let formats =
            reader.optional("EXPORT_FORMATS", "conversation,metadata,summary,analysis").unwrap_or_default();
        let scale = reader.optional("TIME_SCALE", "1").unwrap_or_default();
        let signing = match signing {
            Some(signing) => signing,
            None => return Err(reader.finish(()).err().unwrap_or(ConfigError(Vec::new()))),
        };
        reader.finish(Self {
            destinations,
            queues,
            dead_letter_queue_url,
            bucket,
            signing,
            retry,
            transport,
            formats,
            scale,
        })
    }
}

/// The source of the keys; none after a complaint.
fn read_signing(
    reader: &mut Reader<'_>,
    destinations: &Destinations,
) -> Option<SecretSource<SigningSecrets>> {
    let is_set = |name| reader.variables().get(name).is_some();
    if !is_set(SECRETS) && !is_set("SIGNING_SECRETS_ARN") {
        reader.complain(SECRETS, "is not set, nor is SIGNING_SECRETS_ARN", SECRETS_EXAMPLE);
    }
    let source = SecretSource::read(reader, SECRETS, SECRETS_EXAMPLE)?;
    if let SecretSource::Given(secrets) = &source {
        complain_of_missing_keys(reader, destinations, secrets);
    }
    Some(source)
}

/// A destination without a secret would get unsigned requests: the function refuses to start (SPEC 5).
fn complain_of_missing_keys(reader: &mut Reader<'_>, destinations: &Destinations, secrets: &SigningSecrets) {
    for header in Header::ALL {
        if destinations.target(header) == header && secrets.keys(header).is_none() {
            reader.complain(
                SECRETS,
                &format!("has no keys for {header} and no default ones"),
                SECRETS_EXAMPLE,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &str = r#"{"default":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#;
    const COMPLETE: [(&str, &str); 5] = [
        ("GENERAL_WEBHOOK_URL", "https://example.com/hooks"),
        ("OUTBOUND_WEBHOOK_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/1/outbound"),
        ("DEAD_LETTER_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/1/dead"),
        ("CONVERSATION_EXPORT_S3_BUCKET", "bucket"),
        ("SIGNING_SECRETS", KEYS),
    ];

    fn complaints(changes: &[(&str, &str)]) -> Vec<String> {
        let variables = Variables::new(COMPLETE.iter().chain(changes).copied());
        DeliveryConfig::from_variables(&variables).err().map(|error| error.0).unwrap_or_default()
    }

    #[test]
    fn the_smallest_configuration_is_complete() {
        assert_eq!(complaints(&[]), Vec::<String>::new());
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let nothing = DeliveryConfig::from_variables(&Variables::default()).unwrap_err();
        for name in COMPLETE.map(|(name, _)| name) {
            assert!(nothing.0.iter().any(|complaint| complaint.starts_with(name)), "{name}");
        }
        let wrong = complaints(&[
            ("RETRY_MAX_ATTEMPTS", "99"),
            ("ALLOWED_PRIVATE_CIDRS", "everything"),
            ("EXPORT_FORMATS", "pdf"),
            ("TIME_SCALE", "0"),
            ("ALLOW_HTTP_DESTINATIONS", "yes"),
        ]);
        assert_eq!(wrong.len(), 5, "{wrong:?}");
    }

    #[test]
    fn a_destination_without_keys_is_an_error_that_names_it() {
        let complaints = complaints(&[(
            "SIGNING_SECRETS",
            r#"{"deal_analysis":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#,
        )]);
        assert!(complaints[0].starts_with("SIGNING_SECRETS has no keys for general"), "{complaints:?}");
    }

    #[test]
    fn an_arn_is_taken_instead_of_the_secrets_but_not_beside_them() {
        let arn = ("SIGNING_SECRETS_ARN", "arn:aws:secretsmanager:us-east-1:1:secret:keys");
        assert_eq!(complaints(&[("SIGNING_SECRETS", ""), arn]), Vec::<String>::new());
        assert_eq!(complaints(&[arn]).len(), 1);
    }
}
