//! `gatewayctl track`: one conversation as a story.

mod front_door;
mod told;

use std::io::Write;
use std::time::Duration;

use revops_aws::{S3Records, SystemClock};
use revops_core::conversation::{Conversation, load};
use revops_core::ports::{Clock as _, StoreError};
use revops_core::records::RecordError;
use revops_core::telemetry::with_causes;
use revops_core::{Timestamp, TrackingId};

use crate::args::Track;
use crate::aws::{bucket, clients, knows_bucket};
use crate::error::CtlError;
use crate::interrupt::Interrupt;
use crate::target::Target;
use crate::terminal::Terminal;
use told::Told;

/// How often `--watch` looks at most, and at least: it comes back when the next step is due.
const LOOK_EVERY: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(10)];

/// Tells the conversation; with `--watch`, what is new, until it ends. Whoever can read the records reads
/// them: they are every caller's. Without the bucket's name the gateway is asked, which shows the key's own.
pub(crate) async fn run(
    track: &Track,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let id = tracking_id(&track.id)?;
    let interrupt = Interrupt::listen()?;
    if !knows_bucket(target) {
        return front_door::run(id, track.watch, target, as_json, &interrupt, out).await;
    }
    let bucket = bucket(target)?;
    let records = S3Records::new(clients(target).await, bucket.clone());
    let mut told = Told::new(Terminal::of_stdout());
    loop {
        let (conversation, now) = (read(&records, id, &bucket).await?, SystemClock.now());
        let story = conversation.story(now);
        let is_last = story.next.has_ended || !track.watch;
        if as_json && is_last {
            return Ok(writeln!(out, "{}", conversation.story_document(now))?);
        }
        if !as_json {
            told.tell(&conversation.query, &story, now, out)?;
        }
        if is_last {
            return told.end(&story, now, out);
        }
        told.wait(&story, now);
        if !interrupt.sleep(until_next_look(story.next.at, now)).await {
            return Err(interrupted(id));
        }
    }
}

/// The id, or what one looks like.
fn tracking_id(text: &str) -> Result<TrackingId, CtlError> {
    text.parse().map_err(|rule| {
        CtlError::Usage(format!(
            "{text:?} is no tracking id: {rule}; it is what `send` prints, and x-tracking-id of a delivery"
        ))
    })
}

async fn read(records: &S3Records, id: TrackingId, bucket: &str) -> Result<Conversation, CtlError> {
    match load(records, id).await {
        Ok(Some(conversation)) => Ok(conversation),
        Ok(None) => Err(CtlError::NotFound(format!(
            "there is no conversation {id} in the bucket {bucket}; was it made by this gateway, and not deleted?"
        ))),
        Err(cause) => Err(CtlError::Failed(format!("{}; {}", with_causes(&cause), advice(&cause, bucket)))),
    }
}

/// What to do when the records cannot be read.
fn advice(cause: &RecordError, bucket: &str) -> String {
    match cause {
        RecordError::Store(StoreError::Refused(_)) => format!(
            "is {bucket} the right bucket, and do the credentials allow s3:GetObject and s3:ListBucket on it?"
        ),
        RecordError::Store(StoreError::Unavailable(_)) => {
            "are AWS_REGION and credentials set? With SSO: eval \"$(aws configure export-credentials --format env)\"".to_owned()
        }
        RecordError::Unreadable { .. } => "use the gatewayctl of the version that is deployed".to_owned(),
    }
}

/// Half of the time that is left until something is due, within bounds.
fn until_next_look(due: Option<Timestamp>, now: Timestamp) -> Duration {
    let [most_often, least_often] = LOOK_EVERY;
    due.map_or(most_often, |due| (due.since(now) / 2).clamp(most_often, least_often))
}

fn interrupted(id: TrackingId) -> CtlError {
    CtlError::Failed(format!("no longer watching; it goes on by itself: gatewayctl track --watch {id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watching_is_patient_while_nothing_is_due() {
        let now = Timestamp::from_unix_ms(1_763_840_000_000);
        let look = |seconds| until_next_look(Some(now.plus(Duration::from_secs(seconds))), now).as_secs();
        assert_eq!([look(0), look(8), look(3_600)], [1, 4, 10]);
        assert_eq!(until_next_look(None, now).as_secs(), 1);
    }

    #[test]
    fn what_is_no_tracking_id_is_a_mistake_in_the_call() {
        assert!(matches!(tracking_id("42"), Err(CtlError::Usage(text)) if text.contains("x-tracking-id")));
    }
}
