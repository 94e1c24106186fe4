//! RUNBOOK.md has a page for every alarm, and what it tells to type can be typed.

use std::collections::BTreeSet;

use tests::stack::gatewayctl;

use crate::recorded::alarms;

const PARTS: [&str; 4] = ["What it means", "Who is hurt", "What to look at", "What to do"];

fn runbook() -> String {
    std::fs::read_to_string("../RUNBOOK.md").unwrap()
}

/// The pages by anchor.
fn pages(runbook: &str) -> Vec<(&str, &str)> {
    let pages = runbook.split("\n## ").skip(1);
    pages
        .map(|page| page.split_once('\n').unwrap())
        .filter(|(title, _)| *title != "Before you begin")
        .collect()
}

/// The anchors to which the alarms' messages lead.
fn anchors() -> BTreeSet<String> {
    let alarms = alarms();
    let acting = alarms.metric.iter().filter(|alarm| alarm.acts).map(|alarm| &alarm.description);
    let all = acting.chain(alarms.composite.iter().map(|alarm| &alarm.description));
    all.map(|description| description.rsplit_once('#').unwrap().1.trim().to_owned()).collect()
}

/// The lines of all code blocks.
fn code(runbook: &str) -> Vec<&str> {
    runbook.split("```").skip(1).step_by(2).flat_map(str::lines).map(str::trim).collect()
}

#[test]
fn every_alarm_has_a_page_and_every_page_an_alarm() {
    let runbook = runbook();
    let titles: BTreeSet<String> = pages(&runbook).into_iter().map(|(title, _)| title.to_owned()).collect();
    assert_eq!(titles, anchors());
}

#[test]
fn every_page_has_the_same_four_parts_and_something_to_paste() {
    let runbook = runbook();
    for (title, page) in pages(&runbook) {
        let parts: Vec<_> = page.split("\n### ").skip(1).map(|part| part.split_once('\n').unwrap()).collect();
        assert_eq!(parts.iter().map(|(name, _)| *name).collect::<Vec<_>>(), PARTS, "{title}");
        assert!(parts.iter().all(|(_, text)| text.trim().len() > 40), "{title} has an empty part");
        assert!(parts[2].1.contains("```sh"), "{title} has nothing to paste");
    }
}

#[test]
fn every_link_within_the_runbook_leads_somewhere() {
    let runbook = runbook();
    for link in runbook.split("](#").skip(1) {
        let target = link.split(')').next().unwrap();
        assert!(pages(&runbook).iter().any(|(title, _)| *title == target), "#{target}");
    }
}

#[test]
fn every_gatewayctl_command_of_the_runbook_is_one_that_gatewayctl_takes() {
    let runbook = runbook();
    let lines = code(&runbook).into_iter().filter_map(|line| line.strip_prefix("gatewayctl "));
    let lines: Vec<_> = lines.collect();
    assert!(lines.len() > 20, "{lines:?}");
    for line in lines {
        // Asked for help, it reads the whole line, and does nothing.
        let line = line.replace("ID", "0198a0a0-0000-7000-8000-000000000000");
        let output = gatewayctl().args(shell_words(&line)).arg("--help").output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// What stands in double quotes is one word.
fn shell_words(line: &str) -> Vec<&str> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(index, part)| if index % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
        .collect()
}

#[test]
fn every_query_of_the_runbook_asks_for_what_the_functions_log() {
    let mut sources = String::new();
    for folder in ["../functions", "../shared"] {
        append_sources(std::path::Path::new(folder), &mut sources);
    }
    let runbook = runbook();
    let queries: Vec<_> = code(&runbook)
        .into_iter()
        .filter_map(|line| line.strip_prefix("logs '")?.strip_suffix('\''))
        .collect();
    assert!(queries.len() > 20, "{queries:?}");
    for query in queries {
        for word in words_of(query) {
            let is_logged =
                [format!("{word} = "), format!("%{word},"), format!(" {word},"), format!("\"{word}\"")];
            assert!(is_logged.iter().any(|form| sources.contains(form)), "nobody logs {word}: {query}");
        }
    }
}

/// Field names and quoted words of a query; its functions and commands are CloudWatch's.
fn words_of(query: &str) -> Vec<String> {
    const THEIRS: [&str; 24] = [
        "filter",
        "fields",
        "stats",
        "limit",
        "by",
        "and",
        "or",
        "like",
        "count",
        "avg",
        "max",
        "pct",
        "bin",
        "m",
        "ispresent",
        "timestamp",
        "type",
        "REPORT",
        "maxMemoryUsed",
        "memorySize",
        "duration",
        "in",
        "not",
        "sort",
    ];
    let patterns_left_out: String = query.split('/').step_by(2).collect();
    let sentences_left_out = patterns_left_out.replace("\"a dependency refused\"", "");
    let words = sentences_left_out.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    let words = words.filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic()));
    words.filter(|word| !THEIRS.contains(word)).map(str::to_owned).collect()
}

fn append_sources(folder: &std::path::Path, sources: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            append_sources(&path, sources);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            sources.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
