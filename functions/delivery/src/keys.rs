//! The outbound keys: from the environment, or from Secrets Manager with a cache (SPEC 2.3).

use std::time::Duration;

use revops_core::sign::{SigningKeys, SigningSecrets};
use revops_core::telemetry::event;
use revops_core::{Header, Timestamp};
use tokio::sync::Mutex;

use crate::config::SigningSource;
use crate::ports::FetchSecret;

/// Fetched keys are used this long without asking again.
const FRESH: Duration = Duration::from_mins(5);

/// Fetched keys are used this long when they cannot be fetched again.
const USABLE: Duration = Duration::from_hours(1);

/// The outbound keys of all classes.
pub struct OutboundKeys<F> {
    source: SigningSource,
    fetch: F,
    cache: Mutex<Option<Cached>>,
}

#[derive(Clone)]
struct Cached {
    secrets: SigningSecrets,
    fetched_at: Timestamp,
}

impl<F: FetchSecret> OutboundKeys<F> {
    /// Keys from `source`; where that is an ARN, `fetch` is asked when they are first needed.
    pub fn new(source: SigningSource, fetch: F) -> Self {
        Self { source, fetch, cache: Mutex::new(None) }
    }

    /// The keys for the webhook of `target`; none when they cannot be had at the moment.
    pub(crate) async fn of(&self, target: Header, now: Timestamp) -> Option<SigningKeys> {
        match &self.source {
            SigningSource::Given(secrets) => secrets.keys(target).cloned(),
            SigningSource::Arn(arn) => self.cached(arn, now).await?.keys(target).cloned(),
        }
    }

    /// The lock is held while fetching, so that a batch fetches once.
    async fn cached(&self, arn: &str, now: Timestamp) -> Option<SigningSecrets> {
        let mut cache = self.cache.lock().await;
        let age = cache.as_ref().map(|cached| now.since(cached.fetched_at));
        if age.is_none_or(|age| age >= FRESH)
            && let Some(secrets) = self.fetch(arn).await
        {
            *cache = Some(Cached { secrets, fetched_at: now });
        }
        let usable = cache.as_ref().filter(|cached| now.since(cached.fetched_at) < USABLE);
        usable.map(|cached| cached.secrets.clone())
    }

    async fn fetch(&self, arn: &str) -> Option<SigningSecrets> {
        let secret = self.fetch.fetch(arn).await?;
        // The error quotes nothing of the secret.
        let parsed = secret.expose().parse();
        parsed.inspect_err(|cause| tracing::error!(event = event::ERROR_OCCURRED, %cause, "the secret of SIGNING_SECRETS_ARN is not usable")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use revops_core::secret::Secret;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

    #[derive(Default)]
    struct Vault {
        closed: AtomicBool,
        asked: AtomicU32,
    }

    impl FetchSecret for &Vault {
        async fn fetch(&self, _arn: &str) -> Option<Secret> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let json = r#"{"default":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#;
            (!self.closed.load(Ordering::SeqCst)).then(|| Secret::new(json.into()))
        }
    }

    fn after(minutes: u64) -> Timestamp {
        Timestamp::from_unix_ms(0).plus(Duration::from_mins(minutes))
    }

    #[tokio::test]
    async fn fetched_keys_are_kept_five_minutes_and_used_stale_for_up_to_an_hour() {
        let vault = Vault::default();
        let keys = OutboundKeys::new(SigningSource::Arn("arn".into()), &vault);
        assert!(keys.of(Header::General, after(0)).await.is_some());
        assert!(keys.of(Header::General, after(4)).await.is_some());
        assert_eq!(vault.asked.load(Ordering::SeqCst), 1);
        assert!(keys.of(Header::General, after(5)).await.is_some());
        assert_eq!(vault.asked.load(Ordering::SeqCst), 2);
        vault.closed.store(true, Ordering::SeqCst);
        assert!(keys.of(Header::General, after(64)).await.is_some());
        assert!(keys.of(Header::General, after(65)).await.is_none());
    }

    #[tokio::test]
    async fn without_a_first_fetch_there_are_no_keys() {
        let vault = Vault::default();
        vault.closed.store(true, Ordering::SeqCst);
        let keys = OutboundKeys::new(SigningSource::Arn("arn".into()), &vault);
        assert!(keys.of(Header::General, after(0)).await.is_none());
    }
}
