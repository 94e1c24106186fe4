//! A short bad day; `cargo long-run` has the long one.

use tests::long_run::{Settings, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_bad_day_nothing_is_lost_and_the_dead_letters_are_exactly_those_that_should_be_there() {
    let report = run(&Settings::bad_day(300, 1), |_| {}).await;
    println!("{report}");
    assert!(report.broken.is_empty(), "{report}");
    assert_eq!((report.accepted, report.lost), (300, 0));
    assert!(report.kills > 10 && report.mishaps > 100, "hardly a bad day: {report}");
}
