//! Writing the exports of a conversation.

use revops_core::TrackingId;
use revops_core::conversation::{KnownDelivery, load, load_beside};
use revops_core::export;
use revops_core::ports::FetchSecret;
use revops_core::telemetry::{Measurements, Metric};

use super::work::Trouble;
use crate::Delivery;
use crate::ports::{PostEnvelope, Queues, Records};
use crate::telemetry;

impl<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret> Delivery<R, Q, P, F> {
    /// Writes the conversation's exports from all its records, over older ones. `known` is what need not be
    /// read for that.
    pub(crate) async fn export(&self, id: TrackingId, known: Option<KnownDelivery>) -> Result<(), Trouble> {
        let written = self.write_exports(id, known).await;
        match &written {
            Ok(count) => telemetry::exported(id, *count),
            Err(_) => self.metrics.emit(Measurements::of(telemetry::SERVICE).count(Metric::ExportFailed)),
        }
        written.map(|_| ())
    }

    async fn write_exports(&self, id: TrackingId, known: Option<KnownDelivery>) -> Result<usize, Trouble> {
        let conversation = match known {
            Some(known) => load_beside(&self.records, id, known).await?,
            None => load(&self.records, id).await?,
        };
        let Some(conversation) = conversation else { return Ok(0) };
        let keys = export::write(&self.records, &conversation, &self.config.formats).await?;
        Ok(keys.len())
    }
}
