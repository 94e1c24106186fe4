//! `gatewayctl delete`: every object of one conversation, for requests of privacy.

mod found;
mod told;

use std::io::{BufRead as _, IsTerminal as _, Read as _, Write};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use revops_aws::{Clients, S3Records, SystemClock};
use revops_core::TrackingId;
use revops_core::ports::{Clock as _, RemoveRecords as _};
use revops_core::records::{DeletedRecord, VERSION, create, keys};
use revops_core::telemetry::with_causes;

use crate::aws::{bucket, clients};
use crate::error::CtlError;
use crate::target::Target;
use found::Found;
use told::Told;

/// How many objects are removed at a time.
const AT_A_TIME: usize = 16;

/// How often what appears meanwhile is removed, too.
const ROUNDS: usize = 3;

const EXAMPLES: &str = "\
Examples:
  gatewayctl delete 0198a0a0-0000-7000-8000-000000000000 --dry-run
  gatewayctl delete 0198a0a0-0000-7000-8000-000000000000 --yes

Not reached from here: log lines and metrics (a log line has the id, never a text), messages in queues (they have the
id, and are dropped when their turn comes), what receivers got, the agent's own session memory, results of queries
over the exports, and older versions where the bucket keeps them.

A tombstone stays, conversations/ID/deleted.json, with the id and the time alone: a message without its records is
dropped only if the tombstone says that somebody deleted them. It expires as records do.

Without --local the bucket is CONVERSATION_EXPORT_S3_BUCKET. It needs s3:ListBucket, s3:GetObject, s3:PutObject,
s3:DeleteObject, and s3:GetBucketVersioning to tell whether older versions stay: permissions of an operator, which no
function has.

Exit code 0: nothing is left. 1: something is, or the conversation has not ended. 3: there was nothing.";

/// Delete every object of one conversation: records, exports, and its idempotency key's entry.
///
/// A conversation that is under way is refused: the functions that work on it would write behind the deletion, and
/// deliver. --unfinished deletes it all the same; whoever works on it at this moment may leave something, so repeat it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Delete {
    /// The tracking id
    id: TrackingId,
    /// Do not ask; needed where no terminal is there to ask on
    #[arg(long)]
    yes: bool,
    /// Only list what would be deleted
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Delete it although it has not ended
    #[arg(long)]
    unfinished: bool,
}

/// Deletes what there is, looks again, and tells what was deleted.
pub(crate) async fn run(
    delete: &Delete,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let (clients, bucket) = (clients(target).await, bucket(target)?);
    let found = Found::of(&clients, &bucket, delete.id).await?;
    if found.keys.is_empty() {
        return Err(CtlError::NotFound(format!("nothing of {} is in the bucket {bucket}", delete.id)));
    }
    let mut told = Told {
        id: delete.id,
        bucket,
        dry_run: delete.dry_run,
        under_way: found.is_under_way(),
        keys: Vec::new(),
        unreadable: found.unreadable.clone(),
        left: Vec::new(),
        versioned: found.versioned,
    };
    if delete.dry_run {
        told.keys = found.keys;
        return told.print(as_json, out);
    }
    if told.under_way && !delete.unfinished {
        return Err(refused(delete.id));
    }
    confirm(delete, found.keys.len())?;
    bury(&clients, &told).await?;
    remove_all(&clients, &mut told, found).await?;
    told.print(as_json, out)?;
    told.verdict()
}

/// Leaves the tombstone before anything is removed: whoever misses a record finds it. An older one stays.
async fn bury(clients: &Clients, told: &Told) -> Result<(), CtlError> {
    let records = S3Records::new(clients.clone(), told.bucket.clone());
    let (key, deleted_at) = (keys::deleted(told.id), SystemClock.now());
    let tombstone = DeletedRecord { v: VERSION, tracking_id: told.id, deleted_at };
    let buried = create(&records, &key, &tombstone).await;
    buried.map(|_| ()).map_err(|cause| {
        let causes = with_causes(&cause);
        CtlError::Failed(format!(
            "{key:?} could not be written: {causes}; nothing was deleted, repeat the call"
        ))
    })
}

/// Removes what was found and what appears meanwhile: a function can still write the export of a conversation that
/// has just ended.
async fn remove_all(clients: &Clients, told: &mut Told, mut found: Found) -> Result<(), CtlError> {
    let records = S3Records::new(clients.clone(), told.bucket.clone());
    for _ in 0..ROUNDS {
        remove(&records, &found.keys).await?;
        told.keys.append(&mut found.keys);
        found = Found::of(clients, &told.bucket, told.id).await?;
        if found.keys.is_empty() {
            break;
        }
    }
    told.left = found.keys;
    Ok(())
}

/// The first two one after the other, the rest at once (see [`Found::keys`]).
async fn remove(records: &S3Records, keys: &[String]) -> Result<(), CtlError> {
    let (first, rest) = keys.split_at(keys.len().min(2));
    for key in first {
        remove_one(records, key).await?;
    }
    let removals = stream::iter(rest.iter().map(|key| remove_one(records, key)));
    removals.buffer_unordered(AT_A_TIME).try_collect().await
}

async fn remove_one(records: &S3Records, key: &str) -> Result<(), CtlError> {
    records.remove(key).await.map_err(|cause| {
        let causes = with_causes(&cause);
        CtlError::Failed(format!(
            "{key} could not be deleted: {causes}; what was deleted stays so, repeat the call"
        ))
    })
}

fn refused(id: TrackingId) -> CtlError {
    CtlError::Failed(format!(
        "{id} is under way: whoever works on it would write behind the deletion. Wait until `gatewayctl track {id}` \
         says that it has ended, or delete it with --unfinished"
    ))
}

/// Asks on a terminal, unless `--yes` has answered.
fn confirm(delete: &Delete, objects: usize) -> Result<(), CtlError> {
    if delete.yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(CtlError::Usage(
            "nobody is there to ask: say --yes, or look first with --dry-run".to_owned(),
        ));
    }
    write!(std::io::stderr(), "Delete {objects} objects of {} for good? [y/N] ", delete.id)?;
    let mut answer = String::new();
    std::io::stdin().lock().take(8).read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        Ok(())
    } else {
        Err(CtlError::Failed("nothing was deleted".to_owned()))
    }
}
