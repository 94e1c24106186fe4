//! Everything that the harness measures, in the order of its table.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::functions::Functions;
use crate::report::{self, Section};
use crate::stack::Curve;
use crate::{binaries, process, sizes, stack, text, throughput};

/// A part of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Size and libraries of each bootstrap.
    Sizes,
    /// Classification and plain text.
    Text,
    /// Spawn until the first useful answer.
    Cold,
    /// Processor time of a warm invocation.
    Warm,
    /// Peak memory.
    Memory,
    /// What posting costs beside a bare client.
    Throughput,
    /// Cost by batch, answer and stored conversations.
    Growth,
    /// From the acceptance to the receiver's 2xx.
    Latency,
    /// Processor time of one delivery on the local stack.
    Drain,
    /// kill -9 of every function.
    Recovery,
}

/// What to measure, and how long.
#[derive(Args, Debug)]
pub(crate) struct All {
    /// Only these parts.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Every part in its shortest form, with the binaries of `cargo test`: shows that the harness works, and nothing
    /// of speed.
    #[arg(long)]
    short: bool,
    /// Measure the executables of this folder instead of building them: the functions, hello, local and gatewayctl.
    #[arg(long, value_name = "DIR", conflicts_with = "short")]
    bin_dir: Option<PathBuf>,
    /// Questions a second at which the latency is measured [default: 10 to 500].
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..))]
    rates: Vec<u32>,
    /// Invocations after which memory is measured [default: 2000,20000,100000].
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..))]
    invocations: Vec<u32>,
    /// Where every sample goes [default: target/bench/results.json].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// How much is measured.
struct Extent {
    spawns: usize,
    rounds: usize,
    invocations: usize,
    memory: Vec<u32>,
    stored: &'static [usize],
    text_runs: usize,
    messages: usize,
    rates: Vec<u32>,
    seconds: u32,
    backlog: u32,
    in_flight: u32,
}

fn whole() -> Extent {
    Extent {
        spawns: 30,
        rounds: 10,
        invocations: 200,
        memory: vec![2_000, 20_000, 100_000],
        stored: &[10, 1_000, 100_000],
        text_runs: 300,
        messages: 10_000,
        rates: vec![10, 25, 50, 100, 150, 200, 300, 500],
        seconds: 20,
        backlog: 10_000,
        in_flight: 2_000,
    }
}

fn short() -> Extent {
    Extent {
        spawns: 1,
        rounds: 1,
        invocations: 10,
        memory: vec![10, 20],
        stored: &[10, 100],
        text_runs: 1,
        messages: 50,
        rates: vec![5],
        seconds: 2,
        backlog: 50,
        in_flight: 40,
    }
}

/// What is asked for.
fn extent(all: &All) -> Extent {
    let mut extent = if all.short { short() } else { whole() };
    if !all.rates.is_empty() {
        extent.rates.clone_from(&all.rates);
    }
    if !all.invocations.is_empty() {
        extent.memory.clone_from(&all.invocations);
        extent.memory.sort_unstable();
        extent.memory.dedup();
    }
    extent
}

/// Measures and prints a part at a time.
///
/// # Errors
/// Something does not build, or a function does not do its work.
pub(crate) async fn run(all: &All) -> io::Result<()> {
    let folder = match &all.bin_dir {
        Some(folder) => folder.canonicalize()?,
        None => binaries::build(all.short)?,
    };
    let extent = &extent(all);
    let profile = if all.short { "dev" } else { "lambda" };
    let built = all.bin_dir.as_ref().map_or_else(
        || format!("built with the profile {profile}"),
        |folder| format!("from {}", folder.display()),
    );
    let mut out = io::stdout();
    writeln!(out, "{}; functions {built}", process::machine())?;
    let mut sections = Vec::new();
    for part in Part::value_variants() {
        if all.only.is_empty() || all.only.contains(part) {
            for section in measure(*part, extent, &folder).await? {
                write!(out, "{section}")?;
                sections.push(section);
            }
        }
    }
    let path = match &all.json {
        Some(path) => path.clone(),
        None => binaries::target()?.join("bench").join("results.json"),
    };
    report::write(&path, profile, &sections)?;
    writeln!(out, "\nevery sample: {}", path.display())
}

async fn measure(part: Part, extent: &Extent, folder: &Path) -> io::Result<Vec<Section>> {
    match part {
        Part::Sizes => sizes::measure(folder),
        Part::Text => Ok(text::measure(extent.text_runs)),
        Part::Throughput => Ok(vec![throughput::measure(extent.rounds, extent.messages).await?]),
        Part::Latency => latency(extent, folder).await,
        Part::Drain => stack::drain(folder, extent.rounds.min(3), extent.backlog).await,
        Part::Recovery => Ok(vec![stack::recovery(folder, extent.in_flight).await?]),
        Part::Cold => Functions::new(folder).await?.cold_starts(extent.spawns).await,
        Part::Warm => Ok(vec![Functions::new(folder).await?.warm(extent.rounds, extent.invocations).await?]),
        Part::Memory => Ok(vec![Functions::new(folder).await?.memory(&extent.memory).await?]),
        Part::Growth => Functions::new(folder).await?.growth(extent.invocations, extent.stored).await,
    }
}

async fn latency(extent: &Extent, folder: &Path) -> io::Result<Vec<Section>> {
    let mut curve = Curve { rates: &extent.rates, seconds: extent.seconds, refused_percent: 0 };
    let healthy = stack::latency(folder, &curve).await?;
    curve.rates = &extent.rates[..extent.rates.len().min(4)];
    curve.refused_percent = 30;
    Ok(vec![healthy, stack::latency(folder, &curve).await?])
}
