//! The house rules that a reader relies on, held by a test each.

use std::fs;
use std::path::{Path, PathBuf};

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

fn text(file: &str) -> String {
    fs::read_to_string(workspace().join(file)).unwrap_or_default()
}

/// The names under `[dependencies]` of a manifest.
fn dependencies(manifest: &str) -> Vec<String> {
    let manifest = text(manifest);
    let section = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let name = |line: &str| line.split(['.', ' ', '=']).next().map(str::to_owned);
    lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#')).filter_map(name).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_core_knows_no_aws_crate_no_http_client_and_no_runtime() {
    let names = dependencies("shared/core/Cargo.toml");
    assert!(names.iter().any(|name| name == "serde"), "the manifest was not read: {names:?}");
    let foreign = ["aws", "lambda", "reqwest", "hyper", "tokio", "axum", "revops-aws"];
    for name in names {
        assert!(!foreign.iter().any(|prefix| name.starts_with(prefix)), "shared/core depends on {name}");
    }
}

#[test]
fn the_core_asks_no_clock_and_no_random_source_of_the_system() {
    let mut files = Vec::new();
    sources(&workspace().join("shared/core/src"), &mut files);
    assert!(files.len() > 20);
    for file in files {
        let source = fs::read_to_string(&file).unwrap_or_default();
        for call in ["SystemTime::now", "Instant::now", "now_utc", "getrandom", "std::env::var", "std::fs::"]
        {
            assert!(!source.contains(call), "{} calls {call}", file.display());
        }
    }
}

#[test]
fn a_lambda_main_only_puts_adapters_together() {
    let mains = [
        "delivery/src/main.rs",
        "manager-agent/src/main.rs",
        "gateway/src/bin/gateway.rs",
        "gateway/src/bin/gateway-worker.rs",
    ];
    for main in mains {
        let source = text(&format!("functions/{main}"));
        assert!(source.contains("fn main()"), "{main} was not read");
        assert!(source.lines().count() <= 50, "{main} has grown");
        assert!(
            !source.contains("\n    if ") && !source.contains("\n    match "),
            "{main} decides something"
        );
    }
}

#[test]
fn architecture_says_why_each_dependency_is_there() {
    let manifest = text("Cargo.toml");
    let section = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let reasons = text("ARCHITECTURE.md");
    for line in section.lines().filter(|line| line.contains(" = ") && !line.contains("path = ")) {
        let name = line.split(" = ").next().unwrap_or_default();
        let by_family = name.strip_prefix("aws-sdk").is_some() || name.starts_with("aws-smithy");
        assert!(
            by_family || reasons.contains(&format!("`{name}`")),
            "ARCHITECTURE.md does not say why {name}"
        );
    }
}

/// A number of days of a template's parameter.
fn days(parameter: &str, member: &str) -> u64 {
    let template = text("template.yaml");
    let (_, declared) = template.split_once(&format!("\n  {parameter}:\n")).unwrap_or_default();
    let member = declared.lines().find_map(|line| line.trim().strip_prefix(&format!("{member}: ")));
    member.and_then(|days| days.parse().ok()).unwrap_or_default()
}

#[test]
fn records_outlive_a_delivery_its_dead_letter_and_a_replay_of_both() {
    const DELIVERY: u64 = 13;
    const DEAD_LETTER: u64 = 14;
    assert!(days("RecordRetentionDays", "MinValue") > 2 * (DELIVERY + DEAD_LETTER));
    assert!(days("RecordRetentionDays", "Default") >= days("RecordRetentionDays", "MinValue"));
    assert_eq!((days("LedgerRetentionDays", "MinValue"), days("LedgerRetentionDays", "Default")), (14, 14));
}

#[test]
fn each_kind_of_object_has_its_own_lifecycle() {
    let id = revops_core::TrackingId::lowest_at(revops_core::Timestamp::from_unix_ms(1_763_840_000_000));
    let kinds = [
        (revops_core::records::keys::query(id).path().to_owned(), "RecordRetentionDays"),
        (revops_core::records::keys::deleted(id).path().to_owned(), "RecordRetentionDays"),
        (revops_core::export::folder(id), "ExportRetentionDays"),
        (revops_core::records::keys::idempotency("9f").path().to_owned(), "LedgerRetentionDays"),
    ];
    let template = text("template.yaml");
    for (key, parameter) in kinds {
        let prefix = key.split('/').next().unwrap_or_default();
        let rule = format!("Prefix: {prefix}/\n            ExpirationInDays: !Ref {parameter}\n");
        assert!(template.contains(&rule), "{prefix}/ does not expire after {parameter}");
    }
}

/// Without it, a build takes newer crates than those that were tested, and says nothing.
#[test]
fn the_gate_and_the_deployment_build_with_the_committed_lock_file() {
    for file in [".ci/run", "Makefile"] {
        let text = text(file).replace("$(CARGO)", "cargo");
        let builds = |line: &&str| {
            ["build", "clippy", "doc", "run"].iter().any(|word| line.contains(&format!("cargo {word} ")))
        };
        let asks = |line: &&str| line.contains("--version");
        let lines: Vec<_> = text.lines().filter(builds).filter(|line| !asks(line)).collect();
        assert!(!lines.is_empty(), "{file} was not read");
        for line in lines {
            assert!(line.contains("--locked"), "{file}: {line}");
        }
    }
}

/// `sam local invoke FUNCTION --event FILE …`, as the README has it for each function.
#[test]
fn the_readme_invokes_each_function_with_a_sample_that_there_is() {
    let (readme, template) = (text("README.md"), text("template.yaml"));
    let calls = readme.lines().filter_map(|line| line.strip_prefix("sam local invoke "));
    let mut invoked = Vec::new();
    for call in calls {
        let mut words = call.split_whitespace();
        let function = words.next().unwrap_or_default();
        let sample = words.skip_while(|word| *word != "--event").nth(1).unwrap_or_default();
        assert!(
            template.contains(&format!("\n  {function}:\n    Type: AWS::Serverless::Function")),
            "{call}"
        );
        assert!(text(sample).starts_with('{'), "{sample} is no sample");
        assert!(
            text(".ci/emulate_runtime.py")
                .contains(sample.trim_start_matches("events/").trim_end_matches(".json")),
            "{sample}"
        );
        invoked.push(function);
    }
    invoked.sort_unstable();
    let functions = template.matches("Type: AWS::Serverless::Function").count();
    invoked.dedup();
    assert_eq!(invoked.len(), functions, "{invoked:?}");
}
