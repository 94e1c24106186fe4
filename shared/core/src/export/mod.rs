//! The exports of a conversation: four projections of its records (SPEC 6).
//!
//! They are built from all records at write time and can be made again; a later one replaces an earlier.

mod formats;
mod shapes;

pub use formats::{ExportFormat, ExportFormats, UnknownFormat};

use serde_json::Value;

use crate::conversation::Conversation;
use crate::{Timestamp, TrackingId};

/// One object to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its key in the bucket.
    pub key: String,
    /// JSON on one line, ended by a newline: one row for whoever queries the folder.
    pub body: Vec<u8>,
}

/// The exports of `conversation` in `formats`, as of `now`.
#[must_use]
pub fn exports(conversation: &Conversation, formats: &ExportFormats, now: Timestamp) -> Vec<Export> {
    let of = |format: ExportFormat| {
        let shape = match format {
            ExportFormat::Conversation => shapes::conversation(conversation, now),
            ExportFormat::Metadata => shapes::metadata(conversation, now),
            ExportFormat::Summary => shapes::summary(conversation, now),
            ExportFormat::Analysis => shapes::analysis(conversation, now),
        };
        Export { key: key(conversation.query.tracking_id, format), body: line(&shape) }
    };
    formats.iter().map(of).collect()
}

/// The key of one export: its date is the tracking id's, in UTC.
#[must_use]
pub fn key(id: TrackingId, format: ExportFormat) -> String {
    let day = id.made_at().utc();
    let (year, month, day) = (day.year(), u8::from(day.month()), day.day());
    format!("conversation-history/{year:04}/{month:02}/{day:02}/{id}/{}.json", format.as_str())
}

fn line(shape: &Value) -> Vec<u8> {
    let mut line = shape.to_string().into_bytes();
    line.push(b'\n');
    line
}
