//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Parser, Subcommand};

use crate::commands::check::Check;
use crate::commands::cost::Cost;
use crate::commands::delete::Delete;
use crate::commands::destinations::Destinations;
use crate::commands::dlq::Dlq;
use crate::commands::export::Export;
use crate::commands::manual::{Completions, Man};
use crate::commands::metrics::Metrics;
use crate::commands::reconcile::{Since, age};
use crate::commands::tail::Tail;

/// What to type first.
const EXAMPLES: &str = "\
Examples:
  gatewayctl --local send \"What is the deal status for IXIS?\" --track   ask, and follow it to its end
  gatewayctl track ID                                                    what became of one conversation, and why
  gatewayctl tail --follow --level warn                                  what goes wrong at this moment
  gatewayctl dlq list --since 24h                                        what could not be delivered
  gatewayctl dlq replay --header deal_analysis --dry-run                 what a replay would do

`gatewayctl help COMMAND` has more. NO_COLOR=1 prints without colours.";

/// Asks, follows and explains conversations of the RevOps Webhook Gateway.
///
/// Without --local it talks to GATEWAY_URL with GATEWAY_API_KEY, and to AWS with the usual credentials.
/// Exit codes: 0 ok, 1 failed, 2 usage, 3 not found.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Talk to the stack that `cargo local` runs on this machine
    #[arg(long, global = true)]
    pub(crate) local: bool,
    /// Where that stack keeps its state
    #[arg(long, global = true, default_value = ".local", value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask a question
    Send(Send),
    /// Tell the whole life of one conversation
    Track(Track),
    /// Show the functions' log, also as it is written
    Tail(Tail),
    /// Show what the functions measured, with sparklines
    Metrics(Metrics),
    /// Show how many messages wait in each queue, and how old the oldest is
    Queues,
    /// List, explain and replay what could not be delivered
    Dlq(Dlq),
    /// Show which classes' destinations are disabled, and enable them
    Destinations(Destinations),
    /// Find conversations that nobody works on any more, and bring them back
    Reconcile(Reconcile),
    /// Make the exports of one conversation again
    Export(Export),
    /// Delete everything of one conversation
    Delete(Delete),
    /// Show how questions and answers would be routed, and why (offline)
    Classify(Classify),
    /// Tell what a month of questions costs on AWS (offline)
    Cost(Cost),
    Check(Check),
    /// Sign a body as the gateway signs its deliveries (Standard Webhooks)
    Sign(Sign),
    /// Verify the signature of a received delivery
    Verify(Verify),
    /// Print what a shell needs to complete these commands
    Completions(Completions),
    /// Print the manual page
    Man(Man),
}

/// Ask a question, and wait for the answer unless told otherwise.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("manner").args(["wait", "asynchronous", "track"]))]
pub(crate) struct Send {
    /// The question
    pub(crate) query: String,
    /// Wait at most N seconds (0 to 25)
    #[arg(long, value_name = "N")]
    pub(crate) wait: Option<u8>,
    /// Do not wait: print the tracking id
    #[arg(long = "async")]
    pub(crate) asynchronous: bool,
    /// Do not wait for the answer; follow the conversation to its end
    #[arg(long)]
    pub(crate) track: bool,
    /// The system that asks
    #[arg(long, default_value = "gatewayctl")]
    pub(crate) source_system: String,
    /// The process that asks
    #[arg(long, default_value = "manual")]
    pub(crate) source_process: String,
    /// Makes a repetition safe: the same key and question is the same conversation
    #[arg(long, value_name = "KEY")]
    pub(crate) idempotency_key: Option<String>,
}

const TRACK_EXAMPLES: &str = "\
Examples:
  gatewayctl track 0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b
  gatewayctl --local track ID --watch
  gatewayctl track ID --json | jq -r .attribution";

/// Tell the whole life of one conversation: what happened, when, why, whose fault it was, and what is next.
///
/// With CONVERSATION_EXPORT_S3_BUCKET (or --local) it reads the records, which are every caller's. Without, it asks
/// GATEWAY_URL, which shows the conversations of GATEWAY_API_KEY's owner.
#[derive(Debug, clap::Args)]
#[command(after_help = TRACK_EXAMPLES)]
pub(crate) struct Track {
    /// The tracking id
    pub(crate) id: String,
    /// Follow it until it has ended; Ctrl-C stops watching and exits with 1
    #[arg(long)]
    pub(crate) watch: bool,
}

/// Find conversations that nobody works on any more, and bring them back.
///
/// A conversation is stranded when it has no outcome and its newest record, its next try of the agent and its
/// next attempt are over 30 minutes past. --repair queues the message that it lacks; that is harmless where
/// somebody works on it after all: an answer is not asked for again, and nothing is delivered twice.
///
/// Without --local it reads CONVERSATION_EXPORT_S3_BUCKET, and with --repair QUERY_QUEUE_URL,
/// DEAL_ANALYSIS_QUEUE_URL and its sisters, and OUTBOUND_WEBHOOK_QUEUE_URL, as the functions do.
///
/// Exit code 0: nothing is stranded, or all of it was queued again. 1: something is stranded, or could not be
/// judged.
#[derive(Debug, clap::Args)]
pub(crate) struct Reconcile {
    /// How far back to look: a time such as 2025-08-13T06:30:00Z, or an age such as 2h or 7d
    #[arg(long, value_name = "T")]
    pub(crate) since: Since,
    /// How long a conversation may be silent
    #[arg(long, value_name = "AGE", default_value = "30m", value_parser = age)]
    pub(crate) older_than: Duration,
    /// Queue a message for each one found
    #[arg(long)]
    pub(crate) repair: bool,
}

/// Show how questions and answers would be routed, and why.
#[derive(Debug, clap::Args)]
pub(crate) struct Classify {
    /// One question
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) query: Option<String>,
    /// The agent's answer to it
    #[arg(long, default_value = "", requires = "query")]
    pub(crate) answer: String,
    /// A file of lines {id, query, answer, collaborators}; prints {id, header, method, confidence, reason}
    #[arg(long, value_name = "F.jsonl")]
    pub(crate) file: Option<PathBuf>,
}

/// Sign a body.
#[derive(Debug, clap::Args)]
pub(crate) struct Sign {
    /// A whsec_ secret or whsk_ key; better passed by the environment than by the command line
    #[arg(long, env = "SIGNING_SECRET", hide_env_values = true)]
    pub(crate) secret: String,
    /// The webhook-id
    #[arg(long)]
    pub(crate) id: String,
    /// The webhook-timestamp, in seconds since 1970
    #[arg(long)]
    pub(crate) timestamp: i64,
    /// The file with the body's bytes
    pub(crate) body: PathBuf,
}

/// Verify a signature.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// What was signed, and with which secret
    #[command(flatten)]
    pub(crate) signed: Sign,
    /// The webhook-signature as received
    #[arg(long)]
    pub(crate) signature: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_question_is_sent_in_one_manner_only() {
        assert!(Args::try_parse_from(["gatewayctl", "send", "hi", "--async", "--track"]).is_err());
        assert!(Args::try_parse_from(["gatewayctl", "--local", "send", "hi", "--wait", "3"]).is_ok());
    }
}
