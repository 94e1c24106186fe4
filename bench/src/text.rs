//! Classification and plain text, by length of the text and over hostile ones.

use std::hint::black_box;
use std::time::Instant;

use aho_corasick::AhoCorasick;
use pulldown_cmark::Parser;
use revops_core::classify::{Collaborators, Evidence, classify};
use revops_core::plain::render;

use crate::report::Section;

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
const DENSE: &str = include_str!("../../shared/core/tests/plain/deal_review.md");

/// Words of the house, for the control's one pass.
const WORDS: [&str; 8] = ["deal", "lead", "quarter", "procurement", "renew", "pipeline", "close", "score"];

/// Both, each beside its control, `runs` times in turn.
pub(crate) fn measure(runs: usize) -> Vec<Section> {
    vec![classification(runs), plain_text(runs)]
}

fn classification(runs: usize) -> Section {
    let goal = "≤ 50 µs for 10 kB (half question, half answer); linear";
    let mut section = Section::new("classification", "µs", goal).with_control();
    let (collaborators, half) = (Collaborators::default(), repeated(TEXT, 5_000));
    let Ok(one_pass) = AhoCorasick::new(WORDS) else { return section };
    for _ in 0..runs {
        add(&mut section, "one aho-corasick pass, 10 kB", || {
            one_pass.find_iter(&half).count() + one_pass.find_iter(&half).count()
        });
        for (name, text) in texts(TEXT, 2) {
            let (query, answer) = (text.as_str(), text.as_str());
            let evidence = Evidence { caller_route: None, query, answer, nonce: None, collaborators: &[] };
            add(&mut section, name, || classify(&evidence, &collaborators));
        }
    }
    section
}

fn plain_text(runs: usize) -> Section {
    let goal = "≤ 100 µs for 10 kB; linear";
    let mut section = Section::new("plain text", "µs", goal).with_control();
    let usual = repeated(ANSWER, 10_000);
    for _ in 0..runs {
        add(&mut section, "pulldown-cmark alone, 10 kB", || Parser::new(&usual).count());
        for (name, text) in texts(ANSWER, 1) {
            add(&mut section, name, || render(&text));
        }
    }
    section
}

fn add<T>(section: &mut Section, name: &str, run: impl FnOnce() -> T) {
    let start = Instant::now();
    black_box(run());
    section.add(name, start.elapsed().as_secs_f64() * 1e6);
}

/// `usual` text of three lengths, and hostile ones, each divided by `parts`.
fn texts(usual: &str, parts: usize) -> [(&'static str, String); 13] {
    let of = |text: &str, bytes: usize| repeated(text, bytes / parts);
    [
        ("1 kB", of(usual, 1_000)),
        ("10 kB", of(usual, 10_000)),
        ("100 kB", of(usual, 100_000)),
        ("10 kB of every form", of(DENSE, 10_000)),
        ("100 kB of spaces", of(" ", 100_000)),
        ("100 kB, one word", of("a", 100_000)),
        ("100 kB, one letter words", of("a b ", 100_000)),
        ("100 kB, capital words", of("Ab Cd ", 100_000)),
        ("100 kB, code fences", of("```\n", 100_000)),
        ("100 kB, open brackets", of("[", 100_000)),
        ("100 kB, marks", of("*a_ ", 100_000)),
        ("100 kB, table cells", of("|a|b|\n|-|-|\n", 100_000)),
        ("100 kB, combining marks", of("e\u{301}\u{fe0f}", 50_000)),
    ]
}

fn repeated(text: &str, characters: usize) -> String {
    text.chars().cycle().take(characters).collect()
}
