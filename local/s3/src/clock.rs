//! The store's clock: the only place of this crate that asks the system for the time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Wall clock that can also hand out instants that never repeat.
#[derive(Default)]
pub(crate) struct Clock {
    last_ns: AtomicU64,
}

impl Clock {
    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "this is the clock adapter")]
    pub(crate) fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// The time now, or one nanosecond after the last answer if that is later: the identity of a
    /// written object (see `store::sidecar`).
    pub(crate) fn unique(&self) -> SystemTime {
        let now = nanoseconds(self.now());
        let last = self.last_ns.fetch_max(now, Ordering::Relaxed);
        let unique = if last < now { now } else { self.last_ns.fetch_add(1, Ordering::Relaxed) + 1 };
        UNIX_EPOCH + Duration::from_nanos(unique)
    }
}

/// Nanoseconds since 1970; 0 for a time before, and the maximum for one after the year 2554.
pub(crate) fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_unique_instant_is_never_given_twice() {
        let clock = Clock::default();
        let given: Vec<Vec<SystemTime>> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..4).map(|_| scope.spawn(|| (0..2000).map(|_| clock.unique()).collect())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let all: HashSet<SystemTime> = given.iter().flatten().copied().collect();
        assert_eq!(all.len(), 8000);
    }
}
