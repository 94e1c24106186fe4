//! What a deletion says.

use std::io::Write;

use revops_core::TrackingId;
use revops_core::records::keys;
use serde_json::json;

use crate::error::CtlError;

/// What was deleted, or would be.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) id: TrackingId,
    pub(super) bucket: String,
    pub(super) dry_run: bool,
    /// Whether it had not ended.
    pub(super) under_way: bool,
    /// What was deleted, in this order, or would be.
    pub(super) keys: Vec<String>,
    /// Records that were to name the idempotency key's entry, and cannot be understood.
    pub(super) unreadable: Vec<String>,
    /// What was there again each time.
    pub(super) left: Vec<String>,
    /// Whether the bucket keeps older versions; none where it does not say.
    pub(super) versioned: Option<bool>,
}

impl Told {
    pub(super) fn print(&self, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
        let Self { id, bucket, dry_run, under_way, keys, unreadable, left, versioned } = self;
        if as_json {
            let told = json!({"tracking_id": id, "bucket": bucket, "dry_run": dry_run, "under_way": under_way,
                "objects": keys, "unreadable": unreadable, "left": left, "versioned": versioned});
            return Ok(writeln!(out, "{told}")?);
        }
        let verb = if *dry_run { "would be deleted" } else { "deleted" };
        writeln!(out, "{} objects of {id} {verb} from {bucket}", keys.len())?;
        for key in keys {
            writeln!(out, "  {key}")?;
        }
        for key in unreadable {
            writeln!(
                out,
                "{key} cannot be understood: the entry of its idempotency key, if it has one, stays"
            )?;
        }
        if *under_way && *dry_run {
            writeln!(out, "it is under way: --unfinished deletes it all the same")?;
        }
        if !dry_run && left.is_empty() {
            writeln!(out, "looked again: nothing is left but the tombstone {:?}", keys::deleted(*id))?;
        }
        writeln!(out, "{}", self.about_versions())?;
        Ok(writeln!(
            out,
            "not reached from here: log lines and queues (the id only), and what receivers got"
        )?)
    }

    const fn about_versions(&self) -> &'static str {
        match self.versioned {
            Some(false) => "the bucket keeps no older versions",
            Some(true) => {
                "the bucket KEEPS OLDER VERSIONS: they stay until they are deleted or expire by themselves"
            }
            None => "whether the bucket keeps older versions could not be seen (s3:GetBucketVersioning)",
        }
    }

    /// An error if something is left.
    pub(super) fn verdict(&self) -> Result<(), CtlError> {
        if self.left.is_empty() {
            return Ok(());
        }
        let left = self.left.join(", ");
        Err(CtlError::Failed(format!(
            "somebody still writes: {left}; repeat the call when {} has ended",
            self.id
        )))
    }
}
