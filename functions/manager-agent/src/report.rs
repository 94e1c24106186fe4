//! What on-call sees of a conversation's way through this function: log lines and metrics, never texts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use revops_core::TrackingId;
use revops_core::ports::{AgentAnswer, AgentError};
use revops_core::records::RecordError;
use revops_core::telemetry::{Attribution, Measurements, Metric, event, service};

use crate::error::AskError;
use crate::outcome::{Failure, Try};

/// The dimension `Service`.
const SERVICE: &str = service::MANAGER_AGENT;

/// Where metrics go; log lines go to `tracing`.
#[derive(Clone)]
pub struct Report(Arc<dyn Fn(&Measurements) + Send + Sync>);

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Report")
    }
}

impl Report {
    /// Reports whose metrics go to `emit`.
    pub fn new(emit: impl Fn(&Measurements) + Send + Sync + 'static) -> Self {
        Self(Arc::new(emit))
    }

    pub(crate) fn invoked(&self, id: TrackingId, attempt: u32) {
        tracing::info!(
            event = event::MANAGER_AGENT_INVOKED,
            tracking_id = %id,
            attempt,
            "the manager agent is asked"
        );
    }

    pub(crate) fn answered(&self, id: TrackingId, answer: &AgentAnswer) {
        let usage = &answer.usage;
        tracing::info!(
            event = event::MANAGER_AGENT_RESPONSE,
            tracking_id = %id,
            backend = usage.backend,
            latency_ms = usage.latency_ms,
            input_tokens = usage.input_tokens,
            output_tokens = usage.output_tokens,
            guardrail_intervened = usage.guardrail_intervened,
            collaborators = answer.collaborators.join(","),
            answer_bytes = answer.text.len(),
            "the manager agent answered"
        );
        let latency = Duration::from_millis(usage.latency_ms);
        let mut measurements = Measurements::of(SERVICE).duration(Metric::AgentLatency, latency);
        for (metric, tokens) in
            [(Metric::AgentInputTokens, usage.input_tokens), (Metric::AgentOutputTokens, usage.output_tokens)]
        {
            if let Some(tokens) = tokens {
                measurements = measurements.value(metric, as_number(tokens));
            }
        }
        (self.0)(&measurements);
    }

    pub(crate) fn failed(&self, id: TrackingId, this: Try, error: &AgentError, failure: &Failure) {
        let (AgentError::Retryable { code, detail } | AgentError::Permanent { code, detail }) = error;
        let retry_at = match failure {
            Failure::AskAgain(record) => Some(tracing::field::display(record.retry_at)),
            Failure::Final(_) => None,
        };
        let attribution = Attribution::of_agent(*code);
        tracing::error!(
            event = event::ERROR_OCCURRED,
            tracking_id = %id,
            attempt = this.number,
            code = code.as_str(),
            %attribution,
            retry_at,
            detail,
            "the manager agent failed"
        );
        if retry_at.is_none() {
            tracing::info!(
                event = event::MANAGER_AGENT_RESPONSE,
                tracking_id = %id,
                code = code.as_str(),
                %attribution,
                "the manager agent failed for good"
            );
        }
        let latency = this.ended_at.since(this.started_at);
        (self.0)(&Measurements::of(SERVICE).duration(Metric::AgentLatency, latency));
        (self.0)(&Measurements::of(SERVICE).outcome(code.as_str()).count(Metric::AgentErrors));
        self.count_failure(attribution);
    }

    /// An invocation that came to no reply.
    pub(crate) fn no_reply(&self, id: Option<TrackingId>, error: &AskError) {
        let attribution = error.attribution();
        tracing::error!(
            event = event::ERROR_OCCURRED,
            tracking_id = id.map(tracing::field::display),
            error_type = error.error_type(),
            cause = std::error::Error::source(error).map(ToString::to_string),
            %attribution,
            "{error}"
        );
        self.count_failure(attribution);
    }

    fn count_failure(&self, party: Attribution) {
        (self.0)(&Measurements::of(SERVICE).outcome(party.as_str()).count(Metric::Failures));
    }

    pub(crate) fn reused(&self, id: TrackingId) {
        tracing::info!(
            event = event::MANAGER_AGENT_RESPONSE,
            tracking_id = %id,
            reused = true,
            "the answer was there already"
        );
        (self.0)(&Measurements::of(SERVICE).count(Metric::AnswersReused));
    }

    pub(crate) fn lease_kept(&self, id: TrackingId, error: &RecordError) {
        tracing::warn!(
            event = event::ERROR_OCCURRED,
            tracking_id = %id,
            "the lease could not be given back and ends by itself: {error}"
        );
    }
}

/// Exact up to 2⁵³, which no answer's tokens reach.
#[expect(clippy::cast_precision_loss, reason = "token counts are far below 2^53")]
const fn as_number(tokens: u64) -> f64 {
    tokens as f64
}
