//! The harness itself: nothing is skipped silently, and the lists of differences cannot rot.

use super::{Failure, KnownDifference, Outcome, Report, Suite, Verdict, cases};

async fn holds(_: u8) -> Verdict {
    Ok(())
}

async fn does_not_hold(_: u8) -> Verdict {
    Err(Failure::new("because"))
}

async fn panics(_: u8) -> Verdict {
    panic!("on purpose")
}

async fn hangs(_: u8) -> Verdict {
    std::future::pending().await
}

const fn known(case: &'static str) -> KnownDifference {
    KnownDifference { suite: "suite", case, reason: "as documented" }
}

async fn run(known: &[KnownDifference]) -> Report {
    Suite::new("suite", cases![holds, does_not_hold]).run(0, known).await
}

#[tokio::test]
async fn a_report_has_a_line_a_case_and_a_closing_line() {
    let text = run(&[]).await.to_string();
    assert_eq!(text, "suite: holds ... ok\nsuite: does_not_hold ... FAILED because\n1 passed, 1 failed");
}

#[tokio::test]
async fn a_known_difference_is_neither_passed_nor_failed() {
    let report = run(&[known("does_not_hold")]).await;
    assert_eq!((report.passed(), report.failed(), report.differing()), (1, 0, 1));
    assert!(report.to_string().ends_with("as documented\nknown differences: 1\n1 passed, 0 failed"));
}

#[tokio::test]
async fn a_listed_case_that_passes_is_a_failure() {
    let report = run(&[known("holds"), known("does_not_hold")]).await;
    assert!(matches!(report.outcome("holds"), Some(Outcome::Failed(_))), "{report}");
}

#[tokio::test]
async fn a_listed_case_that_does_not_exist_is_a_failure() {
    let report = run(&[known("was_renamed"), known("does_not_hold")]).await;
    assert!(matches!(report.outcome("was_renamed"), Some(Outcome::Failed(_))), "{report}");
}

#[tokio::test]
async fn another_suites_differences_do_not_count() {
    let elsewhere = KnownDifference { suite: "other", ..known("does_not_hold") };
    assert_eq!(run(&[elsewhere]).await.failed(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_case_that_panics_or_hangs_fails_and_the_others_go_on() {
    let report = Suite::new("suite", cases![panics, hangs, holds]).run(0, &[]).await;
    assert_eq!((report.passed(), report.failed()), (1, 2), "{report}");
}
