//! Alarms as CloudWatch would judge them, read from template.yaml, over what a stack really printed.
//!
//! A [`Recording`] holds the series of one scenario on the local stack: what the functions printed in embedded metric
//! format, the counts that API Gateway, Lambda and SQS would publish, all under the names and dimensions of AWS. It is
//! taken for what one minute of that scenario looks like. A [`Timeline`] lays such minutes out: a past of
//! healthy ones, then two hours of the scenario's. [`Alarms`] says which alarms ring on it, looking once a minute.
//!
//! What a scaled stack says of waiting is taken back to real time (`OldestAttemptAge` times the scale).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

mod alarm;
mod dashboard;
mod evaluate;
mod expression;
mod names;
mod recording;
mod series;
mod template;
mod timeline;

pub use alarm::{Alarm, Alarms, Composite, Query, Watched};
pub use dashboard::{Graphed, graphed};
pub use evaluate::{MissingData, Rule, State};
pub use expression::Expression;
pub use recording::{Recorder, Recording};
pub use series::{SeriesId, Statistic};

pub use timeline::Timeline;
