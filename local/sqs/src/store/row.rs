//! Message attributes as a column.

use rusqlite::types::Type;

use crate::message::Attributes;

/// The column's text; NULL for no attributes, the common case.
pub(super) fn write_attributes(attributes: &Attributes) -> rusqlite::Result<Option<String>> {
    if attributes.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(attributes)
        .map(Some)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// Reads what [`write_attributes`] wrote; `column` is for the error.
pub(super) fn read_attributes(text: Option<&str>, column: usize) -> rusqlite::Result<Attributes> {
    text.map_or_else(
        || Ok(Attributes::new()),
        |text| {
            serde_json::from_str(text).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
            })
        },
    )
}
