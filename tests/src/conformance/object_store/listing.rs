//! ListObjectsV2: what reconciling and operators walk the records with.

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;

use super::fixture::{TestBucket, refused_with};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, holds, present};
use crate::conformance::{Case, Failure, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_prefix_narrows_a_listing,
        pages_follow_each_other_in_byte_order,
        a_delimiter_groups_what_lies_below_it,
        a_listing_starts_after_the_key_given,
        a_listed_object_bears_size_etag_and_time,
        an_empty_listing_is_no_error,
        listing_a_missing_bucket_is_refused,
    ]
}

async fn filled(client: &Client, keys: &[&str]) -> Result<TestBucket, Failure> {
    let bucket = TestBucket::create(client).await?;
    for key in keys {
        bucket.store(key, "text").await?;
    }
    Ok(bucket)
}

fn keys(page: &ListObjectsV2Output) -> Vec<&str> {
    page.contents().iter().filter_map(|object| object.key()).collect()
}

async fn a_prefix_narrows_a_listing(client: Client) -> Verdict {
    let bucket = filled(&client, &["a/1", "a/2", "ab", "b/1"]).await?;
    let listed = client.list_objects_v2().bucket(&bucket.name).prefix("a/").send().await?;
    equal("the keys", keys(&listed), ["a/1", "a/2"])?;
    equal("the count", (listed.key_count(), listed.is_truncated()), (Some(2), Some(false)))
}

async fn pages_follow_each_other_in_byte_order(client: Client) -> Verdict {
    let mut expected = ["k/10", "k/9", "k.txt", "k/ä", "K", "k/z", "ö"];
    let bucket = filled(&client, &expected).await?;
    expected.sort_unstable();
    let mut listed: Vec<String> = Vec::new();
    let mut token = None;
    loop {
        let request = client.list_objects_v2().bucket(&bucket.name).max_keys(3);
        let page = request.set_continuation_token(token).send().await?;
        holds(page.contents().len() <= 3, || format!("a page of {}", page.contents().len()))?;
        listed.extend(keys(&page).into_iter().map(str::to_owned));
        if page.is_truncated() != Some(true) {
            break;
        }
        token = Some(present("the token", page.next_continuation_token)?);
    }
    equal("the keys", listed, expected)
}

async fn a_delimiter_groups_what_lies_below_it(client: Client) -> Verdict {
    let bucket = filled(&client, &["a/1/x", "a/1/y", "a/2/x", "a/file", "b"]).await?;
    let request = client.list_objects_v2().bucket(&bucket.name).prefix("a/").delimiter("/");
    let listed = request.send().await?;
    let groups: Vec<_> = listed.common_prefixes().iter().filter_map(|group| group.prefix()).collect();
    equal("the groups", groups, ["a/1/", "a/2/"])?;
    equal("the keys", keys(&listed), ["a/file"])
}

async fn a_listing_starts_after_the_key_given(client: Client) -> Verdict {
    let bucket = filled(&client, &["a", "b", "c"]).await?;
    let listed = client.list_objects_v2().bucket(&bucket.name).start_after("a").send().await?;
    equal("the keys", keys(&listed), ["b", "c"])
}

async fn a_listed_object_bears_size_etag_and_time(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let etag = bucket.store("k", "text").await?;
    let listed = client.list_objects_v2().bucket(&bucket.name).send().await?;
    let object = present("the object", listed.contents().first())?;
    equal("size and ETag", (object.size(), object.e_tag()), (Some(4), Some(etag.as_str())))?;
    holds(object.last_modified().is_some_and(|time| time.secs() > 1_700_000_000), || format!("{object:?}"))
}

async fn an_empty_listing_is_no_error(client: Client) -> Verdict {
    let bucket = filled(&client, &["a"]).await?;
    let listed = client.list_objects_v2().bucket(&bucket.name).prefix("none/").send().await?;
    equal("the count", (listed.key_count(), listed.is_truncated()), (Some(0), Some(false)))
}

async fn listing_a_missing_bucket_is_refused(client: Client) -> Verdict {
    let bucket = format!("{}-gone", TestBucket::create(&client).await?.name);
    let listed = client.list_objects_v2().bucket(bucket).send().await;
    refused_with("the listing", listed, (404, "NoSuchBucket"))
}
