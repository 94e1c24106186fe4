//! The command line of `gatewayctl dlq`.

use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Subcommand};
use revops_core::retry::EndReason;
use revops_core::{Header, Timestamp, TrackingId};

use super::filter::Filter;
use crate::commands::reconcile::Since;

const EXAMPLES: &str = "\
Examples:
  gatewayctl dlq list --since 24h
      what failed for good since yesterday
  gatewayctl dlq show 0198a0a0-0000-7000-8000-000000000000
      why one of them failed, and what to do about it
  gatewayctl dlq replay --header deal_analysis --reason attempts_exhausted --dry-run
      what would be delivered again, once the deal team's receiver is back
  gatewayctl dlq replay --header deal_analysis --reason attempts_exhausted --rate 5
      delivers it, five a second

Without --local the queues and the bucket come from the variables that the functions have:
DEAD_LETTER_QUEUE_URL; for show and replay CONVERSATION_EXPORT_S3_BUCKET; for replay QUERY_QUEUE_URL,
DEAL_ANALYSIS_QUEUE_URL and its sisters, and OUTBOUND_WEBHOOK_QUEUE_URL. QUERY_DEAD_LETTER_QUEUE_URL, where set,
adds the queries that could not be worked on.";

const REPLAY: &str = "\
A dead letter is addressed as the next run of its delivery: the receiver gets the same webhook-id and the same
bytes. It is sent to the queue of its class and then deleted here. What was delivered meanwhile is not POSTed
again, whoever replays it and however often; so a replay that broke off is simply repeated.

What stays, with its reason: a message that this version does not understand, one whose deadline (deliver_before)
has passed unless --ignore-deadline says that it does not matter, and one that somebody else holds at this moment.

Something must be selected: tracking ids, filters, or --all. Several filters select what all of them select.

Exit code 0: all that was selected was replayed (or would be). 1: something stayed or failed. 3: a tracking id has
no dead letter.

Examples:
  gatewayctl dlq replay 0198a0a0-0000-7000-8000-000000000000
  gatewayctl dlq replay --reason destination_disabled --reason gone --header general --dry-run
  gatewayctl dlq replay --since 2h --rate 5
  gatewayctl dlq replay --all";

/// List, explain and replay what could not be delivered.
///
/// SQS cannot be looked into without receiving: whatever is listed is hidden from others for a moment and given
/// back at the end, also after an error or Ctrl-C. If this program is killed, it comes back by itself within 15
/// minutes.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Dlq {
    #[command(subcommand)]
    pub(super) action: Action,
}

#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// List the dead letters, the oldest first
    List(List),
    /// Explain one conversation's dead letters
    Show(Show),
    /// Deliver dead letters again
    Replay(Replay),
}

/// List the dead letters, the oldest first. Duplicates, which a crash can leave, are counted and not listed.
#[derive(Debug, clap::Args)]
pub(super) struct List {
    #[command(flatten)]
    pub(super) choice: Choice,
}

/// Explain one conversation's dead letters: message, reason, last attempt, outcome, and what to do next.
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The tracking id
    pub(super) id: TrackingId,
}

/// Deliver dead letters again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = REPLAY,
    group = ArgGroup::new("selection").args(["ids", "header", "reason", "since", "all"]).multiple(true).required(true),
)]
pub(super) struct Replay {
    /// The tracking ids
    #[arg(value_name = "ID")]
    pub(super) ids: Vec<TrackingId>,
    #[command(flatten)]
    pub(super) choice: Choice,
    /// Every dead letter
    #[arg(long, conflicts_with_all = ["ids", "header", "reason", "since"])]
    pub(super) all: bool,
    #[command(flatten)]
    pub(super) manner: Manner,
}

/// How a replay is done.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Manner {
    /// At most so many a second
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) rate: u32,
    /// Only say what would be replayed
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Deliver also what should have been delivered before now (deliver_before)
    #[arg(long)]
    pub(crate) ignore_deadline: bool,
}

/// Which dead letters.
#[derive(Debug, clap::Args)]
pub(super) struct Choice {
    /// Only those for this class's webhook
    #[arg(long)]
    header: Option<Header>,
    /// Only those that failed for this reason; can be repeated
    #[arg(long, value_parser = PossibleValuesParser::new(EndReason::ALL.map(EndReason::as_str)))]
    reason: Vec<String>,
    /// Only those that failed since a time such as 2025-08-13T06:30:00Z, or within an age such as 2h or 7d
    #[arg(long, value_name = "T")]
    since: Option<Since>,
}

impl List {
    pub(super) fn filter(&self, now: Timestamp) -> Filter {
        self.choice.filter(now)
    }
}

impl Replay {
    pub(super) fn filter(&self, now: Timestamp) -> Filter {
        Filter { ids: self.ids.clone(), ..self.choice.filter(now) }
    }
}

impl Choice {
    fn filter(&self, now: Timestamp) -> Filter {
        let Self { header, reason, since } = self;
        Filter {
            ids: Vec::new(),
            header: *header,
            reasons: reason.clone(),
            since: since.map(|since| since.before(now)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::args::Args;
    use clap::Parser as _;

    const ID: &str = "0198a0a0-0000-7000-8000-000000000000";

    fn is_understood(call: &[&str]) -> bool {
        Args::try_parse_from([&["gatewayctl", "dlq"], call].concat()).is_ok()
    }

    #[test]
    fn a_replay_without_a_selection_is_refused() {
        assert!(!is_understood(&["replay"]));
        assert!(!is_understood(&["replay", "--dry-run", "--rate", "5"]));
        for selection in
            [&[ID][..], &["--all"], &["--header", "general"], &["--reason", "gone"], &["--since", "2h"]]
        {
            assert!(is_understood(&[&["replay"], selection].concat()), "{selection:?}");
        }
    }

    #[test]
    fn all_is_all_and_nothing_less() {
        assert!(!is_understood(&["replay", "--all", "--header", "general"]));
        assert!(!is_understood(&["replay", "--all", ID]));
    }

    #[test]
    fn a_misspelt_word_is_refused_before_a_message_is_touched() {
        for wrong in [
            &["list", "--header", "deals"][..],
            &["list", "--reason", "disabled"],
            &["list", "--since", "yesterday"],
            &["show", "42"],
            &["replay", "--all", "--rate", "0"],
        ] {
            assert!(!is_understood(wrong), "{wrong:?}");
        }
    }
}
