//! The version of the shapes, as every export bears it.

use serde::{Serialize, Serializer};

/// Serialised as the number 1.
#[derive(Clone, Copy, Debug)]
pub(in crate::export) struct SchemaVersion;

impl SchemaVersion {
    /// The number.
    const NUMBER: u32 = 1;
}

impl Serialize for SchemaVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(Self::NUMBER)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for SchemaVersion {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SchemaVersion".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"const": Self::NUMBER})
    }
}
