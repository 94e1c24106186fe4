//! Objects on disk: what is stored comes back, and the file is the object.

use std::fs;

use crate::support::{BUCKET, Served, client, get, put, refusal, serve, served};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, MetadataDirective, ObjectIdentifier};

#[tokio::test]
async fn the_file_is_the_plain_content() {
    let served = served().await;
    put(&served.client, "conversations/1/query.json", "{\"a\":1}").await;
    let file = served.object_file("conversations/1/query.json");
    assert_eq!(fs::read_to_string(file).unwrap(), "{\"a\":1}");
}

#[tokio::test]
async fn metadata_and_unicode_come_back() {
    let Served { client, folder: _folder, .. } = served().await;
    let key = "отчёт/naïve file+name=1%20(鍵).json";
    let put = client.put_object().bucket(BUCKET).key(key).body(ByteStream::from_static("ü".as_bytes()));
    put.content_type("application/json; charset=utf-8")
        .content_encoding("identity")
        .cache_control("no-store")
        .metadata("tracking-id", "0192-abc")
        .send()
        .await
        .unwrap();
    let object = client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
    assert_eq!(object.content_type(), Some("application/json; charset=utf-8"));
    assert_eq!(object.content_encoding(), Some("identity"));
    assert_eq!(object.cache_control(), Some("no-store"));
    assert_eq!(object.metadata().unwrap()["tracking-id"], "0192-abc");
    assert_eq!(object.content_length(), Some(2));
    assert_eq!(get(&client, key).await, "ü");
    let head = client.head_object().bucket(BUCKET).key(key).send().await.unwrap();
    assert_eq!(head.content_length(), Some(2));
    assert_eq!(head.metadata().unwrap()["tracking-id"], "0192-abc");
    assert_eq!(head.e_tag(), object_etag(&client, key).await.as_deref());
}

async fn object_etag(client: &aws_sdk_s3::Client, key: &str) -> Option<String> {
    client.get_object().bucket(BUCKET).key(key).send().await.unwrap().e_tag
}

#[tokio::test]
async fn a_checksum_comes_back_with_the_whole_object_and_not_with_a_part() {
    use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode};
    let Served { client, folder: _folder, .. } = served().await;
    for algorithm in [ChecksumAlgorithm::Crc32, ChecksumAlgorithm::Sha256, ChecksumAlgorithm::Crc64Nvme] {
        let put = client.put_object().bucket(BUCKET).key("k").body(ByteStream::from_static(b"0123456789"));
        put.checksum_algorithm(algorithm).send().await.unwrap();
        let read = || client.get_object().bucket(BUCKET).key("k").checksum_mode(ChecksumMode::Enabled);
        let whole = read().send().await.unwrap();
        let sums = [whole.checksum_crc32(), whole.checksum_sha256(), whole.checksum_crc64_nvme()];
        assert_eq!(sums.iter().flatten().count(), 1);
        // The SDK checks it while reading.
        assert_eq!(whole.body.collect().await.unwrap().to_vec(), b"0123456789");
        let part = read().range("bytes=2-4").send().await.unwrap();
        assert_eq!(part.checksum_crc32(), None);
        assert_eq!(part.body.collect().await.unwrap().to_vec(), b"234");
    }
}

#[tokio::test]
async fn a_streamed_upload_with_a_trailing_checksum_is_stored_unwrapped() {
    let served = served().await;
    let source = served.folder.path().join("upload");
    let content: Vec<u8> = (0..300_000u32).flat_map(u32::to_le_bytes).collect();
    fs::write(&source, &content).unwrap();
    // A body that is read from a file has its checksum in a trailer.
    let body = ByteStream::from_path(&source).await.unwrap();
    let sent = served.client.put_object().bucket(BUCKET).key("big").body(body).send().await.unwrap();
    assert!(sent.checksum_crc32().is_some());
    assert_eq!(fs::read(served.object_file("big")).unwrap(), content);
}

#[tokio::test]
async fn a_wrong_digest_is_refused_and_nothing_is_stored() {
    let Served { client, folder: _folder, .. } = served().await;
    let put = || client.put_object().bucket(BUCKET).key("k").body(ByteStream::from_static(b"hello"));
    let wrong = put().content_md5("AAAAAAAAAAAAAAAAAAAAAA==").send().await;
    assert_eq!(refusal(wrong), (400, "BadDigest".to_owned()));
    let wrong = put().checksum_crc32("AAAAAA==").send().await;
    assert_eq!(refusal(wrong), (400, "BadDigest".to_owned()));
    assert_eq!(refusal(put().content_md5("short").send().await), (400, "InvalidDigest".to_owned()));
    put().content_md5("XUFAKrxLKna5cZ2REBfFkg==").send().await.unwrap();
}

#[tokio::test]
async fn parts_of_an_object_can_be_read() {
    let Served { client, folder: _folder, .. } = served().await;
    put(&client, "k", "0123456789").await;
    for (range, text, header) in [
        ("bytes=0-0", "0", "bytes 0-0/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=5-99", "56789", "bytes 5-9/10"),
    ] {
        let part = client.get_object().bucket(BUCKET).key("k").range(range).send().await.unwrap();
        assert_eq!(part.content_range(), Some(header));
        assert_eq!(part.body.collect().await.unwrap().to_vec(), text.as_bytes());
    }
    let beyond = client.get_object().bucket(BUCKET).key("k").range("bytes=10-").send().await;
    assert_eq!(refusal(beyond), (416, "InvalidRange".to_owned()));
}

#[tokio::test]
async fn an_empty_object_is_an_object() {
    let Served { client, folder: _folder, .. } = served().await;
    assert_eq!(put(&client, "empty", "").await, "\"d41d8cd98f00b204e9800998ecf8427e\"");
    assert_eq!(get(&client, "empty").await, "");
}

#[tokio::test]
async fn an_object_is_copied_with_its_metadata_or_with_new_ones() {
    let Served { client, folder: _folder, .. } = served().await;
    let body = ByteStream::from_static(b"text");
    client.put_object().bucket(BUCKET).key("a").body(body).metadata("m", "1").send().await.unwrap();
    let copy = || client.copy_object().bucket(BUCKET).copy_source(format!("{BUCKET}/a"));
    copy().key("b").send().await.unwrap();
    let head = client.head_object().bucket(BUCKET).key("b").send().await.unwrap();
    assert_eq!(head.metadata().unwrap()["m"], "1");
    copy().key("c").metadata_directive(MetadataDirective::Replace).metadata("m", "2").send().await.unwrap();
    let head = client.head_object().bucket(BUCKET).key("c").send().await.unwrap();
    assert_eq!(head.metadata().unwrap()["m"], "2");
    let missing = client.copy_object().bucket(BUCKET).key("d").copy_source(format!("{BUCKET}/none"));
    assert_eq!(refusal(missing.send().await), (404, "NoSuchKey".to_owned()));
}

#[tokio::test]
async fn many_objects_are_deleted_at_once() {
    let Served { client, folder: _folder, .. } = served().await;
    put(&client, "a/1", "x").await;
    put(&client, "a/2", "x").await;
    let object = |key: &str| ObjectIdentifier::builder().key(key).build().unwrap();
    let objects = Delete::builder().objects(object("a/1")).objects(object("none")).build().unwrap();
    let deleted = client.delete_objects().bucket(BUCKET).delete(objects).send().await.unwrap();
    assert_eq!(deleted.deleted().len(), 2);
    assert!(deleted.errors().is_empty());
    assert_eq!(get(&client, "a/2").await, "x");
    assert_eq!(refusal(client.get_object().bucket(BUCKET).key("a/1").send().await).0, 404);
}

#[tokio::test]
async fn buckets_are_made_found_and_missed() {
    let Served { client, folder: _folder, .. } = served().await;
    client.create_bucket().bucket("another").send().await.unwrap();
    client.create_bucket().bucket("another").send().await.unwrap();
    let listed = client.list_buckets().send().await.unwrap();
    let names: Vec<_> = listed.buckets().iter().filter_map(|bucket| bucket.name()).collect();
    assert_eq!(names, ["another", BUCKET]);
    assert!(listed.buckets()[0].creation_date().is_some());
    client.head_bucket().bucket("another").send().await.unwrap();
    assert_eq!(refusal(client.head_bucket().bucket("none").send().await).0, 404);
    for key in ["k", "a/b"] {
        let put = client.put_object().bucket("none").key(key).send().await;
        assert_eq!(refusal(put), (404, "NoSuchBucket".to_owned()));
    }
}

#[tokio::test]
async fn reopening_keeps_objects_metadata_and_etags() {
    let Served { client: first, folder, .. } = served().await;
    let body = ByteStream::from_static(b"text");
    let put = first.put_object().bucket(BUCKET).key("a/b").body(body).metadata("m", "1");
    let etag = put.send().await.unwrap().e_tag.unwrap();
    let before = first.head_object().bucket(BUCKET).key("a/b").send().await.unwrap();
    let second = client(&serve(&folder.path().join("s3")).await);
    let after = second.head_object().bucket(BUCKET).key("a/b").send().await.unwrap();
    assert_eq!(after.e_tag(), Some(etag.as_str()));
    assert_eq!(after.last_modified(), before.last_modified());
    assert_eq!(after.metadata(), before.metadata());
    let swap = second.put_object().bucket(BUCKET).key("a/b").if_match(etag);
    swap.body(ByteStream::from_static(b"next")).send().await.unwrap();
}

#[tokio::test]
async fn an_object_above_the_limit_is_refused() {
    let Served { client, folder: _folder, .. } = served().await;
    let body = ByteStream::from(vec![0; local_s3::MAX_OBJECT_BYTES + 1]);
    let put = client.put_object().bucket(BUCKET).key("huge").body(body).send().await;
    assert_eq!(refusal(put), (400, "EntityTooLarge".to_owned()));
}
