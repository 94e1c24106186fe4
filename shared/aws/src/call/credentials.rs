//! Credentials that are asked for once, and again shortly before they end.

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use revops_core::Timestamp;
use tokio::sync::Mutex;

use super::error::BoxError;

/// Credentials are not used in their last minute: a call may take some seconds, and clocks differ.
const MARGIN: Duration = Duration::from_mins(1);

/// The credentials of one provider. Whoever comes while they are fetched waits for that one fetch.
#[derive(Debug)]
pub(super) struct KeptCredentials {
    provider: Option<SharedCredentialsProvider>,
    kept: Mutex<Option<Credentials>>,
}

impl KeptCredentials {
    pub(super) fn of(provider: Option<SharedCredentialsProvider>) -> Self {
        Self { provider, kept: Mutex::new(None) }
    }

    /// Credentials that are good for a while after `now`.
    pub(super) async fn get(&self, now: Timestamp) -> Result<Credentials, BoxError> {
        let mut kept = self.kept.lock().await;
        if let Some(credentials) = kept.as_ref().filter(|credentials| are_good(credentials, now)) {
            return Ok(credentials.clone());
        }
        let provider = self.provider.as_ref().ok_or("there are no AWS credentials")?;
        let fetched = provider.provide_credentials().await?;
        *kept = Some(fetched.clone());
        Ok(fetched)
    }
}

fn are_good(credentials: &Credentials, now: Timestamp) -> bool {
    let since_epoch = Duration::from_millis(u64::try_from(now.unix_ms()).unwrap_or_default());
    credentials.expiry().is_none_or(|end| UNIX_EPOCH + since_epoch + MARGIN < end)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use aws_credential_types::provider::{ProvideCredentials, future};

    use super::*;

    /// Counts how often it was asked; what it gives ends after ten minutes.
    #[derive(Clone, Debug, Default)]
    struct Hourglass(Arc<AtomicU32>);

    impl ProvideCredentials for Hourglass {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let asked = self.0.fetch_add(1, Ordering::SeqCst) + 1;
            let end = UNIX_EPOCH + Duration::from_mins(10) * asked;
            future::ProvideCredentials::ready(Ok(Credentials::new("A", "s", None, Some(end), "hourglass")))
        }
    }

    #[tokio::test]
    async fn credentials_are_fetched_once_until_their_last_minute() {
        let hourglass = Hourglass::default();
        let kept = KeptCredentials::of(Some(SharedCredentialsProvider::new(hourglass.clone())));
        let at = |seconds| Timestamp::from_unix_ms(seconds * 1_000_i64);
        for (seconds, asked) in [(0, 1), (539, 1), (540, 2), (1139, 2)] {
            kept.get(at(seconds)).await.unwrap();
            assert_eq!(hourglass.0.load(Ordering::SeqCst), asked, "{seconds} s");
        }
    }

    #[tokio::test]
    async fn without_a_provider_nothing_can_be_signed() {
        assert!(KeptCredentials::of(None).get(Timestamp::from_unix_ms(0)).await.is_err());
    }
}
