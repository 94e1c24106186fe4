//! What there is of a conversation.

use revops_aws::{Clients, S3Records};
use revops_core::TrackingId;
use revops_core::export::folder;
use revops_core::ports::{ReadRecords as _, StoreError};
use revops_core::records::keys;
use revops_core::telemetry::with_causes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::CtlError;
use crate::sdk_clients;

/// Everything in the bucket that belongs to one conversation, except its tombstone.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The ledger's entry first, since only the query knows of it; then the query, without which no function works on
    /// the conversation any more; then the rest, which a repetition finds by listing.
    pub(super) keys: Vec<String>,
    /// Records that should have told of the ledger's entry, and are not JSON of their kind.
    pub(super) unreadable: Vec<String>,
    /// Whether the bucket keeps older versions of what is deleted; none where it does not say.
    pub(super) versioned: Option<bool>,
}

/// All that a deletion reads of the query: one that a newer version wrote is deleted too.
#[derive(Deserialize)]
struct Accepted {
    ledger: Option<String>,
}

/// All that a deletion reads of the ledger's entry.
#[derive(Deserialize)]
struct Bound {
    tracking_id: TrackingId,
}

impl Found {
    /// Lists it.
    pub(super) async fn of(clients: &Clients, bucket: &str, id: TrackingId) -> Result<Self, CtlError> {
        let store = S3Records::new(clients.clone(), bucket.to_owned());
        let mut found = Self { versioned: versioned(clients, bucket).await, ..Self::default() };
        let ledger = found.ledger(&store, id).await?;
        found.keys.extend(ledger);
        for prefix in [format!("conversations/{id}/"), folder(id)] {
            found.keys.extend(listed(clients, bucket, &prefix).await?);
        }
        found.keys.retain(|key| key != keys::deleted(id).path());
        let query_key = keys::query(id);
        found.keys.sort_by_key(|key| (!key.starts_with("idempotency/"), key != query_key.path()));
        Ok(found)
    }

    /// The key of the ledger's entry, if it is still this conversation's: an idempotency key can be used again later.
    async fn ledger(&mut self, store: &S3Records, id: TrackingId) -> Result<Option<String>, CtlError> {
        let accepted = self.said::<Accepted>(store, keys::query(id).path()).await?;
        let Some(digest) = accepted.and_then(|accepted| accepted.ledger) else { return Ok(None) };
        let key = keys::idempotency(&digest);
        let bound = self.said::<Bound>(store, key.path()).await?;
        Ok(bound.filter(|bound| bound.tracking_id == id).map(|_| key.path().to_owned()))
    }

    /// What the record at `key` says. One that cannot be understood is remembered, and stops no deletion.
    async fn said<T: DeserializeOwned>(
        &mut self,
        store: &S3Records,
        key: &str,
    ) -> Result<Option<T>, CtlError> {
        let Some(stored) = store.get(key).await.map_err(unreadable)? else { return Ok(None) };
        let said = serde_json::from_slice(&stored.body).ok();
        if said.is_none() {
            self.unreadable.push(key.to_owned());
        }
        Ok(said)
    }

    /// Whether a function may be working on it: no run has ended, or one has begun and has not ended. By the keys
    /// alone, since nothing must keep a deletion from being judged.
    pub(super) fn is_under_way(&self) -> bool {
        let outcomes: Vec<&str> = self.runs("/outcomes/").collect();
        let accepted = self.keys.iter().any(|key| key.ends_with("/query.json"));
        let begun = self.runs("/attempts/").any(|run| !outcomes.contains(&run));
        accepted && (outcomes.is_empty() || begun)
    }

    /// The runs, such as `002`, of the records in `folder`.
    fn runs<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        self.keys.iter().filter_map(move |key| key.split_once(folder)?.1.split('-').next())
    }
}

async fn listed(clients: &Clients, bucket: &str, prefix: &str) -> Result<Vec<String>, CtlError> {
    let s3 = sdk_clients::s3(clients);
    let (mut keys, mut token) = (Vec::new(), None);
    loop {
        let request = s3.list_objects_v2().bucket(bucket).prefix(prefix).set_continuation_token(token);
        let page = request.send().await.map_err(|cause| {
            let causes = with_causes(&cause);
            CtlError::Failed(format!("S3 did not list {prefix}: {causes}; are region and credentials set?"))
        })?;
        keys.extend(page.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        token = page.next_continuation_token().map(str::to_owned);
        if token.is_none() {
            return Ok(keys);
        }
    }
}

/// A suspended versioning keeps what was kept before.
async fn versioned(clients: &Clients, bucket: &str) -> Option<bool> {
    let told = sdk_clients::s3(clients).get_bucket_versioning().bucket(bucket).send().await.ok()?;
    Some(told.status().is_some())
}

fn unreadable(cause: StoreError) -> CtlError {
    let causes = with_causes(&cause);
    CtlError::Failed(format!(
        "a record could not be read: {causes}; are region, credentials and the bucket right?"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_under_way(records: &[&str]) -> bool {
        let keys = records.iter().map(|record| format!("conversations/1/{record}.json")).collect();
        Found { keys, ..Found::default() }.is_under_way()
    }

    #[test]
    fn a_conversation_is_under_way_until_every_run_that_began_has_ended() {
        assert!(is_under_way(&["query", "lease"]));
        assert!(is_under_way(&["query", "delivery", "attempts/001-001"]));
        assert!(!is_under_way(&["query", "attempts/001-001", "outcomes/001-failed"]));
        assert!(is_under_way(&[
            "query",
            "attempts/001-001",
            "outcomes/001-failed",
            "attempts/002-001-claim"
        ]));
        assert!(!is_under_way(&[
            "query",
            "outcomes/001-failed",
            "attempts/002-001",
            "outcomes/002-delivered"
        ]));
    }

    #[test]
    fn what_an_interrupted_deletion_left_is_not_under_way() {
        assert!(!is_under_way(&["lease", "attempts/001-001"]));
    }
}
