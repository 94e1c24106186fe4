//! A stack on fast time, and what is asked and exported in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use revops_core::export::folder;
use serde_json::{Value, json};

use crate::schemas::assert_valid;

pub(crate) const IXIS: &str = "What is the deal status for IXIS?";

/// The repository.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The house of every suite, and what this one does in it.
pub(crate) struct House(tests::house::House);

impl std::ops::Deref for House {
    type Target = tests::house::House;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl House {
    pub(crate) async fn start() -> Self {
        Self(tests::house::House::start().await)
    }

    /// Asks what `members` say, over the usual question of the deal team; the tracking id.
    pub(crate) async fn ask(&self, members: Value, headers: &[(&str, &str)]) -> String {
        let mut body = json!({"source_process": "exports", "timestamp": "2025-08-13T06:30:00Z",
            "source_system": "tests", "query": IXIS, "route": "deal_analysis"});
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        self.stack.post(&body.to_string(), headers).await.tracking_id()
    }

    /// The bytes of the conversation's exports by the names of the formats, each valid against its schema.
    pub(crate) fn exports(&self, id: &str) -> BTreeMap<String, String> {
        let root = self.stack.state().join("s3").join(&self.stack.ready.bucket);
        let folder = root.join(folder(id.parse().unwrap()));
        let mut found = BTreeMap::new();
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let format = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            assert_valid(&format, text.as_bytes());
            found.insert(format, text);
        }
        found
    }

    /// The four exports, once they say `status`.
    pub(crate) async fn exported(&self, id: &str, status: &str) -> BTreeMap<String, String> {
        let look = || async {
            let exports = self.exports(id);
            let ended = exports.get("summary").is_some_and(|line| json_of(line)["status"] == status);
            (ended && exports.len() == 4).then_some(exports)
        };
        self.stack.until(&format!("{id} is exported as {status}"), look).await
    }
}

pub(crate) fn json_of(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}
