//! `gatewayctl export`: a conversation's exports, made again from its records.

use std::io::Write;

use revops_aws::S3Records;
use revops_core::TrackingId;
use revops_core::conversation::{Conversation, load};
use revops_core::export::{ExportFormats, write};
use revops_core::ports::RemoveRecords as _;
use revops_core::records::is_deleted;
use revops_core::telemetry::with_causes;
use serde_json::json;

use crate::aws::{bucket, clients};
use crate::error::CtlError;
use crate::target::Target;

/// How often the exports are written while somebody else changes the records.
const ROUNDS: usize = 5;

const EXAMPLES: &str = "\
Examples:
  gatewayctl export 0198a0a0-0000-7000-8000-000000000000
  gatewayctl export 0198a0a0-0000-7000-8000-000000000000 --format summary,analysis

Without --local the bucket is CONVERSATION_EXPORT_S3_BUCKET. Exit code 3: there is no such conversation.";

/// Make the exports of one conversation again, from its records.
///
/// It is the code by which the delivery function exports: the same records give the same bytes, however often. What is
/// written replaces what was there.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    /// The tracking id
    id: TrackingId,
    /// Which formats, some of conversation,metadata,summary,analysis
    #[arg(
        long = "format",
        env = "EXPORT_FORMATS",
        default_value = "conversation,metadata,summary,analysis",
        value_name = "FORMATS"
    )]
    formats: ExportFormats,
    /// Export it also if it has not ended, as it stands now; its own export follows when it ends
    #[arg(long)]
    unfinished: bool,
}

/// Writes the exports, and tells where they are.
pub(crate) async fn run(
    export: &Export,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let Export { id, formats, unfinished } = export;
    if formats.iter().next().is_none() {
        return Err(CtlError::Usage(
            "no format is named: leave --format and EXPORT_FORMATS out for all".into(),
        ));
    }
    let bucket = bucket(target)?;
    let records = S3Records::new(clients(target).await, bucket.clone());
    let conversation = found(&records, *id).await?;
    let status = conversation.status().as_str();
    if conversation.outcome().is_none() && !unfinished {
        return Err(CtlError::Failed(format!(
            "{id} has not ended ({status}); it is exported when it ends, and --unfinished exports it as it stands"
        )));
    }
    let written = written(&records, conversation, formats).await?;
    print(&written, &bucket, as_json, out)
}

/// What was written, and of what.
struct Written {
    conversation: Conversation,
    keys: Vec<String>,
}

/// Writes until the records are those that were written, so that an older state never replaces the export of whoever
/// ended the conversation meanwhile.
async fn written(
    records: &S3Records,
    mut conversation: Conversation,
    formats: &ExportFormats,
) -> Result<Written, CtlError> {
    for _ in 0..ROUNDS {
        let keys = write(records, &conversation, formats).await;
        let keys = keys.map_err(|cause| unusable("the exports could not be written", &cause))?;
        if is_deleted(records, conversation.query.tracking_id)
            .await
            .map_err(|cause| unusable("the tombstone could not be read", &cause))?
        {
            return Err(taken_back(records, conversation.query.tracking_id, &keys).await);
        }
        let now = found(records, conversation.query.tracking_id).await?;
        if now == conversation {
            return Ok(Written { conversation, keys });
        }
        conversation = now;
    }
    Err(CtlError::Failed("its records change all the time: try again when it has ended".to_owned()))
}

/// Removes what was written beside a deletion, which may have looked for the last time already.
async fn taken_back(records: &S3Records, id: TrackingId, keys: &[String]) -> CtlError {
    for key in keys {
        if let Err(cause) = records.remove(key).await {
            return unusable(
                &format!("{id} was deleted meanwhile, and {key} could not be removed again"),
                &cause,
            );
        }
    }
    CtlError::NotFound(format!("{id} is deleted: nothing is exported any more"))
}

async fn found(records: &S3Records, id: TrackingId) -> Result<Conversation, CtlError> {
    let loaded = load(records, id).await;
    let loaded = loaded.map_err(|cause| unusable("the records could not be read", &cause))?;
    loaded.ok_or_else(|| {
        CtlError::NotFound(format!(
            "no conversation {id} in this bucket: never accepted, deleted, or older than records are kept"
        ))
    })
}

fn unusable(what: &str, cause: &dyn std::error::Error) -> CtlError {
    let causes = with_causes(cause);
    CtlError::Failed(format!("{what}: {causes}; are region, credentials and the bucket right?"))
}

fn print(written: &Written, bucket: &str, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
    let Written { conversation, keys } = written;
    let (id, status) = (conversation.query.tracking_id, conversation.status());
    let objects: Vec<String> = keys.iter().map(|key| format!("s3://{bucket}/{key}")).collect();
    if as_json {
        return Ok(writeln!(out, "{}", json!({"tracking_id": id, "status": status, "objects": objects}))?);
    }
    let ended = if conversation.outcome().is_some() { "" } else { ", not ended" };
    writeln!(out, "{id}  {}{ended}", status.as_str())?;
    for object in objects {
        writeln!(out, "  {object}")?;
    }
    Ok(())
}
