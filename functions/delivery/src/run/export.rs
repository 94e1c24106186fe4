//! Writing the exports of a conversation.

use futures_util::future::try_join_all;
use revops_core::TrackingId;
use revops_core::conversation;
use revops_core::export::exports;
use revops_core::ports::FetchSecret;
use revops_core::telemetry::{Measurements, Metric};

use super::work::Trouble;
use crate::Delivery;
use crate::ports::{PostEnvelope, Queues, Records};
use crate::telemetry;

impl<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret> Delivery<R, Q, P, F> {
    /// Writes the conversation's exports from all its records, over older ones.
    pub(crate) async fn export(&self, id: TrackingId) -> Result<(), Trouble> {
        let written = self.write_exports(id).await;
        match &written {
            Ok(count) => telemetry::exported(id, *count),
            Err(_) => self.metrics.emit(Measurements::of(telemetry::SERVICE).count(Metric::ExportFailed)),
        }
        written.map(|_| ())
    }

    async fn write_exports(&self, id: TrackingId) -> Result<usize, Trouble> {
        let Some(conversation) = conversation::load(&self.records, id).await? else { return Ok(0) };
        let exports = exports(&conversation, &self.config.formats, self.clock.now());
        let count = exports.len();
        try_join_all(
            exports.into_iter().map(|export| async move { self.records.put(&export.key, export.body).await }),
        )
        .await?;
        Ok(count)
    }
}
