//! The markers of destinations that answered 410, as they were read.

use revops_core::Header;
use revops_core::auth::sha256_hex;
use revops_core::ports::ReadRecords;
use revops_core::records::{DisabledRecord, RecordError, keys, read};
use tokio::sync::OnceCell;
use url::Url;

/// The markers of the classes' destinations, each read once for all messages that are worked on together.
#[derive(Debug, Default)]
pub(crate) struct Markers([OnceCell<Option<DisabledRecord>>; Header::ALL.len()]);

impl Markers {
    /// The marker of `target`, of which whoever asks first makes the others wait.
    pub(crate) async fn of(
        &self,
        store: &impl ReadRecords,
        target: Header,
    ) -> Result<Option<&DisabledRecord>, RecordError> {
        let key = keys::disabled(target);
        self.0[target as usize].get_or_try_init(|| read(store, &key)).await.map(Option::as_ref)
    }

    /// Whether `url`, the webhook of `target`, is disabled: a marker of another URL is void.
    pub(crate) async fn is_disabled(
        &self,
        store: &impl ReadRecords,
        target: Header,
        url: &Url,
    ) -> Result<bool, RecordError> {
        let marker = self.of(store, target).await?;
        Ok(marker.is_some_and(|marker| marker.url_sha256 == sha256_hex(url.as_str().as_bytes())))
    }
}
