//! What was found, for a person or a program.

use std::io::Write;

use revops_core::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::judge::Found;
use crate::error::CtlError;

/// The result of a reconciliation.
pub(super) struct Report {
    pub(super) since: Timestamp,
    /// How many conversations there are since then.
    pub(super) checked: usize,
    pub(super) found: Vec<Found>,
    /// How many could not be judged.
    pub(super) unreadable: usize,
}

impl Report {
    pub(super) fn print(&self, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
        if as_json {
            return Ok(writeln!(out, "{}", self.to_json())?);
        }
        if !self.found.is_empty() {
            writeln!(
                out,
                "{:<36}  {:<9}  {:<24}  {:<12}  repaired",
                "tracking id", "status", "since", "missing"
            )?;
        }
        for found in &self.found {
            let (status, missing) = (word(found.status), word(found.missing));
            let repaired = if found.repaired { "queued" } else { "no" };
            writeln!(out, "{}  {status:<9}  {}  {missing:<12}  {repaired}", found.id, found.since)?;
        }
        let (checked, count) = (self.checked, self.found.len());
        Ok(writeln!(out, "{checked} conversations since {}, {count} stranded", self.since)?)
    }

    fn to_json(&self) -> Value {
        let rows = self.found.iter().map(|found| {
            json!({"tracking_id": found.id, "status": found.status, "received_at": found.received_at,
                "stranded_since": found.since, "missing": found.missing, "repaired": found.repaired})
        });
        json!({"since": self.since, "checked": self.checked, "unreadable": self.unreadable,
            "stranded": rows.collect::<Vec<_>>()})
    }

    /// An error, and with it exit code 1, as long as something is left to do.
    pub(super) fn verdict(&self) -> Result<(), CtlError> {
        let stranded = self.found.iter().filter(|found| !found.repaired).count();
        if self.unreadable > 0 {
            let count = self.unreadable;
            return Err(CtlError::Failed(format!("{count} conversations could not be judged; see above")));
        }
        if stranded > 0 {
            return Err(CtlError::Failed(format!(
                "{stranded} conversations are stranded; bring them back with --repair"
            )));
        }
        Ok(())
    }
}

/// The name on the wire.
fn word(value: impl Serialize) -> String {
    json!(value).as_str().unwrap_or_default().to_owned()
}
