//! The record store's ports: reading, create-only writing, compare-and-swap, exports. Run by the double in
//! memory and by the S3 adapter over whatever speaks S3.

mod memory;
mod s3;

use std::future::Future;
use std::time::Duration;

use futures_util::future::join_all;
use revops_core::ports::{
    CreateRecords, Created, Etag, PutExports, ReadRecords, RemoveRecords, ReplaceRecords, Replaced,
    StoreError, Stored,
};

use super::harness::cases;
use super::harness::check::{equal, holds, present, refused};
use super::{Case, Failure, Suite, Verdict};

pub use memory::Memory;
pub use s3::S3;

/// The suite's name.
pub const NAME: &str = "records_port";

/// How many race for one key.
const RACERS: u8 = 20;

/// All ports of a record store.
pub trait Records: ReadRecords + CreateRecords + ReplaceRecords + PutExports + RemoveRecords {}

impl<R: ReadRecords + CreateRecords + ReplaceRecords + PutExports + RemoveRecords> Records for R {}

/// A kind of record store.
pub trait RecordStores: Clone + Send + Sync + 'static {
    /// The store.
    type Store: Records;

    /// A store with nothing in it.
    fn empty(&self) -> impl Future<Output = Result<Self::Store, Failure>> + Send;

    /// A store that cannot be reached.
    fn out_of_reach(&self) -> Self::Store;

    /// A store whose bucket does not exist.
    fn without_bucket(&self) -> Self::Store;
}

/// The suite for stores of kind `S`.
#[must_use]
pub fn suite<S: RecordStores>() -> Suite<S> {
    Suite::new(NAME, cases())
}

fn cases<S: RecordStores>() -> Vec<Case<S>> {
    cases![
        a_missing_record_is_none,
        a_created_record_is_read_back,
        a_second_creation_leaves_the_first,
        of_many_creators_exactly_one_is_told_that_it_was,
        a_replacement_of_the_version_read_is_done,
        a_replacement_of_an_older_version_is_lost,
        a_replacement_of_a_missing_record_is_lost,
        of_many_replacements_of_one_version_exactly_one_is_done,
        an_export_replaces_its_older_self,
        a_removed_record_is_missing_and_can_be_created_again,
        a_removal_of_a_missing_record_is_done,
        a_new_record_is_no_more_than_seconds_old,
        a_large_record_is_read_back,
        a_store_out_of_reach_is_unavailable,
        a_missing_bucket_is_for_a_person_to_mend,
    ]
}

async fn stored(store: &impl ReadRecords, key: &str) -> Result<Stored, Failure> {
    present(key, store.get(key).await?)
}

async fn a_missing_record_is_none<S: RecordStores>(stores: S) -> Verdict {
    equal("the record", stores.empty().await?.get("conversations/0/query.json").await?, None)
}

async fn a_created_record_is_read_back<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    let body = "{\"query\":\"Grüße ☃\"}".as_bytes().to_vec();
    equal("the creation", store.create("conversations/0/query.json", body.clone()).await?, Created::New)?;
    equal("the body", stored(&store, "conversations/0/query.json").await?.body, body)?;
    equal("its neighbour", store.get("conversations/0/query").await?, None)
}

async fn a_second_creation_leaves_the_first<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    equal("the first", store.create("k", b"first".to_vec()).await?, Created::New)?;
    let before = stored(&store, "k").await?;
    equal("the second", store.create("k", b"second".to_vec()).await?, Created::Existed)?;
    // The same bytes again are no creation either.
    equal("the third", store.create("k", b"first".to_vec()).await?, Created::Existed)?;
    let after = stored(&store, "k").await?;
    equal("the record", (after.body, after.etag), (before.body, before.etag))
}

async fn of_many_creators_exactly_one_is_told_that_it_was<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    let races = join_all((0..RACERS).map(|number| store.create("lease.json", vec![number]))).await;
    let created = races.into_iter().collect::<Result<Vec<_>, _>>()?;
    let winners: Vec<u8> =
        (0..RACERS).zip(created).filter(|(_, created)| *created == Created::New).map(|race| race.0).collect();
    equal("the number of winners", winners.len(), 1)?;
    equal("the record", stored(&store, "lease.json").await?.body, winners)
}

async fn a_replacement_of_the_version_read_is_done<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    let _ = store.create("lease.json", b"first".to_vec()).await?;
    let before = stored(&store, "lease.json").await?;
    let replaced = store.replace("lease.json", b"second".to_vec(), &before.etag).await?;
    equal("the replacement", replaced, Replaced::Done)?;
    let after = stored(&store, "lease.json").await?;
    equal("the body", after.body, b"second")?;
    holds(after.etag != before.etag, || "the version has not changed".to_owned())
}

async fn a_replacement_of_an_older_version_is_lost<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    let _ = store.create("lease.json", b"first".to_vec()).await?;
    let outdated = stored(&store, "lease.json").await?.etag;
    store.put("lease.json", b"second".to_vec()).await?;
    let replaced = store.replace("lease.json", b"third".to_vec(), &outdated).await?;
    equal("the replacement", replaced, Replaced::Lost)?;
    equal("the body", stored(&store, "lease.json").await?.body, b"second")
}

async fn a_replacement_of_a_missing_record_is_lost<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    let _ = store.create("other", b"x".to_vec()).await?;
    let Etag(etag) = stored(&store, "other").await?.etag;
    let replaced = store.replace("lease.json", b"x".to_vec(), &Etag(etag)).await?;
    equal("the replacement", replaced, Replaced::Lost)?;
    equal("the record", store.get("lease.json").await?, None)
}

async fn of_many_replacements_of_one_version_exactly_one_is_done<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    let _ = store.create("lease.json", b"before".to_vec()).await?;
    let etag = stored(&store, "lease.json").await?.etag;
    let races = join_all((0..RACERS).map(|number| store.replace("lease.json", vec![number], &etag))).await;
    let replaced = races.into_iter().collect::<Result<Vec<_>, _>>()?;
    equal("the winners", replaced.iter().filter(|replaced| **replaced == Replaced::Done).count(), 1)
}

async fn an_export_replaces_its_older_self<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    store.put("conversation-history/a/summary.json", b"first".to_vec()).await?;
    store.put("conversation-history/a/summary.json", b"second".to_vec()).await?;
    equal("the body", stored(&store, "conversation-history/a/summary.json").await?.body, b"second")
}

async fn a_removed_record_is_missing_and_can_be_created_again<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    let _ = store.create("destinations/general.json", b"x".to_vec()).await?;
    let _ = store.create("destinations/general", b"y".to_vec()).await?;
    store.remove("destinations/general.json").await?;
    equal("the record", store.get("destinations/general.json").await?, None)?;
    equal("its neighbour", stored(&store, "destinations/general").await?.body, b"y")?;
    equal("a creation", store.create("destinations/general.json", b"z".to_vec()).await?, Created::New)
}

async fn a_removal_of_a_missing_record_is_done<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    store.remove("destinations/general.json").await?;
    equal("the record", store.get("destinations/general.json").await?, None)
}

async fn a_new_record_is_no_more_than_seconds_old<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    let _ = store.create("lease.json", b"x".to_vec()).await?;
    let age = stored(&store, "lease.json").await?.age;
    holds(age <= Duration::from_secs(10), || format!("the record is {age:?} old"))
}

/// The largest record: an answer of 1 MiB, escaped.
async fn a_large_record_is_read_back<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.empty().await?;
    let body: Vec<u8> = (0..=250_u8).cycle().take(2 * 1024 * 1024).collect();
    equal("the creation", store.create("answer.json", body.clone()).await?, Created::New)?;
    holds(stored(&store, "answer.json").await?.body == body, || "the body differs".to_owned())
}

async fn a_store_out_of_reach_is_unavailable<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.out_of_reach();
    for error in [
        refused("the read", store.get("k").await)?,
        refused("the creation", store.create("k", Vec::new()).await)?,
        refused("the replacement", store.replace("k", Vec::new(), &Etag("\"1\"".to_owned())).await)?,
        refused("the export", store.put("k", Vec::new()).await)?,
        refused("the removal", store.remove("k").await)?,
    ] {
        holds(matches!(error, StoreError::Unavailable(_)), || format!("{error:?}"))?;
    }
    Ok(())
}

async fn a_missing_bucket_is_for_a_person_to_mend<S: RecordStores>(stores: S) -> Verdict {
    let store = stores.without_bucket();
    for error in [
        refused("the read", store.get("k").await)?,
        refused("the creation", store.create("k", Vec::new()).await)?,
        refused("the replacement", store.replace("k", Vec::new(), &Etag("\"1\"".to_owned())).await)?,
        refused("the export", store.put("k", Vec::new()).await)?,
        refused("the removal", store.remove("k").await)?,
    ] {
        holds(matches!(error, StoreError::Refused(_)), || format!("{error:?}"))?;
    }
    Ok(())
}
