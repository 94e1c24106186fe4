//! A stack on fast time with a folder of its own, and an operator beside it.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use reqwest::Method;
use serde_json::Value;

use crate::stack::{Options, Stack};

/// A stack with its state.
#[derive(Debug)]
pub struct House {
    /// The stack.
    pub stack: Stack,
    _state: tempfile::TempDir,
}

impl House {
    /// Starts it, ten times as fast as time.
    ///
    /// # Panics
    /// It does not become ready.
    pub async fn start() -> Self {
        let state = tempfile::tempdir().unwrap();
        let stack = Stack::start(state.path(), Options { time_scale: 10.0, ..Options::default() }).await;
        Self { stack, _state: state }
    }

    /// From now on, or so often as it says, `place` misbehaves so: `agent`, or `inbox/<class>`.
    ///
    /// # Panics
    /// The stack refuses it.
    pub async fn fault(&self, place: &str, fault: Value) {
        let told = self.stack.call(Method::PUT, &format!("/_local/{place}"), Some(fault)).await;
        assert!(told.status < 300, "{told:?}");
    }

    /// What `gatewayctl --json` printed, and its exit code.
    ///
    /// # Panics
    /// It was killed.
    #[must_use]
    pub fn gatewayctl(&self, call: &[&str]) -> (Value, i32) {
        let output = self.stack.gatewayctl(&[&["--json"], call].concat());
        (serde_json::from_slice(&output.stdout).unwrap_or_default(), output.status.code().unwrap())
    }

    /// What `gatewayctl` complained, and its exit code.
    ///
    /// # Panics
    /// It was killed.
    #[must_use]
    pub fn complaint(&self, call: &[&str]) -> (String, i32) {
        let output = self.stack.gatewayctl(call);
        (String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code().unwrap())
    }
}
