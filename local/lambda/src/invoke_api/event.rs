//! Asynchronous invocations: accepted now, run in the background, tried again when they fail.

use crate::{
    Lambda,
    invocation::{Call, InvokeError},
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The waits before the second and third try. AWS waits one and two minutes; nobody at a terminal would.
const RETRY_DELAYS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];
/// The wait after a throttled try, which does not count as one of the three.
const THROTTLED_DELAY: Duration = Duration::from_secs(1);
/// How long an event is kept at most (Lambda Developer Guide: 6 hours).
const MAXIMUM_AGE: Duration = Duration::from_hours(6);

/// Runs an event to success, to its third failure, or to its maximum age. Its request id stays the same.
pub(super) async fn run(lambda: Lambda, function: String, call: Call) {
    let accepted = Instant::now();
    let mut delays = RETRY_DELAYS.into_iter();
    while accepted.elapsed() < MAXIMUM_AGE {
        let wait = match lambda.run(&function, call.clone()).await {
            Ok(end) if end.function_error.is_none() => return,
            Ok(_) => delays.next(),
            Err(InvokeError::Throttled) => Some(THROTTLED_DELAY),
            Err(_) => return,
        };
        let Some(wait) = wait else {
            return tracing::warn!(function, request_id = call.request_id, "an event failed three times");
        };
        sleep(wait).await;
    }
}
