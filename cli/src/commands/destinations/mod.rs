//! `gatewayctl destinations`: which classes' webhooks answered 410, and enabling them again.

mod table;

use std::io::Write;

use clap::Subcommand;
use futures_util::future::try_join_all;
use revops_aws::{Clients, S3Records, SystemClock};
use revops_core::Header;
use revops_core::ports::{Clock as _, RemoveRecords};
use revops_core::records::{DisabledRecord, RecordError, keys, read};
use revops_core::retry::EndReason;
use revops_core::telemetry::with_causes;

use crate::aws::{bucket, clients};
use crate::commands::dlq::{Filter, Manner, Summary, replay};
use crate::error::CtlError;
use crate::target::Target;
use table::{Enabled, Table};

/// Why letters of a disabled destination were given up: by its 410, and after it.
const REASONS: [EndReason; 2] = [EndReason::Gone, EndReason::DestinationDisabled];

/// How fast letters go to a destination that has just come back.
const RATE: u32 = 10;

const EXAMPLES: &str = "\
Examples:
  gatewayctl destinations
  gatewayctl destinations enable deal_analysis --replay

Without --local the bucket is CONVERSATION_EXPORT_S3_BUCKET; --replay needs the variables that
`gatewayctl dlq --help` names.";

/// Show which classes' destinations are disabled, and enable them.
///
/// A destination that answers 410 is disabled: its class's answers are kept as dead letters, without a POST,
/// until its URL is another one or it is enabled here.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Destinations {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Let a class's answers be delivered again
    Enable(Enable),
}

/// Let a class's answers be delivered again. Enabling what is not disabled changes nothing.
#[derive(Debug, clap::Args)]
struct Enable {
    /// The class: `deal_analysis`, `data_analysis`, `lead_analysis` or `general`
    header: Header,
    /// Replay, ten a second, the dead letters of this class that failed because its destination was gone or
    /// disabled
    #[arg(long)]
    replay: bool,
}

/// Does what was asked for.
pub(crate) async fn run(
    destinations: &Destinations,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let clients = clients(target).await;
    let records = S3Records::new(clients.clone(), bucket(target)?);
    match &destinations.action {
        None => {
            let markers = try_join_all(Header::ALL.map(|header| marker(&records, header))).await?;
            Table(Header::ALL.into_iter().zip(markers).collect()).print(as_json, out)
        }
        Some(Action::Enable(enable)) => {
            let was = marker(&records, enable.header).await?;
            let key = keys::disabled(enable.header);
            records.remove(key.path()).await.map_err(|cause| failed(&cause.into()))?;
            let replayed =
                if enable.replay { Some(letters_of(enable.header, clients, target).await?) } else { None };
            Enabled { header: enable.header, was, replayed }.print(as_json, out)
        }
    }
}

/// The marker of the class, if its destination is disabled.
async fn marker(records: &S3Records, header: Header) -> Result<Option<DisabledRecord>, CtlError> {
    read(records, &keys::disabled(header)).await.map_err(|cause| failed(&cause))
}

/// Replays what failed because the class's destination was gone.
async fn letters_of(header: Header, clients: Clients, target: &Target) -> Result<Summary, CtlError> {
    let reasons = REASONS.map(|reason| reason.as_str().to_owned()).into();
    let filter = Filter { header: Some(header), reasons, ..Filter::default() };
    let manner = Manner { rate: RATE, dry_run: false, ignore_deadline: false };
    replay(clients, target, &filter, manner, SystemClock.now()).await
}

fn failed(cause: &RecordError) -> CtlError {
    let causes = with_causes(cause);
    CtlError::Failed(format!("the bucket's markers: {causes}; are region, credentials and the bucket right?"))
}
