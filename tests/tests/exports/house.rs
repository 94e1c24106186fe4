//! A stack on fast time, and what is asked and exported in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use reqwest::Method;
use revops_core::export::folder;
use serde_json::{Value, json};
use tests::stack::{Options, Stack};

use crate::schemas::assert_valid;

pub(crate) const IXIS: &str = "What is the deal status for IXIS?";

/// The repository.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A stack with its state.
pub(crate) struct House {
    pub(crate) stack: Stack,
    _state: tempfile::TempDir,
}

impl House {
    pub(crate) async fn start() -> Self {
        let state = tempfile::tempdir().unwrap();
        let stack = Stack::start(state.path(), Options { time_scale: 10.0, ..Options::default() }).await;
        Self { stack, _state: state }
    }

    /// From now on, or so often as it says, `place` misbehaves so.
    pub(crate) async fn fault(&self, place: &str, fault: Value) {
        let told = self.stack.call(Method::PUT, &format!("/_local/{place}"), Some(fault)).await;
        assert!(told.status < 300, "{told:?}");
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

    /// What `gatewayctl --json` printed, and its exit code.
    pub(crate) fn gatewayctl(&self, call: &[&str]) -> (Value, i32) {
        let output = self.stack.gatewayctl(&[&["--json"], call].concat());
        (serde_json::from_slice(&output.stdout).unwrap_or_default(), output.status.code().unwrap())
    }

    /// What `gatewayctl` complained, and its exit code.
    pub(crate) fn complaint(&self, call: &[&str]) -> (String, i32) {
        let output = self.stack.gatewayctl(call);
        (String::from_utf8(output.stderr).unwrap(), output.status.code().unwrap())
    }
}

pub(crate) fn json_of(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}
