//! The Athena table is the shape of `summary.json`, and reads every other export beside it.

use std::collections::BTreeMap;

use revops_core::export::{ExportFormats, exports, schema};
use serde_json::Value;

use crate::house::workspace;
use crate::states;

/// The columns of the committed DDL, with their types.
fn columns() -> BTreeMap<String, String> {
    let ddl = std::fs::read_to_string(workspace().join("athena/conversation_history.sql")).unwrap();
    let (_, rest) = ddl.split_once("conversation_history (").unwrap();
    let (inside, _) = rest.split_once("\n)").unwrap();
    let column = |line: &str| {
        let (name, kind) = line.trim().trim_end_matches(',').split_once(' ').unwrap();
        (name.to_owned(), kind.to_owned())
    };
    inside.trim().lines().map(column).collect()
}

/// Whether Athena's JSON SerDe reads `value` as a `kind`.
fn is_read_as(value: &Value, kind: &str) -> bool {
    match kind {
        _ if value.is_null() => true,
        "string" => value.is_string(),
        "int" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "bigint" => value.as_i64().is_some(),
        "double" => value.is_number(),
        other => panic!("a column type that this test does not know: {other}"),
    }
}

#[test]
fn the_columns_are_the_members_of_the_summary() {
    let (_, schema) = schema::schemas().into_iter().find(|(name, _)| name.starts_with("summary")).unwrap();
    let members: Vec<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(columns().into_keys().collect::<Vec<_>>(), members);
}

#[test]
fn every_export_beside_a_summary_is_read_with_the_columns_types() {
    let columns = columns();
    for (state, conversation) in states::all() {
        for export in exports(&conversation, &ExportFormats::default()) {
            let row: Value = serde_json::from_slice(&export.body).unwrap();
            for (name, value) in row.as_object().unwrap() {
                // Hive's names are in lower case; two members that differ in case alone would be one column.
                assert_eq!(*name, name.to_lowercase(), "{}", export.key);
                let Some(kind) = columns.get(name) else { continue };
                assert!(is_read_as(value, kind), "{state}, {}: {name} is {value}, not {kind}", export.key);
            }
        }
    }
}

#[test]
fn a_partition_is_the_day_in_the_keys() {
    let ddl = std::fs::read_to_string(workspace().join("athena/conversation_history.sql")).unwrap();
    let property = |name: &str| {
        let line = ddl.lines().find(|line| line.trim().starts_with(&format!("'{name}'"))).unwrap();
        line.split('\'').nth(3).unwrap().to_owned()
    };
    let template = property("storage.location.template");
    assert_eq!(property("projection.dt.format"), "yyyy/MM/dd");
    let summary = exports(&states::delivered(), &"summary".parse().unwrap()).remove(0);
    // The tracking id of the released query says 2025-08-12.
    let location = template.replace("s3://BUCKET/", "").replace("${dt}", "2025/08/12");
    assert!(summary.key.starts_with(&location), "{} is not below {location}", summary.key);
}
