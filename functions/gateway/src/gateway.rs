//! The use case's surroundings, put together once at start.

use std::sync::Arc;

use revops_core::ports::{Clock, Random};
use revops_core::telemetry::{Attribution, Measurements, Metric, event, service, with_causes};
use revops_core::{Timestamp, TrackingId};

use crate::config::CommonConfig;
use crate::error::AdvanceError;

/// The gateway: configuration and the outside, by capability.
///
/// `R` are the records, `Q` the queues, `M` the manager-agent function.
pub struct Gateway<R, Q, M> {
    /// What both ways of running share.
    pub config: CommonConfig,
    /// The record store.
    pub records: R,
    /// The queues.
    pub queues: Q,
    /// The manager-agent function.
    pub manager_agent: M,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids and nonces.
    pub random: Arc<dyn Random>,
    /// Where metrics go.
    pub emit: fn(&Measurements),
}

impl<R, Q, M> Gateway<R, Q, M> {
    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A step that could not be made, for the log and the metrics.
    pub(crate) fn report_trouble(&self, id: TrackingId, cause: &AdvanceError, what_next: &str) {
        let attribution = cause.attribution();
        tracing::error!(event = event::ERROR_OCCURRED, tracking_id = %id, %attribution, cause = with_causes(cause),
            "{what_next}");
        if cause.is_counted_here() {
            self.count_failure(attribution);
        }
    }

    /// Counts a failed step for the party whose fault it is.
    pub(crate) fn count_failure(&self, party: Attribution) {
        (self.emit)(&Measurements::of(service::GATEWAY).outcome(party.as_str()).count(Metric::Failures));
    }
}
