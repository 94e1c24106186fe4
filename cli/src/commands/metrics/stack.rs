//! The metrics of the one-machine stack: totals since its start.

use reqwest::Method;
use revops_core::telemetry::{Metric, NAMESPACE};
use serde::Deserialize;

use super::Row;
use crate::error::CtlError;
use crate::http::{call, refused};
use crate::target::Target;

/// One series: a metric under one set of dimensions.
#[derive(Deserialize)]
struct Series {
    namespace: String,
    name: String,
    count: f64,
    sum: f64,
    max: f64,
}

/// Every metric that there is, also those of which nothing was measured.
pub(super) async fn rows(target: &Target) -> Result<Vec<Row>, CtlError> {
    let answer = call(target, Method::GET, "/_local/metrics", &[], None).await?;
    if answer.status != 200 {
        return Err(refused(&answer));
    }
    let series: Vec<Series> = serde_json::from_value(answer.body).map_err(|cause| {
        CtlError::Failed(format!("the stack's metrics are not understood: {cause}; restart `cargo local`"))
    })?;
    Ok(Metric::ALL.map(|metric| row(metric, &series)).into())
}

/// The series of one metric put together.
fn row(metric: Metric, series: &[Series]) -> Row {
    let name = metric.name();
    let own = series.iter().filter(|one| one.namespace == NAMESPACE && one.name == name);
    let none = Row { metric, count: 0.0, sum: 0.0, max: None, course: Vec::new() };
    own.fold(none, |row, one| Row {
        count: row.count + one.count,
        sum: row.sum + one.sum,
        max: Some(row.max.map_or(one.max, |max| max.max(one.max))),
        ..row
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_put_together_from_all_its_dimensions_and_nobody_elses() {
        let one = |namespace: &str, name: &str, sum| Series {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            count: 1.0,
            sum,
            max: sum,
        };
        let series = [
            one(NAMESPACE, "Delivered", 2.0),
            one(NAMESPACE, "Delivered", 3.0),
            one("Other", "Delivered", 9.0),
        ];
        let row = row(Metric::Delivered, &series);
        assert_eq!((row.count, row.sum, row.max), (2.0, 5.0, Some(3.0)));
    }
}
