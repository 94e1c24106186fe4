//! Whole answers as agents write them (`plain/*.md`), next to what `response_plain` makes of them
//! (`snapshots/plain_snapshots__*.snap`).
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo test --workspace --test plain_snapshots`, then read the
//! difference.

use revops_core::plain::render;

macro_rules! snapshots {
    ($($name:ident),* $(,)?) => {$(
        #[test]
        fn $name() {
            let markdown = include_str!(concat!("plain/", stringify!($name), ".md"));
            insta::assert_snapshot!(stringify!($name), render(markdown));
        }
    )*};
}

snapshots!(deal_review, pipeline_figures, lead_fit, slack_style, html_and_templates, other_scripts);
