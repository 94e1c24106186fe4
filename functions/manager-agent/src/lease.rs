//! `lease.json`: one asks, the others are told so.

use std::time::Duration;

use revops_core::TrackingId;
use revops_core::ports::{CreateRecords, Created, ReadRecords, ReplaceRecords, Replaced, Stored};
use revops_core::records::{self, LeaseRecord, LeaseState, RecordError, keys};

/// A lease outlives the agent's deadline by this, so that its holder can record how it ended.
const GRACE: Duration = Duration::from_secs(10);

/// Takes the lease of `id` for a holder that bears `token` and asks for at most `deadline`, where nobody
/// took it before; `None` where somebody did.
///
/// # Errors
/// The store failed.
pub(crate) async fn take_first(
    store: &impl CreateRecords,
    id: TrackingId,
    token: &str,
    deadline: Duration,
) -> Result<Option<LeaseRecord>, RecordError> {
    let ours = held(1, token, deadline);
    let created = records::create(store, &keys::lease(id), &ours).await?;
    Ok((created == Created::New).then_some(ours))
}

/// Takes a lease that exists, if it is free; `None` while somebody else holds it, or was faster.
///
/// # Errors
/// The store failed.
pub(crate) async fn take_over<R: ReadRecords + CreateRecords + ReplaceRecords>(
    store: &R,
    id: TrackingId,
    token: &str,
    deadline: Duration,
) -> Result<Option<LeaseRecord>, RecordError> {
    let key = keys::lease(id);
    let Some((theirs, stored)) = records::read_with_etag(store, &key).await? else {
        return take_first(store, id, token, deadline).await;
    };
    if !is_free(&theirs, stored.age, token) {
        return Ok(None);
    }
    let ours = held(theirs.number.saturating_add(1), token, deadline);
    let replaced = records::replace(store, &key, &ours, &stored.etag).await?;
    Ok((replaced == Replaced::Done).then_some(ours))
}

fn held(number: u64, token: &str, deadline: Duration) -> LeaseRecord {
    LeaseRecord {
        v: records::VERSION,
        state: LeaseState::Held,
        token: token.to_owned(),
        lives_ms: u64::try_from((deadline + GRACE).as_millis()).unwrap_or(u64::MAX),
        number,
    }
}

/// Whether somebody who bears `token` may take a lease that was written `age` ago. Its own token means that
/// Lambda reported the end of the invocation that took it.
fn is_free(lease: &LeaseRecord, age: Duration, token: &str) -> bool {
    lease.state == LeaseState::Released
        || lease.token == token
        || age >= Duration::from_millis(lease.lives_ms)
}

/// Gives `ours` back, unless somebody took it over meanwhile.
///
/// # Errors
/// The store failed: the lease then ends by its own time.
pub(crate) async fn release<R: ReadRecords + ReplaceRecords>(
    store: &R,
    id: TrackingId,
    ours: LeaseRecord,
) -> Result<(), RecordError> {
    let key = keys::lease(id);
    if let Some((found, Stored { etag, .. })) = records::read_with_etag(store, &key).await?
        && found == ours
    {
        let number = ours.number.saturating_add(1);
        let released = LeaseRecord { state: LeaseState::Released, number, ..ours };
        // Lost to another means that it is no longer ours to give.
        let (Replaced::Done | Replaced::Lost) = records::replace(store, &key, &released, &etag).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease(state: LeaseState) -> LeaseRecord {
        LeaseRecord { v: 1, state, token: "holder".into(), lives_ms: 130_000, number: 1 }
    }

    #[test]
    fn a_held_lease_is_free_only_to_its_own_token_or_after_its_life() {
        let held = lease(LeaseState::Held);
        assert!(!is_free(&held, Duration::from_secs(129), "other"));
        assert!(is_free(&held, Duration::from_secs(130), "other"));
        assert!(is_free(&held, Duration::ZERO, "holder"));
    }

    #[test]
    fn a_released_lease_is_free_to_all() {
        assert!(is_free(&lease(LeaseState::Released), Duration::ZERO, "other"));
    }
}
