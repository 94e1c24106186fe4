//! Writing the exports of a conversation.

use revops_core::TrackingId;
use revops_core::conversation::{Conversation, load};
use revops_core::export;
use revops_core::ports::FetchSecret;
use revops_core::records::RecordError;
use revops_core::telemetry::{Measurements, Metric};

use super::work::Trouble;
use crate::Delivery;
use crate::ports::{PostEnvelope, Queues, Records};
use crate::telemetry;

impl<R: Records, Q: Queues, P: PostEnvelope, F: FetchSecret> Delivery<R, Q, P, F> {
    /// Writes the conversation's exports from all its records, over older ones.
    pub(crate) async fn export(&self, id: TrackingId) -> Result<(), Trouble> {
        self.export_loaded(id, load(&self.records, id).await).await
    }

    /// Writes the exports of the conversation `id`, as it was `loaded`.
    pub(crate) async fn export_loaded(
        &self,
        id: TrackingId,
        loaded: Result<Option<Conversation>, RecordError>,
    ) -> Result<(), Trouble> {
        let written = self.write_exports(loaded).await;
        match &written {
            Ok(count) => telemetry::exported(id, *count),
            Err(_) => self.metrics.emit(Measurements::of(telemetry::SERVICE).count(Metric::ExportFailed)),
        }
        Ok(written.map(|_| ())?)
    }

    async fn write_exports(
        &self,
        loaded: Result<Option<Conversation>, RecordError>,
    ) -> Result<usize, RecordError> {
        let Some(conversation) = loaded? else { return Ok(0) };
        let keys = export::write(&self.records, &conversation, &self.config.formats).await?;
        Ok(keys.len())
    }
}
