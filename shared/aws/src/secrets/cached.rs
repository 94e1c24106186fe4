//! A secret setting that is fetched when needed, kept, and used stale when it cannot be fetched again.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use revops_core::Timestamp;
use revops_core::ports::FetchSecret;
use revops_core::secret::SecretSource;
use revops_core::telemetry::event;
use tokio::sync::Mutex;

/// A fetched setting is used this long without asking again (SPEC 2.3).
const FRESH: Duration = Duration::from_mins(5);

/// A fetched setting is used this long when it cannot be fetched again (SPEC 2.3).
const USABLE: Duration = Duration::from_hours(1);

/// While a stale setting still serves, a fetch that failed is not repeated before this has passed: an outage
/// of Secrets Manager must not slow every request down.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// A secret setting, from wherever it comes.
pub struct CachedSecret<T, F> {
    source: SecretSource<T>,
    fetch: F,
    cache: Mutex<Option<Cached<T>>>,
}

struct Cached<T> {
    setting: T,
    fetched_at: Timestamp,
    failed_at: Option<Timestamp>,
}

impl<T, F> fmt::Debug for CachedSecret<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedSecret").finish_non_exhaustive()
    }
}

impl<T: Clone + FromStr<Err: fmt::Display>, F: FetchSecret> CachedSecret<T, F> {
    /// The setting from `source`; where that is an ARN, `fetch` is asked when it is first needed.
    pub fn new(source: SecretSource<T>, fetch: F) -> Self {
        Self { source, fetch, cache: Mutex::new(None) }
    }

    /// The setting; none when it cannot be had at the moment.
    pub async fn get(&self, now: Timestamp) -> Option<T> {
        match &self.source {
            SecretSource::Given(setting) => Some(setting.clone()),
            SecretSource::Arn(arn) => self.cached(arn, now).await,
        }
    }

    /// The lock is held while fetching, so that those who come at the same time fetch once.
    async fn cached(&self, arn: &str, now: Timestamp) -> Option<T> {
        let mut cache = self.cache.lock().await;
        if cache.as_ref().is_none_or(|cached| cached.is_due(now)) {
            match (self.fetch(arn).await, cache.as_mut()) {
                (Some(setting), _) => *cache = Some(Cached { setting, fetched_at: now, failed_at: None }),
                (None, Some(stale)) => stale.failed_at = Some(now),
                (None, None) => {}
            }
        }
        let usable = cache.as_ref().filter(|cached| now.since(cached.fetched_at) < USABLE);
        usable.map(|cached| cached.setting.clone())
    }

    async fn fetch(&self, arn: &str) -> Option<T> {
        let secret = self.fetch.fetch(arn).await?;
        let parsed = secret.expose().parse();
        // The error quotes nothing of the secret.
        parsed.inspect_err(|cause| tracing::error!(event = event::ERROR_OCCURRED, arn, %cause, "a fetched secret is not usable")).ok()
    }
}

impl<T> Cached<T> {
    fn is_due(&self, now: Timestamp) -> bool {
        let paused = self.failed_at.is_some_and(|failed| now.since(failed) < PAUSE_AFTER_FAILURE);
        let age = now.since(self.fetched_at);
        age >= USABLE || (age >= FRESH && !paused)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

    use revops_core::secret::Secret;

    use super::*;

    #[derive(Default)]
    struct Vault {
        closed: AtomicBool,
        asked: AtomicU32,
    }

    impl FetchSecret for &Vault {
        async fn fetch(&self, _arn: &str) -> Option<Secret> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            (!self.closed.load(Ordering::SeqCst)).then(|| Secret::new("7".into()))
        }
    }

    impl Vault {
        fn secret(&self) -> CachedSecret<u8, &Self> {
            CachedSecret::new(SecretSource::Arn("arn".into()), self)
        }

        fn asked(&self) -> u32 {
            self.asked.load(Ordering::SeqCst)
        }
    }

    fn after(seconds: u64) -> Timestamp {
        Timestamp::from_unix_ms(0).plus(Duration::from_secs(seconds))
    }

    #[tokio::test]
    async fn a_fetched_secret_is_kept_five_minutes_and_used_stale_for_up_to_an_hour() {
        let vault = Vault::default();
        let secret = vault.secret();
        assert_eq!((secret.get(after(0)).await, secret.get(after(299)).await), (Some(7), Some(7)));
        assert_eq!(vault.asked(), 1);
        assert_eq!(secret.get(after(300)).await, Some(7));
        assert_eq!(vault.asked(), 2);
        vault.closed.store(true, Ordering::SeqCst);
        assert_eq!(secret.get(after(300 + 3_599)).await, Some(7));
        assert_eq!(secret.get(after(300 + 3_600)).await, None);
    }

    #[tokio::test]
    async fn while_a_stale_secret_serves_a_failed_fetch_is_repeated_every_thirty_seconds_only() {
        let vault = Vault::default();
        let secret = vault.secret();
        secret.get(after(0)).await;
        vault.closed.store(true, Ordering::SeqCst);
        for second in 300..360 {
            assert_eq!(secret.get(after(second)).await, Some(7));
        }
        assert_eq!(vault.asked(), 1 + 2);
    }

    #[tokio::test]
    async fn without_a_first_fetch_there_is_none_and_each_call_tries_again() {
        let vault = Vault::default();
        vault.closed.store(true, Ordering::SeqCst);
        let secret = vault.secret();
        assert_eq!(secret.get(after(0)).await, None);
        vault.closed.store(false, Ordering::SeqCst);
        assert_eq!(secret.get(after(1)).await, Some(7));
    }
}
