//! The marker of a destination that answered 410, as it was read.

use revops_core::Header;
use revops_core::auth::sha256_hex;
use revops_core::ports::ReadRecords;
use revops_core::records::{DisabledRecord, RecordError, keys, read};
use url::Url;

/// Whether a destination was disabled.
pub(crate) struct Marker {
    /// The class whose webhook it is about.
    pub target: Header,
    record: Option<DisabledRecord>,
}

impl Marker {
    /// The marker of `target`.
    pub(crate) async fn of(store: &impl ReadRecords, target: Header) -> Result<Self, RecordError> {
        Ok(Self { target, record: read(store, &keys::disabled(target)).await? })
    }

    /// Whether it disables `url`: a marker of another URL is void.
    pub(crate) fn disables(&self, url: &Url) -> bool {
        let of_this_url = |marker: &DisabledRecord| marker.url_sha256 == sha256_hex(url.as_str().as_bytes());
        self.record.as_ref().is_some_and(of_this_url)
    }
}
