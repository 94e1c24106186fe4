//! ListObjectsV2, asked by the AWS SDK.

use crate::support::{BUCKET, Served, put, refusal, served};

#[tokio::test]
async fn pages_follow_each_other_in_byte_order() {
    let Served { client, folder: _folder, .. } = served().await;
    let mut keys: Vec<String> = (0..25).map(|n| format!("conversations/{n:02}/query.json")).collect();
    keys.extend(["conversations.txt", "é", "z", "conversations/é"].map(str::to_owned));
    for key in &keys {
        put(&client, key, "x").await;
    }
    keys.sort();
    let mut pages = client.list_objects_v2().bucket(BUCKET).into_paginator().page_size(7).send();
    let mut listed = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.key_count().unwrap() <= 7);
        listed.extend(page.contents().iter().map(|object| object.key().unwrap().to_owned()));
    }
    assert_eq!(listed, keys);
}

#[tokio::test]
async fn prefix_delimiter_and_start_after_narrow_a_listing() {
    let Served { client, folder: _folder, .. } = served().await;
    for key in ["a/1/x", "a/1/y", "a/2/x", "a/file", "b"] {
        put(&client, key, "text").await;
    }
    let list = || client.list_objects_v2().bucket(BUCKET);
    let folder = list().prefix("a/").delimiter("/").send().await.unwrap();
    let prefixes: Vec<_> = folder.common_prefixes().iter().filter_map(|p| p.prefix()).collect();
    assert_eq!(prefixes, ["a/1/", "a/2/"]);
    assert_eq!(folder.contents().len(), 1);
    let file = &folder.contents()[0];
    assert_eq!((file.key(), file.size()), (Some("a/file"), Some(4)));
    assert_eq!(file.e_tag(), Some("\"1cb251ec0d568de6a929b520c4aed8d1\""));
    assert!(file.last_modified().is_some());

    let rest = list().start_after("a/1/y").send().await.unwrap();
    let keys: Vec<_> = rest.contents().iter().filter_map(|object| object.key()).collect();
    assert_eq!(keys, ["a/2/x", "a/file", "b"]);
    let none = list().prefix("none").send().await.unwrap();
    assert_eq!((none.key_count(), none.is_truncated()), (Some(0), Some(false)));
    let nothing = list().max_keys(0).send().await.unwrap();
    assert_eq!((nothing.key_count(), nothing.is_truncated()), (Some(0), Some(false)));
}

#[tokio::test]
async fn keys_are_url_encoded_when_asked() {
    use aws_sdk_s3::types::EncodingType;
    let Served { client, folder: _folder, .. } = served().await;
    put(&client, "a b/+\u{1}", "x").await;
    let listed = client.list_objects_v2().bucket(BUCKET).encoding_type(EncodingType::Url);
    let listed = listed.send().await.unwrap();
    assert_eq!(listed.contents()[0].key(), Some("a%20b/%2B%01"));
}

#[tokio::test]
async fn a_foreign_token_and_a_missing_bucket_are_refused() {
    let Served { client, folder: _folder, .. } = served().await;
    let listed = client.list_objects_v2().bucket(BUCKET).continuation_token("zzz").send().await;
    assert_eq!(refusal(listed), (400, "InvalidArgument".to_owned()));
    let listed = client.list_objects_v2().bucket("none").send().await;
    assert_eq!(refusal(listed), (404, "NoSuchBucket".to_owned()));
}
