//! What a function's variables say of AWS. Lambda puts region and credentials there, and nothing else is asked: neither
//! the profiles nor the other sources that the SDK tries in turn, each for some time of a cold start.

use std::fmt;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use revops_core::config::Variables;

/// The SDK's configuration of a function with these variables.
///
/// Source: AWS SDKs and Tools Reference Guide, "Settings reference", the environment variables.
pub(crate) fn sdk_config(variables: &Variables) -> SdkConfig {
    let is_true = |name| variables.get(name).map(|value| value.eq_ignore_ascii_case("true"));
    let region = variables.get("AWS_REGION").or_else(|| variables.get("AWS_DEFAULT_REGION"));
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region.map(|region| Region::new(region.to_owned())))
        .service_config(Endpoints(variables.clone()));
    config.set_credentials_provider(credentials(variables).map(SharedCredentialsProvider::new));
    config.set_use_fips(is_true("AWS_USE_FIPS_ENDPOINT"));
    config.set_use_dual_stack(is_true("AWS_USE_DUALSTACK_ENDPOINT"));
    config.set_endpoint_url(variables.get(EVERY_ENDPOINT).map(str::to_owned));
    config.build()
}

const EVERY_ENDPOINT: &str = "AWS_ENDPOINT_URL";

fn credentials(variables: &Variables) -> Option<Credentials> {
    let (id, secret) = (variables.get("AWS_ACCESS_KEY_ID")?, variables.get("AWS_SECRET_ACCESS_KEY")?);
    let token = variables.get("AWS_SESSION_TOKEN").map(str::to_owned);
    Some(Credentials::new(id, secret, token, None, "the function's environment"))
}

/// `AWS_ENDPOINT_URL_<SERVICE>`.
struct Endpoints(Variables);

/// Nothing of the variables: there are secrets among them.
impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoints").finish_non_exhaustive()
    }
}

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_ascii_uppercase().replace([' ', '-'], "_");
        self.0.get(&format!("{}_{service}", key.env())).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use aws_credential_types::provider::ProvideCredentials as _;

    use super::*;

    #[tokio::test]
    async fn region_and_credentials_are_where_lambda_puts_them() {
        let config = sdk_config(&Variables::new([
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "ASIA"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SESSION_TOKEN", "token"),
        ]));
        assert_eq!(config.region().map(AsRef::as_ref), Some("eu-central-1"));
        let given = config.credentials_provider().unwrap().provide_credentials().await.unwrap();
        assert_eq!((given.access_key_id(), given.session_token()), ("ASIA", Some("token")));
        assert!(!format!("{config:?}").contains("secret\""));
    }

    #[test]
    fn without_credentials_there_is_no_provider() {
        let config = sdk_config(&Variables::new([("AWS_ACCESS_KEY_ID", "ASIA")]));
        assert!(config.credentials_provider().is_none());
    }

    #[test]
    fn a_service_may_have_an_endpoint_of_its_own() {
        let config = sdk_config(&Variables::new([("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://vault.test")]));
        let of = |id| {
            let key = ServiceConfigKey::builder()
                .service_id(id)
                .env(EVERY_ENDPOINT)
                .profile("endpoint_url")
                .build();
            config.service_config().unwrap().load_config(key.unwrap())
        };
        assert_eq!(of("Secrets Manager").as_deref(), Some("http://vault.test"));
        assert_eq!(of("S3"), None);
    }
}
