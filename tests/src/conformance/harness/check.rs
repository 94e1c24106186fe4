//! Claims within a case. They fail the case instead of panicking, so that the others go on.

use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Failure, Verdict};

/// How long a case waits for something that is bound to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(6);
/// Between two looks at a service.
const PAUSE: Duration = Duration::from_millis(60);

/// `what` is `expected`.
pub(crate) fn equal<A, E>(what: &str, actual: A, expected: E) -> Verdict
where
    A: PartialEq<E> + Debug,
    E: Debug,
{
    holds(actual == expected, || format!("{what} is {actual:?}, expected {expected:?}"))
}

/// The claim holds.
pub(crate) fn holds(claim: bool, otherwise: impl FnOnce() -> String) -> Verdict {
    if claim { Ok(()) } else { Err(Failure::new(otherwise())) }
}

/// `what` is there.
pub(crate) fn present<T>(what: &str, value: Option<T>) -> Result<T, Failure> {
    value.ok_or_else(|| Failure::new(format!("{what} is missing")))
}

/// The call is refused; the error.
pub(crate) fn refused<T: Debug, E>(what: &str, answer: Result<T, E>) -> Result<E, Failure> {
    match answer {
        Ok(answer) => Err(Failure::new(format!("{what} was not refused: {answer:?}"))),
        Err(error) => Ok(error),
    }
}

/// Looks again and again until there is something, or patience ends.
pub(crate) async fn eventually<T, F, L>(what: &str, mut look: L) -> Result<T, Failure>
where
    L: FnMut() -> F,
    F: Future<Output = Result<Option<T>, Failure>>,
{
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if Instant::now() >= deadline {
            return Err(Failure::new(format!("{what}: not within {} s", PATIENCE.as_secs())));
        }
        sleep(PAUSE).await;
    }
}
