//! The one place that asks the system for the time.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch, whenever it is asked.
pub(crate) type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The system's wall clock. Wall, not monotonic: visibility must survive a restart of the process.
#[expect(clippy::disallowed_methods, reason = "this is the clock adapter")]
pub(crate) fn system_clock() -> Clock {
    Arc::new(|| {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
    })
}
