//! The committed schemas are those of the types, and every export is valid against its own.

use std::sync::LazyLock;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use proptest::prelude::*;
use revops_core::export::{Export, ExportFormats, exports, schema};
use serde_json::Value;

use crate::house::workspace;
use crate::states;

/// What writes the files anew.
const COMMAND: &str = "UPDATE_SCHEMAS=1 cargo test --workspace --test exports schemas";

static SCHEMAS: LazyLock<(Schemas, Vec<(&str, SchemaIndex)>)> = LazyLock::new(|| {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.set_default_draft(Draft::V2020_12);
    let compiled = schema::schemas().map(|(name, schema)| {
        let place = format!("http://schemas.test/{name}");
        compiler.add_resource(&place, schema).unwrap();
        (name, compiler.compile(&place, &mut schemas).unwrap())
    });
    (schemas, compiled.into())
});

/// What is wrong with `export` as a `format`; none if nothing is.
fn fault(format: &str, export: &Value) -> Option<String> {
    let (schemas, indices) = &*SCHEMAS;
    let of_format = |(name, _): &&(&str, SchemaIndex)| name.split('.').next() == Some(format);
    let (_, index) = indices.iter().find(of_format).unwrap_or_else(|| panic!("{format} has no schema"));
    schemas.validate(export, *index).err().map(|cause| format!("{cause:#}"))
}

/// Fails unless `line` is one line of JSON that is valid as a `format`.
pub(crate) fn assert_valid(format: &str, line: &[u8]) {
    assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1, "{format} is not one line");
    assert_eq!((line.last(), line.contains(&b'\r')), (Some(&b'\n'), false), "{format}");
    let export: Value = serde_json::from_slice(line).unwrap();
    assert_eq!(fault(format, &export), None, "{export:#}");
}

/// The format that an export's key names.
fn format_of(export: &Export) -> &str {
    export.key.rsplit('/').next().unwrap().trim_end_matches(".json")
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let folder = workspace().join("events/schemas");
    for (name, schema) in schema::schemas() {
        let generated = format!("{schema:#}\n");
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(name), &generated).unwrap();
        }
        let committed = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(committed == generated, "events/schemas/{name} is not what the types give: run `{COMMAND}`");
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), schema::schemas().len(), "a file too many");
}

#[test]
fn every_state_of_a_conversation_is_exported_as_its_schemas_say() {
    for (state, conversation) in states::all() {
        let written = exports(&conversation, &ExportFormats::default());
        assert_eq!(written.len(), 4, "{state}");
        for export in written {
            assert!(export.key.is_ascii(), "{state}: {}", export.key);
            assert_valid(format_of(&export), &export.body);
        }
    }
}

#[test]
fn a_schema_refuses_a_member_that_is_missing_or_of_another_type() {
    let summary = exports(&states::delivered(), &"summary".parse().unwrap()).remove(0);
    let export: Value = serde_json::from_slice(&summary.body).unwrap();
    assert_eq!(fault("summary", &export), None);
    for name in export.as_object().unwrap().keys() {
        let mut without = export.clone();
        without.as_object_mut().unwrap().remove(name);
        assert!(fault("summary", &without).is_some(), "{name} is not required");
        let mut other = export.clone();
        other[name] = serde_json::json!([1]);
        assert!(fault("summary", &other).is_some(), "{name} has no type");
    }
}

#[test]
fn the_envelope_of_an_export_is_the_one_that_was_sent() {
    let conversation = states::with_text(states::ANY_TEXT);
    let whole = exports(&conversation, &"conversation".parse().unwrap()).remove(0);
    let export: Value = serde_json::from_slice(&whole.body).unwrap();
    let sent: Value = serde_json::from_str(&conversation.delivery.unwrap().envelope).unwrap();
    assert_eq!(export["envelope"], sent);
    assert_eq!(
        (&export["query"], &export["source_system"]),
        (&states::ANY_TEXT.into(), &states::ANY_TEXT.into())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_people_write_is_exported_on_one_line_and_read_back(text in "(?s).{0,400}") {
        let conversation = states::with_text(&text);
        let written = exports(&conversation, &ExportFormats::default());
        for export in &written {
            assert_valid(format_of(export), &export.body);
        }
        let whole: Value = serde_json::from_slice(&written[0].body).unwrap();
        prop_assert_eq!(&whole["query"], &Value::from(text.as_str()));
        prop_assert_eq!(&whole["envelope"]["response_plain"], &Value::from(text));
        prop_assert_eq!(exports(&conversation, &ExportFormats::default()), written);
    }
}
