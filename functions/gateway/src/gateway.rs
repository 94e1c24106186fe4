//! The use case's surroundings, put together once at start.

use std::sync::Arc;

use revops_core::Timestamp;
use revops_core::ports::{Clock, Random};
use revops_core::telemetry::Measurements;

use crate::config::CommonConfig;

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
}
