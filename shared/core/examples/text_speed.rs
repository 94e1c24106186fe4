//! How long classification and plain text take: `cargo run --release -p revops-core --example text_speed`.
//!
//! It prints the quickest, the median and the slowest of many runs and asserts nothing: figures depend on the machine.

use std::hint::black_box;
use std::io::Write as _;
use std::time::{Duration, Instant};

use revops_core::classify::{Collaborators, Evidence, classify};
use revops_core::plain::render;

const RUNS: usize = 1000;

/// Sentences that the model knows most words of, which is the slow case.
const TEXT: &str = "The champion at Norvik wants to renew, but procurement asks for 12% off and a shorter term. \
    How many leads did we win last quarter, and which of them should I call first? ";

/// An answer as most are: sentences, a list, a few marks.
const ANSWER: &str = "**Hollin** is in *Negotiation* at $184,500, close date 18 December. Procurement asks for 12% off \
    and the floor is -10%, so expect one more round before legal signs. The champion is away until 1 December.\n\n\
    - Send the ROI sheet to the deputy, who has not seen it\n\
    - Book a call with the CFO and ask for `clause_7_3`\n\n\
    Risk is medium: no economic buyer was on the last call, see [the report](https://docs.example/r).\n\n";

/// An answer with every form that agents use, in a few lines.
const DENSE: &str = include_str!("../tests/plain/deal_review.md");

fn main() -> std::io::Result<()> {
    let collaborators = Collaborators::default();
    measure(|| classify(&evidence("", ""), &collaborators));
    let mut out = std::io::stdout().lock();
    writeln!(out, "{:<34} {:>8} {:>10} {:>10} {:>10}", "", "bytes", "quickest", "median", "slowest")?;
    for (name, text) in texts(TEXT) {
        let (name, bytes) = (format!("classification: {name}"), 2 * text.len());
        let times = measure(|| classify(&evidence(&text, &text), &collaborators));
        show(&mut out, &name, bytes, times)?;
    }
    for (name, text) in texts(ANSWER) {
        show(&mut out, &format!("plain text: {name}"), text.len(), measure(|| render(&text)))?;
    }
    Ok(())
}

/// Each text is both question and answer.
fn evidence<'a>(query: &'a str, answer: &'a str) -> Evidence<'a> {
    Evidence { caller_route: None, query, answer, nonce: None, collaborators: &[] }
}

/// `usual` text of three lengths, and hostile ones.
fn texts(usual: &str) -> Vec<(&'static str, String)> {
    let of = |text: &str, bytes: usize| text.chars().cycle().take(bytes).collect::<String>();
    vec![
        ("1 kB", of(usual, 1_000)),
        ("10 kB", of(usual, 10_000)),
        ("100 kB", of(usual, 100_000)),
        ("10 kB of every form", of(DENSE, 10_000)),
        ("spaces", of(" ", 100_000)),
        ("one word", of("a", 100_000)),
        ("one letter words", of("a b ", 100_000)),
        ("capital words", of("Ab Cd ", 100_000)),
        ("line ends", of("\n", 100_000)),
        ("code fences", of("```\n", 100_000)),
        ("open brackets", of("[", 100_000)),
        ("marks", of("*a_ ", 100_000)),
        ("table cells", of("|a|b|\n|-|-|\n", 100_000)),
        ("combining marks", of("e\u{301}\u{fe0f}", 50_000)),
        ("Chinese", of("上个季度的赢单率是多少", 33_000)),
    ]
}

fn show(
    out: &mut impl std::io::Write,
    name: &str,
    bytes: usize,
    (quickest, median, slowest): (Duration, Duration, Duration),
) -> std::io::Result<()> {
    writeln!(out, "{name:<34} {bytes:>8} {quickest:>10.1?} {median:>10.1?} {slowest:>10.1?}")
}

fn measure<T>(run: impl Fn() -> T) -> (Duration, Duration, Duration) {
    let once = || {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..RUNS).map(|_| once()).collect();
    times.sort_unstable();
    (times[0], times[RUNS / 2], times[RUNS - 1])
}
