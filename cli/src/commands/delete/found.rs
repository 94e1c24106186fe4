//! What there is of a conversation.

use revops_aws::{Clients, S3Records};
use revops_core::TrackingId;
use revops_core::export::folder;
use revops_core::records::{QueryRecord, RecordError, keys, read};
use revops_core::telemetry::with_causes;

use crate::error::CtlError;

/// Everything in the bucket that belongs to one conversation.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The ledger's entry first, since only the query knows of it; then the query, without which no function works on
    /// the conversation any more; then the rest, which a repetition finds by listing.
    pub(super) keys: Vec<String>,
    /// Whether the bucket keeps older versions of what is deleted; none where it does not say.
    pub(super) versioned: Option<bool>,
}

impl Found {
    /// Lists it.
    pub(super) async fn of(clients: &Clients, bucket: &str, id: TrackingId) -> Result<Self, CtlError> {
        let store = S3Records::new(clients.clone(), bucket.to_owned());
        let query_key = keys::query(id);
        let query = read(&store, &query_key).await.map_err(unreadable)?;
        let mut found = Self { versioned: versioned(clients, bucket).await, ..Self::default() };
        found.keys.extend(ledger(&store, id, query.as_ref()).await?);
        found.keys.extend(query.map(|_| query_key.path().to_owned()));
        for prefix in [folder(id), format!("conversations/{id}/")] {
            let listed = listed(clients, bucket, &prefix).await?;
            found.keys.extend(listed.into_iter().filter(|key| key != query_key.path()));
        }
        Ok(found)
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

/// The key of the ledger's entry, if it is still this conversation's: an idempotency key can be used again later.
async fn ledger(
    store: &S3Records,
    id: TrackingId,
    query: Option<&QueryRecord>,
) -> Result<Option<String>, CtlError> {
    let Some(digest) = query.and_then(|query| query.ledger.as_deref()) else { return Ok(None) };
    let key = keys::idempotency(digest);
    let entry = read(store, &key).await.map_err(unreadable)?;
    Ok(entry.filter(|entry| entry.tracking_id == id).map(|_| key.path().to_owned()))
}

async fn listed(clients: &Clients, bucket: &str, prefix: &str) -> Result<Vec<String>, CtlError> {
    let (mut keys, mut token) = (Vec::new(), None);
    loop {
        let request =
            clients.s3().list_objects_v2().bucket(bucket).prefix(prefix).set_continuation_token(token);
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
    let told = clients.s3().get_bucket_versioning().bucket(bucket).send().await.ok()?;
    Some(told.status().is_some())
}

fn unreadable(cause: RecordError) -> CtlError {
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
        Found { keys, versioned: None }.is_under_way()
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
