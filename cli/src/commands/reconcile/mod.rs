//! `gatewayctl reconcile`: finds conversations that nobody works on any more, and brings them back.

mod judge;
mod listing;
mod moment;
mod table;

pub(crate) use moment::{Since, age};

use std::io::Write;

use futures_util::{StreamExt as _, stream};
use revops_aws::{S3Records, SqsQueues, SystemClock};
use revops_core::ports::{Clock as _, SendMessages as _};
use revops_core::telemetry::with_causes;

use crate::args::Reconcile;
use crate::aws::{Queues, bucket, clients};
use crate::error::CtlError;
use crate::progress::Progress;
use crate::target::Target;
use judge::{Found, Judge, Verdict};
use table::Report;

/// How many conversations are read at a time.
const READS_AT_A_TIME: usize = 16;

/// Prints what is stranded; an error if something is and stays so.
pub(crate) async fn run(
    args: &Reconcile,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let (clients, bucket, now) = (clients(target).await, bucket(target)?, SystemClock.now());
    let since = args.since.before(now);
    let queues = args.repair.then(|| Queues::find(target)).transpose()?;
    let progress = Progress::default();
    let listed = listing::unfinished(&clients, &bucket, since, now, &progress).await?;
    let judge = Judge { records: S3Records::new(clients.clone(), bucket), now, patience: args.older_than };
    let mut report = Report { since, checked: listed.conversations, found: Vec::new(), unreadable: 0 };
    let verdicts = listed.unfinished.into_iter().map(|listed| judge.judge(listed));
    let mut verdicts = stream::iter(verdicts).buffer_unordered(READS_AT_A_TIME);
    while let Some(verdict) = verdicts.next().await {
        progress.read_one();
        match verdict {
            Verdict::Fine => {}
            Verdict::Unreadable(cause) => {
                report.unreadable += 1;
                progress.say(&cause);
            }
            Verdict::Stranded(found) => report.found.push(*found),
        }
    }
    report.found.sort_by_key(|found| found.id);
    if let Some(queues) = &queues {
        repair(&SqsQueues::new(clients), queues, &mut report.found, &progress).await;
    }
    report.print(as_json, out)?;
    report.verdict()
}

/// Queues a message for each. One that the queue does not take stays stranded, and the others go on.
async fn repair(sqs: &SqsQueues, queues: &Queues, found: &mut [Found], progress: &Progress) {
    for found in found {
        let (queue, message) = found.repair.clone();
        match sqs.send(queues.url(queue), message).await {
            Ok(()) => found.repaired = true,
            Err(cause) => progress.say(&format!("{}: {}", found.id, with_causes(&cause))),
        }
    }
}
