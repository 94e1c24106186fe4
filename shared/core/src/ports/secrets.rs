//! Secrets Manager.

use std::future::Future;

use crate::secret::Secret;

/// Fetches secrets (`secretsmanager:GetSecretValue`).
pub trait FetchSecret: Send + Sync {
    /// The current text of the secret `arn`; none when it could not be fetched (the adapter logs why).
    fn fetch(&self, arn: &str) -> impl Future<Output = Option<Secret>> + Send;
}
