//! AWS Secrets Manager.

use revops_core::secret::Secret;
use serde::Deserialize;

use super::output;
use crate::call::{CallError, Json, Service, ServiceName};

/// AWS Secrets Manager.
pub(crate) const SECRETS_MANAGER: ServiceName = ServiceName { id: "Secrets Manager", host: "secretsmanager" };

const PROTOCOL: Json = Json { media_type: "application/x-amz-json-1.1", target: "secretsmanager" };

/// `GetSecretValue`; none where the secret is not text.
pub(crate) async fn get_secret_value(secrets: &Service, arn: &str) -> Result<Option<Secret>, CallError> {
    #[derive(Deserialize)]
    struct Value {
        #[serde(rename = "SecretString")]
        text: Option<String>,
    }
    let input = serde_json::json!({ "SecretId": arn });
    let value: Value = output(&PROTOCOL.call(secrets, "GetSecretValue", &input).await?)?;
    Ok(value.text.map(Secret::new))
}
