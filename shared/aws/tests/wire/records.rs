//! S3: conditional writes, ages, and refusals.

use std::time::Duration;

use revops_aws::S3Records;
use revops_core::ports::{
    CreateRecords, Created, Etag, PutExports, ReadRecords, ReplaceRecords, Replaced, StoreError,
};

use crate::script::{Answer, Script, Sent, Step};

const KEY: &str = "conversations/1/answer.json";
const WRITTEN: (&str, &str) = ("last-modified", "Wed, 13 Aug 2025 06:30:00 GMT");
const NOW: (&str, &str) = ("date", "Wed, 13 Aug 2025 06:32:10 GMT");
const ETAG: (&str, &str) = ("etag", "\"abc\"");

fn records(answers: impl IntoIterator<Item = Answer>) -> (S3Records, Script) {
    let script = Script::new(answers);
    (S3Records::new(script.clients(), "records".into()), script)
}

fn error(status: u16, code: &str) -> Answer {
    Answer::new(status, &[], format!("<Error><Code>{code}</Code><Message>no</Message></Error>"))
}

fn object(body: &str) -> Answer {
    Answer::new(200, &[NOW, WRITTEN, ETAG], body)
}

fn done() -> Answer {
    Answer::new(200, &[ETAG], "")
}

fn methods(requests: &[Sent]) -> Vec<&str> {
    requests.iter().map(|request| request.method.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn an_object_is_read_with_its_version_and_its_age_by_the_stores_clock() {
    let (records, script) = records([object("{}")]);
    let stored = records.get(KEY).await.unwrap().unwrap();
    assert_eq!((stored.body.as_slice(), stored.etag), (b"{}".as_slice(), Etag("\"abc\"".into())));
    assert_eq!(stored.age, Duration::from_secs(130));
    assert!(script.requests()[0].uri.starts_with("http://aws.test/records/conversations/1/answer.json"));
}

#[tokio::test(start_paused = true)]
async fn a_missing_object_is_none_and_a_missing_bucket_a_refusal() {
    let (records, _) =
        records([error(404, "NoSuchKey"), error(404, "NoSuchBucket"), error(403, "AccessDenied")]);
    assert_eq!(records.get(KEY).await.unwrap(), None);
    assert!(matches!(records.get(KEY).await, Err(StoreError::Refused(_))));
    assert!(matches!(records.get(KEY).await, Err(StoreError::Refused(_))));
}

#[tokio::test(start_paused = true)]
async fn a_failing_store_is_asked_three_times_and_is_then_unavailable() {
    let (records, script) = records([error(500, "InternalError"), error(503, "SlowDown"), Answer::Lost]);
    assert!(matches!(records.get(KEY).await, Err(StoreError::Unavailable(_))));
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_silent_is_unavailable_within_ten_seconds() {
    let body_stops = Answer::Response(
        200,
        vec![("date", NOW.1.into()), ("last-modified", WRITTEN.1.into())],
        vec![Step::Bytes(b"{".to_vec()), Step::Silence],
    );
    for answers in [vec![Answer::Silence; 3], vec![body_stops; 3]] {
        let (records, _) = records(answers);
        let started = tokio::time::Instant::now();
        assert!(matches!(records.get(KEY).await, Err(StoreError::Unavailable(_))));
        assert!(started.elapsed() <= Duration::from_secs(10));
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_is_not_an_object_and_is_asked_for_again() {
    let headers = [NOW, WRITTEN].map(|(name, value)| (name, value.to_owned())).to_vec();
    let breaks_off = Answer::Response(200, headers, vec![Step::Bytes(b"{".to_vec()), Step::Lost]);
    let (staying, script) = records(vec![breaks_off.clone(); 3]);
    assert!(matches!(staying.get(KEY).await, Err(StoreError::Unavailable(_))));
    assert_eq!(script.requests().len(), 3);
    let (passing, _) = records([breaks_off, object("{}")]);
    assert_eq!(passing.get(KEY).await.unwrap().unwrap().body, b"{}");
}

#[tokio::test(start_paused = true)]
async fn a_new_record_is_written_only_where_nothing_is() {
    let (records, script) = records([done()]);
    assert_eq!(records.create(KEY, b"{\"v\":1}".to_vec()).await.unwrap(), Created::New);
    let sent = &script.requests()[0];
    assert_eq!((sent.method.as_str(), sent.header("if-none-match")), ("PUT", Some("*")));
    assert_eq!((sent.header("content-type"), sent.header("if-match")), (Some("application/json"), None));
    assert_eq!(sent.body, "{\"v\":1}");
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_there_stays_as_it_is_and_is_not_read_back() {
    let (records, script) = records([error(412, "PreconditionFailed")]);
    assert_eq!(records.create(KEY, b"{}".to_vec()).await.unwrap(), Created::Existed);
    assert_eq!(methods(&script.requests()), ["PUT"]);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_succeeded_unseen_before_it_was_repeated_is_ours() {
    let answers = |body| [error(500, "InternalError"), error(412, "PreconditionFailed"), object(body)];
    let (mine, script) = records(answers("{\"mine\":1}"));
    assert_eq!(mine.create(KEY, b"{\"mine\":1}".to_vec()).await.unwrap(), Created::New);
    assert_eq!(methods(&script.requests()), ["PUT", "PUT", "GET"]);
    let (theirs, _) = records(answers("{\"theirs\":1}"));
    assert_eq!(theirs.create(KEY, b"{\"mine\":1}".to_vec()).await.unwrap(), Created::Existed);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_with_another_write_is_repeated_and_ends_as_unavailable() {
    let conflict = || error(409, "ConditionalRequestConflict");
    let (passing, _) = records([conflict(), done()]);
    assert_eq!(passing.create(KEY, b"{}".to_vec()).await.unwrap(), Created::New);
    let (staying, script) = records(std::iter::repeat_with(conflict).take(5));
    assert!(matches!(staying.create(KEY, b"{}".to_vec()).await, Err(StoreError::Unavailable(_))));
    assert_eq!(script.requests().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_replacement_names_the_version_that_it_replaces() {
    let (records, script) = records([done()]);
    let expected = Etag("\"abc\"".into());
    assert_eq!(records.replace(KEY, b"{}".to_vec(), &expected).await.unwrap(), Replaced::Done);
    let sent = &script.requests()[0];
    assert_eq!((sent.header("if-match"), sent.header("if-none-match")), (Some("\"abc\""), None));
}

#[tokio::test(start_paused = true)]
async fn a_replacement_of_another_version_or_of_nothing_is_lost() {
    let expected = Etag("\"abc\"".into());
    let (records, _) =
        records([error(412, "PreconditionFailed"), error(404, "NoSuchKey"), error(404, "NoSuchBucket")]);
    assert_eq!(records.replace(KEY, b"{}".to_vec(), &expected).await.unwrap(), Replaced::Lost);
    assert_eq!(records.replace(KEY, b"{}".to_vec(), &expected).await.unwrap(), Replaced::Lost);
    let in_no_bucket = records.replace(KEY, b"{}".to_vec(), &expected).await;
    assert!(matches!(in_no_bucket, Err(StoreError::Refused(_))));
}

#[tokio::test(start_paused = true)]
async fn an_export_is_written_without_a_condition() {
    let (records, script) = records([done(), error(403, "AccessDenied")]);
    records.put("conversation-history/x.json", b"{}".to_vec()).await.unwrap();
    assert_eq!(
        (script.requests()[0].header("if-match"), script.requests()[0].header("if-none-match")),
        (None, None)
    );
    assert!(matches!(records.put("x", Vec::new()).await, Err(StoreError::Refused(_))));
}

#[tokio::test(start_paused = true)]
async fn an_object_has_no_user_metadata_which_could_not_hold_every_text() {
    let (records, script) = records([done()]);
    records.put("conversation-history/x.json", "{\"query\":\"\u{1f9fe}\"}".into()).await.unwrap();
    let requests = script.requests();
    assert!(requests[0].headers.iter().all(|(name, _)| !name.starts_with("x-amz-meta-")));
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
}
