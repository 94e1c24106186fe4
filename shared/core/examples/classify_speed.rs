//! How long a classification takes: `cargo run --release -p revops-core --example classify_speed`.
//!
//! It prints the quickest, the median and the slowest of many runs and asserts nothing: figures depend on the machine.

use std::hint::black_box;
use std::io::Write as _;
use std::time::{Duration, Instant};

use revops_core::classify::{Collaborators, Evidence, classify};

const RUNS: usize = 2000;

/// Sentences that the model knows most words of, which is the slow case.
const TEXT: &str = "The champion at Norvik wants to renew, but procurement asks for 12% off and a shorter term. \
    How many leads did we win last quarter, and which of them should I call first? ";

fn main() -> std::io::Result<()> {
    let collaborators = Collaborators::default();
    let start = Instant::now();
    measure("warm", "", &collaborators);
    let mut out = std::io::stdout().lock();
    writeln!(out, "first call and {RUNS} empty ones: {:?}", start.elapsed())?;
    writeln!(
        out,
        "{:<28} {:>10} {:>10} {:>10} {:>10}",
        "question and answer", "bytes", "quickest", "median", "slowest"
    )?;
    for (name, text) in texts() {
        let (quickest, median, slowest) = measure(&text, &text, &collaborators);
        writeln!(
            out,
            "{name:<28} {:>10} {quickest:>10.1?} {median:>10.1?} {slowest:>10.1?}",
            2 * text.len()
        )?;
    }
    Ok(())
}

/// Each text is both question and answer.
fn texts() -> Vec<(&'static str, String)> {
    let of = |text: &str, bytes: usize| text.chars().cycle().take(bytes).collect::<String>();
    vec![
        ("1 kB", of(TEXT, 500)),
        ("10 kB", of(TEXT, 5_000)),
        ("100 kB", of(TEXT, 50_000)),
        ("spaces", of(" ", 50_000)),
        ("one word", of("a", 50_000)),
        ("one letter words", of("a b ", 50_000)),
        ("capital words", of("Ab Cd ", 50_000)),
        ("line ends", of("\n", 50_000)),
        ("code fences", of("```\n", 50_000)),
        ("combining marks", of("e\u{301}\u{fe0f}", 50_000)),
        ("Chinese", of("上个季度的赢单率是多少", 17_000)),
    ]
}

fn measure(query: &str, answer: &str, collaborators: &Collaborators) -> (Duration, Duration, Duration) {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let evidence = Evidence { caller_route: None, query, answer, nonce: None, collaborators: &[] };
            let start = Instant::now();
            black_box(classify(black_box(&evidence), collaborators));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    (times[0], times[RUNS / 2], times[RUNS - 1])
}
