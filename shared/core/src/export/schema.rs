//! JSON Schemas (draft 2020-12) of the exports and of the envelope, as the types give them.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::v1::{Analysis, Metadata, Summary, Whole};
use crate::envelope::Envelope;

/// Every schema, by the name of its file.
#[must_use]
pub fn schemas() -> [(&'static str, Value); 5] {
    [
        ("conversation.v1.schema.json", of::<Whole<'_>>()),
        ("metadata.v1.schema.json", of::<Metadata<'_>>()),
        ("summary.v1.schema.json", of::<Summary<'_>>()),
        ("analysis.v1.schema.json", of::<Analysis<'_>>()),
        ("envelope.v1.schema.json", of::<Envelope<'_>>()),
    ]
}

/// What is written is described, not what would be understood: a member that is always there is required.
fn of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}
