//! Secrets of AWS Secrets Manager.

mod cached;

pub use cached::CachedSecret;

use revops_core::ports::FetchSecret;
use revops_core::secret::Secret;
use revops_core::telemetry::{event, with_causes};

use crate::Clients;
use crate::operations::secretsmanager::get_secret_value;

/// A secret could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Secrets Manager was unreachable, slow, throttled or failing: try again.
    #[error("Secrets Manager is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No such secret, no permission, or it is not text. A person must mend it.
    #[error("Secrets Manager refused the secret")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Secrets by ARN (`secretsmanager:GetSecretValue`).
#[derive(Clone, Debug)]
pub struct SecretsManager {
    clients: Clients,
}

impl SecretsManager {
    /// The secrets that this process's credentials may read.
    #[must_use]
    pub const fn new(clients: Clients) -> Self {
        Self { clients }
    }

    /// The current text of the secret `arn`, fetched anew each time, within ten seconds.
    ///
    /// # Errors
    /// It could not be fetched; the variant says whether to try again.
    pub async fn get(&self, arn: &str) -> Result<Secret, SecretError> {
        let fetched = get_secret_value(self.clients.secrets(), arn).await;
        let text = fetched.map_err(|error| {
            if error.is_for_good() {
                SecretError::Refused(error.into())
            } else {
                SecretError::Unavailable(error.into())
            }
        })?;
        text.ok_or_else(|| SecretError::Refused("the secret is not text".into()))
    }
}

impl FetchSecret for SecretsManager {
    async fn fetch(&self, arn: &str) -> Option<Secret> {
        let failed = |cause: &SecretError| {
            tracing::error!(
                event = event::ERROR_OCCURRED,
                arn,
                cause = with_causes(cause),
                "a secret was not fetched"
            );
        };
        self.get(arn).await.inspect_err(failed).ok()
    }
}
