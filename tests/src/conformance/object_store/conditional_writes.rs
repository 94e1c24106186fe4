//! Conditional writes: the product's create-only records, idempotency and leases rest on these.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::{PutObjectError, PutObjectOutput};
use futures_util::future::join_all;

use super::fixture::{TestBucket, refusal, refused_with};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, holds, present};
use crate::conformance::{Case, Failure, Verdict};

/// How many race for one key.
const RACERS: usize = 20;

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_create_only_write_succeeds_once_and_then_gets_412,
        of_many_create_only_writers_exactly_one_wins,
        a_create_only_write_succeeds_again_after_a_deletion,
        a_write_with_the_right_etag_replaces,
        a_write_with_an_outdated_etag_gets_412_and_changes_nothing,
        a_write_with_an_etag_for_a_missing_key_gets_404,
        of_many_writers_with_the_same_etag_exactly_one_wins,
    ]
}

type Put = Result<PutObjectOutput, SdkError<PutObjectError, HttpResponse>>;

async fn a_create_only_write_succeeds_once_and_then_gets_412(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    bucket.put("lease.json", "first").if_none_match("*").send().await?;
    let second = bucket.put("lease.json", "second").if_none_match("*").send().await;
    refused_with("the second write", second, (412, "PreconditionFailed"))?;
    bucket.holds("lease.json", "first").await
}

async fn of_many_create_only_writers_exactly_one_wins(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let racers = (0..RACERS)
        .map(|number| bucket.put("conversations/race.json", &number.to_string()).if_none_match("*").send());
    let winner = only_winner(join_all(racers).await)?;
    bucket.holds("conversations/race.json", &winner.to_string()).await
}

async fn of_many_writers_with_the_same_etag_exactly_one_wins(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let etag = bucket.store("lease.json", "before").await?;
    let racers =
        (0..RACERS).map(|number| bucket.put("lease.json", &number.to_string()).if_match(&etag).send());
    let winner = only_winner(join_all(racers).await)?;
    bucket.holds("lease.json", &winner.to_string()).await
}

/// The number of the one that won. The others got 412, or the 409 that AWS may answer while another
/// conditional write is under way (S3 user guide, "conditional writes").
fn only_winner(answers: Vec<Put>) -> Result<usize, Failure> {
    let mut winners = Vec::new();
    for (number, answer) in answers.into_iter().enumerate() {
        match answer.as_ref().map_err(refusal) {
            Ok(_) => winners.push(number),
            Err((Some(412), "PreconditionFailed") | (Some(409), "ConditionalRequestConflict")) => {}
            Err(refusal) => return Err(Failure::new(format!("a racer got {refusal:?}: {answer:?}"))),
        }
    }
    equal("the number of winners", winners.len(), 1)?;
    present("the winner", winners.first().copied())
}

async fn a_create_only_write_succeeds_again_after_a_deletion(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    bucket.put("record.json", "first").if_none_match("*").send().await?;
    bucket.delete("record.json").await?;
    bucket.put("record.json", "second").if_none_match("*").send().await?;
    bucket.holds("record.json", "second").await
}

async fn a_write_with_the_right_etag_replaces(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let before = bucket.store("lease.json", "first").await?;
    let written = bucket.put("lease.json", "second").if_match(&before).send().await?;
    let after = present("the ETag", written.e_tag())?;
    holds(after != before, || "the ETag is the old one".to_owned())?;
    bucket.put("lease.json", "third").if_match(after).send().await?;
    bucket.holds("lease.json", "third").await
}

async fn a_write_with_an_outdated_etag_gets_412_and_changes_nothing(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let outdated = bucket.store("lease.json", "first").await?;
    bucket.store("lease.json", "second").await?;
    let written = bucket.put("lease.json", "third").if_match(outdated).send().await;
    refused_with("the write", written, (412, "PreconditionFailed"))?;
    bucket.holds("lease.json", "second").await
}

async fn a_write_with_an_etag_for_a_missing_key_gets_404(client: Client) -> Verdict {
    let bucket = TestBucket::create(&client).await?;
    let etag = bucket.store("lease.json", "first").await?;
    bucket.delete("lease.json").await?;
    let written = bucket.put("lease.json", "second").if_match(etag).send().await;
    refused_with("the write", written, (404, "NoSuchKey"))?;
    refused_with("the read", bucket.get("lease.json").send().await, (404, "NoSuchKey"))
}
