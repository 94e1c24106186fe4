//! Objects as such: content, ETag, metadata, keys, deletion.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;

use super::fixture::{TestBucket, refused_with};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, holds, present};
use crate::conformance::{Case, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        an_object_is_read_as_it_was_written,
        an_object_of_two_mebibytes_is_read_as_it_was_written,
        an_empty_object_is_an_object,
        the_etag_of_a_single_write_is_the_md5_of_its_content,
        an_overwrite_changes_content_and_etag,
        content_type_and_user_metadata_come_back,
        an_overwrite_leaves_no_metadata_behind,
        keys_may_have_any_characters,
        a_deleted_object_is_gone,
        deleting_a_missing_object_succeeds,
        several_objects_are_deleted_at_once,
        content_that_does_not_match_its_checksum_is_refused,
    ]
}

async fn an_object_is_read_as_it_was_written(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let text = "{\"query\":\"Grüße ☃ 🚀\"}\r\n\u{0}";
    let etag = bucket.store("conversations/0/query.json", text).await?;
    let object = bucket.get("conversations/0/query.json").send().await?;
    equal("the ETag", object.e_tag(), Some(etag.as_str()))?;
    bucket.holds("conversations/0/query.json", text).await
}

async fn an_object_of_two_mebibytes_is_read_as_it_was_written(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    // A period that no block size divides: a swapped or repeated block shows.
    let bytes: Vec<u8> = (0..=250_u8).cycle().take(2 * 1024 * 1024).collect();
    let body = ByteStream::from(bytes.clone());
    client.put_object().bucket(&bucket.name).key("large").body(body).send().await?;
    let object = bucket.get("large").send().await?;
    equal("the length", object.content_length(), Some(2 * 1024 * 1024))?;
    let read = object.body.collect().await?.into_bytes();
    holds(read == bytes, || "the content differs".to_owned())
}

async fn an_empty_object_is_an_object(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    bucket.store("empty", "").await?;
    equal("the length", bucket.get("empty").send().await?.content_length(), Some(0))
}

/// So S3 documents it for objects that are not encrypted with a key of one's own.
async fn the_etag_of_a_single_write_is_the_md5_of_its_content(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let etag = bucket.store("k", "first").await?;
    equal("the ETag", etag.as_str(), "\"8b04d5e3775d298e78455efc5ca404d5\"")
}

async fn an_overwrite_changes_content_and_etag(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let before = bucket.store("k", "first").await?;
    let after = bucket.store("k", "second").await?;
    holds(before != after, || format!("both ETags are {after}"))?;
    let object = bucket.get("k").send().await?;
    equal("the ETag", object.e_tag(), Some(after.as_str()))?;
    bucket.holds("k", "second").await
}

async fn content_type_and_user_metadata_come_back(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let request = bucket.put("k", "x").content_type("application/json");
    request.metadata("tracking-id", "0198a0a0").metadata("run", "2").send().await?;
    let object = bucket.get("k").send().await?;
    equal("the type", object.content_type(), Some("application/json"))?;
    let metadata = present("the metadata", object.metadata())?;
    let value = |name: &str| metadata.get(name).map(String::as_str);
    equal("the metadata", (value("tracking-id"), value("run")), (Some("0198a0a0"), Some("2")))
}

async fn an_overwrite_leaves_no_metadata_behind(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    bucket.put("k", "first").content_type("application/json").metadata("run", "1").send().await?;
    bucket.put("k", "second").content_type("text/plain").send().await?;
    let object = bucket.get("k").send().await?;
    equal("the type", object.content_type(), Some("text/plain"))?;
    equal("the metadata", object.metadata().and_then(|metadata| metadata.get("run")), None)
}

async fn keys_may_have_any_characters(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    for key in ["Angebote/für IXIS ☃.json", "a+b/c d%20e/f&g=h?i#j", "~!*'();:@$,", "dt=2026-11-21/.hidden"]
    {
        bucket.store(key, key).await?;
        bucket.holds(key, key).await?;
        let listed = client.list_objects_v2().bucket(&bucket.name).prefix(key).send().await?;
        equal("the listed key", listed.contents().first().and_then(|object| object.key()), Some(key))?;
    }
    Ok(())
}

async fn a_deleted_object_is_gone(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    bucket.store("k", "x").await?;
    bucket.delete("k").await?;
    refused_with("the read", bucket.get("k").send().await, (404, "NoSuchKey"))
}

async fn deleting_a_missing_object_succeeds(client: Client) -> Verdict {
    TestBucket::create(&client).await?.delete("none").await
}

async fn several_objects_are_deleted_at_once(client: Client) -> Verdict {
    use aws_sdk_s3::types::{Delete, ObjectIdentifier};
    let bucket = TestBucket::create(&client).await?;
    for key in ["a", "b", "kept"] {
        bucket.store(key, "x").await?;
    }
    let objects = ["a", "b", "none"].map(|key| ObjectIdentifier::builder().key(key).build());
    let objects = objects.into_iter().collect::<Result<Vec<_>, _>>()?;
    let delete = Delete::builder().set_objects(Some(objects)).build()?;
    let deleted = client.delete_objects().bucket(&bucket.name).delete(delete).send().await?;
    equal("the number deleted", (deleted.deleted().len(), deleted.errors().len()), (3, 0))?;
    let left = client.list_objects_v2().bucket(&bucket.name).send().await?;
    let left: Vec<_> = left.contents().iter().filter_map(|object| object.key()).collect();
    equal("the keys left", left, ["kept"])
}

async fn content_that_does_not_match_its_checksum_is_refused(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    // The MD5 of another text.
    let written = bucket.put("k", "first").content_md5("qfDmGhN9hqqdtTRl4IAWEg==").send().await;
    refused_with("the write", written, (400, "BadDigest"))?;
    refused_with("the read", bucket.get("k").send().await, (404, "NoSuchKey"))
}
