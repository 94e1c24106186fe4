//! One attempt: is there time and may it be made, the POST, and what follows from it.

use std::time::Duration;

use revops_core::ports::{Created, FetchSecret};
use revops_core::records::{AttemptRecord, ResponseExcerpt, VERSION, create, keys};
use revops_core::retry::{AttemptResult, Decision, EndReason, Limits, NoAnswer, RetryAfter, decide};
use revops_core::sign::{SigningKeys, sign};
use revops_core::telemetry::{Attribution, Metric};
use revops_core::{Header, Timestamp};
use url::Url;

use super::ending::DeliveredBy;
use super::step::deadline;
use super::work::{Fate, Job, Trouble};
use crate::Delivery;
use crate::ports::{PostEnvelope, PostRequest, Queues, Records, Response};
use crate::telemetry;

/// What an attempt may take: connect 5 s, in all 15 s, and the records after it 5 s. The sum is generous on
/// purpose: an invocation that ends between the POST and its record makes a duplicate.
pub const TIME_FOR_AN_ATTEMPT: Duration = Duration::from_secs(5 + 15 + 5);

/// When to look again after another copy of the message recorded the same attempt first.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// An attempt that was made.
pub(crate) struct Made {
    pub number: u32,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub result: AttemptResult,
    pub excerpt: String,
}

impl<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret> Delivery<R, Q, P, F> {
    /// Makes the attempt with this number, if it may be made, and acts on its result.
    pub(crate) async fn attempt(&self, job: &Job<'_>, number: u32) -> Result<Fate, Trouble> {
        let target = self.config.destinations.target(job.record.target);
        let url = self.config.destinations.url(target).ok_or(Trouble::NoDestination(target))?;
        if job.markers.is_disabled(&self.records, target, url).await? {
            let last = job.state.last_fault();
            return self.end_without_delivery(job, EndReason::DestinationDisabled, number - 1, last).await;
        }
        let keys = self.keys.get(self.clock.now()).await;
        let keys = keys.and_then(|keys| keys.keys(target).cloned()).ok_or(Trouble::NoKeys(target))?;
        if job.deadline.since(self.clock.now()) < TIME_FOR_AN_ATTEMPT {
            return Ok(Fate::GiveBack);
        }
        if let Some(fate) = self.claimed_by_another(job, number).await? {
            return Ok(fate);
        }
        let made = self.post(job, number, url, &keys).await;
        self.report(job, &made);
        self.follow(job, &made, target, url).await
    }

    async fn post(&self, job: &Job<'_>, number: u32, url: &Url, keys: &SigningKeys) -> Made {
        let started_at = self.clock.now();
        let (id, timestamp) = (job.record.delivery_id.as_str(), started_at.unix_seconds());
        let body = &job.record.envelope;
        let request = PostRequest {
            url,
            webhook_id: id,
            timestamp,
            signature: &sign(keys, id, timestamp, body.as_bytes()),
            tracking_id: &job.record.tracking_id.to_string(),
            body,
        };
        let answer = self.post.post(&request).await;
        let ended_at = self.clock.now();
        let (result, excerpt) = judged(answer, ended_at);
        Made { number, started_at, ended_at, result, excerpt }
    }

    async fn follow(&self, job: &Job<'_>, made: &Made, target: Header, url: &Url) -> Result<Fate, Trouble> {
        match self.decide(job, made).await {
            Decision::Delivered => self.end_delivered(job, &made.delivered_by()).await,
            Decision::RetryAt(due) => self.retry(job, made, due).await,
            Decision::Expired => self.give_up(job, made, EndReason::DeliverBefore).await,
            Decision::GiveUp(EndReason::Gone) => {
                self.disable(job, target, url, made.ended_at).await?;
                self.give_up(job, made, EndReason::Gone).await
            }
            Decision::GiveUp(reason) => self.give_up(job, made, reason).await,
        }
    }

    /// Decides, and asks how crowded the queue is only where the answer could change the decision.
    async fn decide(&self, job: &Job<'_>, made: &Made) -> Decision {
        let mut limits = Limits {
            deliver_before: deadline(&job.received.deliver, job.record),
            sent_at: job.received.sent_at,
            in_flight: None,
            scale: self.config.scale,
        };
        let random = self.random.as_ref();
        let with = |limits: &Limits| {
            decide(&self.config.retry, made.number, &made.result, made.ended_at, random, limits)
        };
        let decision = with(&limits);
        if !matches!(decision, Decision::RetryAt(due) if limits.is_long_wait(made.ended_at, due)) {
            return decision;
        }
        // Where nobody can tell: better a wait than a message in the dead-letter queue for nothing.
        limits.in_flight = self.queues.in_flight(&job.received.queue_url).await.ok();
        with(&limits)
    }

    async fn retry(&self, job: &Job<'_>, made: &Made, due: Timestamp) -> Result<Fate, Trouble> {
        if self.record(job, made, Some(due), None).await? == Created::Existed {
            return Ok(self.look_again());
        }
        telemetry::retry_planned(&job.received.deliver, made.number, due);
        self.measure(job, |measurements| measurements.count(Metric::DeliveryRetried));
        Ok(Fate::HideUntil(due))
    }

    async fn give_up(&self, job: &Job<'_>, made: &Made, reason: EndReason) -> Result<Fate, Trouble> {
        if self.record(job, made, None, Some(reason)).await? == Created::Existed {
            return Ok(self.look_again());
        }
        self.end_without_delivery(job, reason, made.number, Attribution::of_result(&made.result)).await
    }

    /// Another copy of the message made this attempt at the same time and recorded it first: its record is
    /// the one that counts.
    fn look_again(&self) -> Fate {
        Fate::HideUntil(self.config.scale.due(self.clock.now(), LOOK_AGAIN))
    }

    async fn record(
        &self,
        job: &Job<'_>,
        made: &Made,
        next_attempt_at: Option<Timestamp>,
        end_reason: Option<EndReason>,
    ) -> Result<Created, Trouble> {
        let (id, run) = (job.received.deliver.tracking_id, job.received.deliver.run);
        let record = AttemptRecord {
            v: VERSION,
            run,
            attempt: made.number,
            started_at: made.started_at,
            duration_ms: made.duration_ms(),
            error: made.result.error(),
            response: made.response(),
            next_attempt_at,
            end_reason: end_reason.map(|reason| reason.as_str().to_owned()),
        };
        Ok(create(&self.records, &keys::attempt(id, run, made.number), &record).await?)
    }

    fn report(&self, job: &Job<'_>, made: &Made) {
        telemetry::attempted(&job.received.deliver, made);
        let (latency, age) =
            (made.ended_at.since(made.started_at), made.started_at.since(job.received.sent_at));
        self.measure(job, |measurements| {
            let counted = measurements.outcome(telemetry::word(&made.result)).count(Metric::DeliveryAttempts);
            counted.duration(Metric::DeliveryLatency, latency).duration(Metric::OldestAttemptAge, age)
        });
        if let Some(party) = Attribution::of_result(&made.result) {
            self.count_failure(&job.received.deliver, party);
        }
    }
}

impl Made {
    pub(crate) fn duration_ms(&self) -> u64 {
        u64::try_from(self.ended_at.since(self.started_at).as_millis()).unwrap_or(u64::MAX)
    }

    fn response(&self) -> Option<ResponseExcerpt> {
        let http_status = self.result.http_status()?;
        Some(ResponseExcerpt { http_status, body: self.excerpt.clone() })
    }

    fn delivered_by(&self) -> DeliveredBy {
        DeliveredBy {
            attempts: self.number,
            started_at: self.started_at,
            duration_ms: self.duration_ms(),
            http_status: self.result.http_status(),
        }
    }
}

fn judged(answer: Result<Response, NoAnswer>, now: Timestamp) -> (AttemptResult, String) {
    match answer {
        Ok(Response { status, retry_after, excerpt }) => {
            let retry_after = retry_after.and_then(|value| RetryAfter::parse(&value, now));
            (AttemptResult::Answered { status, retry_after }, excerpt)
        }
        Err(cause) => (AttemptResult::NoAnswer(cause), String::new()),
    }
}
