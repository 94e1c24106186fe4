//! The command line of `cargo local`.

use std::path::PathBuf;

use clap::Parser;

/// Runs the whole product on this machine: the very Lambda binaries that are deployed, against embedded
/// stand-ins for API Gateway, Lambda, SQS, S3 and the Bedrock agent. No cloud account, no Docker, no network.
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(name = "cargo local", bin_name = "cargo local", version, after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Port of the front door, http://127.0.0.1:PORT (loopback only); 0 takes any free one.
    #[arg(long, default_value_t = 3000)]
    pub(crate) port: u16,

    /// Port of the embedded AWS services (SQS, S3, Lambda Invoke, Bedrock): the endpoint URL for any AWS client.
    #[arg(long, default_value_t = 4566)]
    pub(crate) aws_port: u16,

    /// Folder of queues, objects and logs; kept across restarts and crashes.
    #[arg(long, value_name = "DIR", default_value = ".local")]
    pub(crate) state: PathBuf,

    /// Empty the state folder first.
    #[arg(long)]
    pub(crate) fresh: bool,

    /// Let retry delays pass S times as fast; HTTP, lease and function time-outs stay real.
    #[arg(long, value_name = "S", default_value_t = 1.0, value_parser = time_scale)]
    pub(crate) time_scale: f64,

    /// Ask the real agent, with your credentials; set BEDROCK_AGENT_ID and BEDROCK_AGENT_ALIAS_ID, or
    /// AGENT_BACKEND=agentcore and AGENT_RUNTIME_ARN.
    #[arg(long, conflicts_with = "agent_url")]
    pub(crate) bedrock: bool,

    /// Let an OpenAI-compatible server answer, such as http://127.0.0.1:11434/v1; OPENAI_MODEL names its model,
    /// OPENAI_API_KEY your key there.
    #[arg(long, value_name = "URL")]
    pub(crate) agent_url: Option<String>,

    /// Cargo profile that the function binaries are built with.
    #[arg(long, value_name = "NAME", default_value = "dev")]
    pub(crate) profile: String,

    /// Run the function binaries of this folder instead of building them.
    #[arg(long, value_name = "DIR", conflicts_with = "profile")]
    pub(crate) bin_dir: Option<PathBuf>,

    /// The SAM template to run [default: template.yaml of the workspace].
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,

    /// Show the functions' log lines; without it only their errors are shown, and all are in STATE/logs.
    #[arg(long, short)]
    pub(crate) verbose: bool,

    /// Stop when standard input closes. For a test that starts a stack: the kernel closes the pipe when the test is
    /// killed, and a stack that nobody can stop any more does not stay.
    #[arg(long, hide = true)]
    pub(crate) until_stdin_closes: bool,
}

const AFTER_HELP: &str = "\
When all is up, the ready line shows a curl command to paste, and STATE/ready.json holds URLs and keys.

While it runs:
  http://127.0.0.1:PORT/_local/   the console: open it in a browser of this machine
  GET    /_local/inbox            what the webhooks received, each with its signature check
  DELETE /_local/inbox            empty it
  PUT    /_local/inbox/{header}   script a fault: {\"status\":503,\"rate\":0.3,\"delay_ms\":500,\"retry_after\":5,\"count\":2}
                                  or {\"behaviour\":\"trickle\"}: also endless, huge, short, endless_head, redirect, not_http,
                                  reset, hang (see README.md)
  DELETE /_local/inbox/{header}   end the fault
  GET    /_local/faults           the faults that are on
  GET    /_local/functions        the processes of the functions (kill -9 one: it is replaced)
  DELETE /_local/functions        end those that are idle, as a deploy does: what comes starts the binaries anew
  GET    /_local/metrics          the metrics that the functions emitted
  GET    /_local/invocations      what each function's invocations came to
  GET    /_local/queues           the queues: what waits, is in flight or delayed, and how old the oldest is
  GET    /_local/logs             the functions' last lines; ?from=NUMBER asks for those after the last answer
  GET    /_local/conversations    the newest conversations; /{id} tells one, with its records and exports
  POST   /_local/webhook          POST /webhook with the stack's own key
  PUT    /_local/agent            script a failure of the sample agent; DELETE ends it

The functions' variables (DEAL_ANALYSIS_WEBHOOK_URL, SIGNING_SECRETS, RETRY_MAX_ATTEMPTS, LOG_LEVEL, …) are
taken from your environment where set. AWS_ENDPOINT_URL_<SERVICE> replaces an embedded service by another one.

Ctrl-C stops everything.";

fn time_scale(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(scale) if (0.001..=1_000_000.0).contains(&scale) => Ok(scale),
        Ok(_) | Err(_) => Err("must be a number from 0.001 to 1000000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(std::iter::once("local").chain(arguments.iter().copied()))
    }

    #[test]
    fn the_command_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn without_flags_the_documented_defaults_hold() {
        let arguments = parse(&[]).unwrap();
        assert_eq!((arguments.port, arguments.aws_port), (3000, 4566));
        assert_eq!(arguments.state, PathBuf::from(".local"));
        assert_eq!((arguments.fresh, arguments.bedrock, arguments.verbose), (false, false, false));
        assert_eq!((arguments.time_scale, arguments.agent_url), (1.0, None));
        assert_eq!(arguments.profile, "dev");
    }

    #[test]
    fn every_flag_of_the_specification_is_taken() {
        let flags = "--port 0 --aws-port 1 --state s --fresh --time-scale 60 --agent-url http://x/v1";
        let arguments = parse(&flags.split(' ').collect::<Vec<_>>()).unwrap();
        assert_eq!((arguments.port, arguments.aws_port), (0, 1));
        assert!(arguments.fresh);
        assert_eq!(arguments.time_scale, 60.0);
        assert_eq!(arguments.agent_url.as_deref(), Some("http://x/v1"));
        assert!(parse(&["--bedrock"]).unwrap().bedrock);
    }

    #[test]
    fn contradictions_and_impossible_values_are_refused() {
        assert!(parse(&["--bedrock", "--agent-url", "http://x"]).is_err());
        assert!(parse(&["--bin-dir", "d", "--profile", "lambda"]).is_err());
        for scale in ["0", "-1", "NaN", "inf", "fast"] {
            assert!(parse(&["--time-scale", scale]).is_err(), "{scale}");
        }
        assert!(parse(&["--port", "65536"]).is_err());
    }
}
