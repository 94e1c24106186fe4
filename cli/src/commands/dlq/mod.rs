//! `gatewayctl dlq`: lists, explains and replays what could not be delivered.

mod advice;
mod args;
mod filter;
mod hands;
mod letter;
mod list;
mod pace;
mod plan;
mod replay;
mod show;
mod summary;
#[cfg(test)]
mod tests;

pub(crate) use args::{Dlq, Manner};
pub(crate) use filter::Filter;
pub(crate) use summary::Summary;

use std::io::Write;

use revops_aws::{Clients, S3Records, SqsQueues, SystemClock};
use revops_core::conversation::load;
use revops_core::ports::{Clock as _, CountMessages as _};
use revops_core::telemetry::with_causes;
use revops_core::{Timestamp, TrackingId};

use crate::aws::{DeadLetterQueues, Queues, bucket, clients};
use crate::error::CtlError;
use crate::interrupt::Interrupt;
use crate::progress::Progress;
use crate::target::Target;
use args::Action;
use hands::with_all_of;
use letter::Letter;
use list::Listing;
use replay::Replayer;
use show::Shown;

/// Does what was asked for.
pub(crate) async fn run(
    dlq: &Dlq,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let (clients, now) = (clients(target).await, SystemClock.now());
    match &dlq.action {
        Action::List(list) => {
            let letters = letters(&clients, target).await?;
            Listing::new(letters, &list.filter(now), now).print(as_json, out)
        }
        Action::Show(show) => shown(show.id, clients, target, now).await?.print(as_json, out),
        Action::Replay(args) => {
            let summary = replay(clients, target, &args.filter(now), args.manner, now).await?;
            if as_json {
                writeln!(out, "{}", summary.to_json())?
            } else {
                summary.print(out)?
            }
            summary.verdict()
        }
    }
}

/// All dead letters, as a look finds them.
async fn letters(clients: &Clients, target: &Target) -> Result<Vec<Letter>, CtlError> {
    let (boxes, queues) = (DeadLetterQueues::find(target)?, SqsQueues::new(clients.clone()));
    let look = async |hands: &mut hands::Hands<'_, SqsQueues>| Ok(hands.letters());
    let letters = with_all_of(&queues, boxes.urls(), &Interrupt::listen()?, look).await?;
    if letters.is_empty() {
        tell_who_else_holds(&queues, &boxes).await;
    }
    Ok(letters)
}

/// Nothing to be seen can mean that another operator looks at everything.
async fn tell_who_else_holds(queues: &SqsQueues, boxes: &DeadLetterQueues) {
    for url in boxes.urls() {
        if let Ok(count @ 1..) = queues.in_flight(url).await {
            let queue = summary::name(url);
            Progress::default()
                .say(&format!("about {count} messages of {queue} are held by somebody at this moment"));
        }
    }
}

async fn shown(id: TrackingId, clients: Clients, target: &Target, now: Timestamp) -> Result<Shown, CtlError> {
    let records = S3Records::new(clients.clone(), bucket(target)?);
    let mut letters = letters(&clients, target).await?;
    letters.retain(|letter| letter.tracking_id() == Some(id));
    if letters.is_empty() {
        return Err(CtlError::NotFound(format!(
            "no dead letter of {id}; `gatewayctl track {id}` tells where the conversation stands"
        )));
    }
    let conversation = load(&records, id).await.map_err(|cause| {
        CtlError::Failed(format!("the records of {id} could not be read: {}", with_causes(&cause)))
    })?;
    Ok(Shown { letters, conversation, now })
}

/// Replays what `filter` selects. Whatever could be refused is looked at before a message is touched.
pub(crate) async fn replay(
    clients: Clients,
    target: &Target,
    filter: &Filter,
    manner: Manner,
    now: Timestamp,
) -> Result<Summary, CtlError> {
    let (boxes, queues) = (DeadLetterQueues::find(target)?, Queues::find(target)?);
    let records = S3Records::new(clients.clone(), bucket(target)?);
    let (sqs, interrupt) = (SqsQueues::new(clients), Interrupt::listen()?);
    let replayer = Replayer { records: &records, queues: &queues, manner, now, interrupt: &interrupt };
    let work = async |hands: &mut hands::Hands<'_, SqsQueues>| replayer.replay(&sqs, hands, filter).await;
    with_all_of(&sqs, boxes.urls(), &interrupt, work).await
}
