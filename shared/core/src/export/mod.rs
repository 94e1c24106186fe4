//! The exports of a conversation: four projections of its records (SPEC 6).
//!
//! They depend on nothing but the records, so they can be made again, by anybody, and are the same bytes as long as
//! the records are the same. A later one replaces an earlier.

mod formats;
#[cfg(feature = "schema")]
pub mod schema;
mod v1;

pub use formats::{ExportFormat, ExportFormats, UnknownFormat};

use futures_util::future::try_join_all;
use serde::Serialize;

use crate::TrackingId;
use crate::conversation::Conversation;
use crate::ports::{PutExports, ReadRecords};
use crate::records::{RecordError, is_deleted};

/// One object to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its key in the bucket.
    pub key: String,
    /// JSON on one line, ended by a newline: one row for whoever queries the folder.
    pub body: Vec<u8>,
}

/// Writes the exports of `conversation` in `formats` over older ones, all at once; their keys. None if it was deleted
/// meanwhile: whoever read the records before must not bring their text back.
///
/// A deletion that begins between the look at its tombstone and the writes is a window of milliseconds. The deletion
/// lists what there is after its tombstone, and once more when it has removed it.
///
/// # Errors
/// The store failed; some may be written, and the call may be repeated.
pub async fn write<S: ReadRecords + PutExports>(
    store: &S,
    conversation: &Conversation,
    formats: &ExportFormats,
) -> Result<Vec<String>, RecordError> {
    if is_deleted(store, conversation.query.tracking_id).await? {
        return Ok(Vec::new());
    }
    let puts = exports(conversation, formats)
        .into_iter()
        .map(async |Export { key, body }| store.put(&key, body).await.map(|()| key));
    Ok(try_join_all(puts).await?)
}

/// The exports of `conversation` in `formats`.
#[must_use]
pub fn exports(conversation: &Conversation, formats: &ExportFormats) -> Vec<Export> {
    let of = |format: ExportFormat| {
        let body = match format {
            ExportFormat::Conversation => line(&v1::Whole::of(conversation)),
            ExportFormat::Metadata => line(&v1::Metadata::of(conversation)),
            ExportFormat::Summary => line(&v1::Summary::of(conversation)),
            ExportFormat::Analysis => line(&v1::Analysis::of(conversation)),
        };
        Export { key: key(conversation.query.tracking_id, format), body }
    };
    formats.iter().map(of).collect()
}

/// The key of one export. Nothing of it is a caller's text: any name would be safe in it, and none is.
#[must_use]
pub fn key(id: TrackingId, format: ExportFormat) -> String {
    format!("{}{}.json", folder(id), format.as_str())
}

/// What the keys of a conversation's exports begin with: its date is the tracking id's, in UTC.
#[must_use]
pub fn folder(id: TrackingId) -> String {
    let day = id.made_at().utc();
    let (year, month, day) = (day.year(), u8::from(day.month()), day.day());
    format!("conversation-history/{year:04}/{month:02}/{day:02}/{id}/")
}

fn line(shape: &impl Serialize) -> Vec<u8> {
    // Members have names, and numbers are finite: serialising them cannot fail.
    let mut line = serde_json::to_vec(shape).unwrap_or_default();
    line.push(b'\n');
    line
}
