//! Conditional requests as AWS answers them, asked by the AWS SDK.

use crate::support::{BUCKET, Served, get, precondition_failed, put, refusal, served};
use aws_sdk_s3::primitives::ByteStream;

#[tokio::test]
async fn a_create_only_write_succeeds_once() {
    let Served { client, folder: _folder, .. } = served().await;
    let create = || client.put_object().bucket(BUCKET).key("a/answer.json").if_none_match("*");
    let first = create().body(ByteStream::from_static(b"first")).send().await.unwrap();
    assert_eq!(first.e_tag(), Some("\"8b04d5e3775d298e78455efc5ca404d5\""));
    let second = create().body(ByteStream::from_static(b"second")).send().await;
    assert_eq!(refusal(second), precondition_failed());
    assert_eq!(get(&client, "a/answer.json").await, "first");
}

#[tokio::test]
async fn compare_and_swap_takes_the_current_etag_only() {
    let Served { client, folder: _folder, .. } = served().await;
    let swap = |etag: &str, text: &'static str| {
        let body = ByteStream::from_static(text.as_bytes());
        client.put_object().bucket(BUCKET).key("lease").if_match(etag).body(body).send()
    };
    assert_eq!(refusal(swap("\"abc\"", "x").await), (404, "NoSuchKey".to_owned()));
    let first = put(&client, "lease", "one").await;
    let second = swap(&first, "two").await.unwrap().e_tag().unwrap().to_owned();
    assert_eq!(refusal(swap(&first, "three").await), precondition_failed());
    swap(&second, "three").await.unwrap();
    assert_eq!(get(&client, "lease").await, "three");
}

#[tokio::test]
async fn a_create_only_write_with_an_etag_is_not_implemented() {
    let Served { client, folder: _folder, .. } = served().await;
    let put = client.put_object().bucket(BUCKET).key("k").if_none_match("\"abc\"").send().await;
    assert_eq!(refusal(put), (501, "NotImplemented".to_owned()));
}

/// Runs 40 writes at once and returns how many won; every loser must have got 412.
async fn winners<F>(write: impl Fn(usize) -> F) -> usize
where
    F: Future<Output = Result<(), (u16, String)>> + Send + 'static,
{
    let racers: Vec<_> = (0..40).map(|racer| tokio::spawn(write(racer))).collect();
    let mut won = 0;
    for racer in racers {
        match racer.await.unwrap() {
            Ok(()) => won += 1,
            Err(refused) => assert_eq!(refused, precondition_failed()),
        }
    }
    won
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_forty_racers_that_create_exactly_one_wins() {
    let served = served().await;
    for round in 0..5 {
        let won = winners(|racer| {
            let body = ByteStream::from(vec![u8::try_from(racer).unwrap(); 2000]);
            let key = format!("race/{round}");
            let put = served.client.put_object().bucket(BUCKET).key(key).if_none_match("*").body(body);
            async move {
                let result = put.send().await;
                if result.is_ok() { Ok(()) } else { Err(refusal(result)) }
            }
        })
        .await;
        assert_eq!(won, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_forty_racers_that_swap_exactly_one_wins() {
    let served = served().await;
    let mut etag = put(&served.client, "lease", "start").await;
    for _ in 0..5 {
        let won = winners(|racer| {
            let body = ByteStream::from(format!("{etag} by {racer}").into_bytes());
            let put = served.client.put_object().bucket(BUCKET).key("lease").if_match(&etag).body(body);
            async move {
                let result = put.send().await;
                if result.is_ok() { Ok(()) } else { Err(refusal(result)) }
            }
        })
        .await;
        assert_eq!(won, 1);
        let head = served.client.head_object().bucket(BUCKET).key("lease").send().await.unwrap();
        assert_ne!(head.e_tag(), Some(etag.as_str()));
        etag = head.e_tag().unwrap().to_owned();
    }
}

#[tokio::test]
async fn reads_are_conditional_too() {
    let Served { client, folder: _folder, .. } = served().await;
    let etag = put(&client, "k", "text").await;
    let read = || client.get_object().bucket(BUCKET).key("k");
    assert!(read().if_match(&etag).send().await.is_ok());
    assert_eq!(refusal(read().if_match("\"other\"").send().await), precondition_failed());
    let unchanged = read().if_none_match(&etag).send().await.unwrap_err();
    let response = unchanged.raw_response().unwrap();
    assert_eq!(response.status().as_u16(), 304);
    assert_eq!(response.headers().get("etag"), Some(etag.as_str()));
    let head = client.head_object().bucket(BUCKET).key("k").if_none_match(&etag).send().await;
    assert_eq!(refusal(head).0, 304);
}

#[tokio::test]
async fn a_delete_takes_the_matching_object_only_and_nothing_is_fine() {
    let Served { client, folder: _folder, .. } = served().await;
    let etag = put(&client, "k", "text").await;
    let delete = |etag: &str| client.delete_object().bucket(BUCKET).key("k").if_match(etag).send();
    assert_eq!(refusal(delete("\"other\"").await), precondition_failed());
    assert_eq!(get(&client, "k").await, "text");
    delete(&etag).await.unwrap();
    delete(&etag).await.unwrap();
    client.delete_object().bucket(BUCKET).key("never").send().await.unwrap();
    let gone = client.get_object().bucket(BUCKET).key("k").send().await;
    assert_eq!(refusal(gone), (404, "NoSuchKey".to_owned()));
}
