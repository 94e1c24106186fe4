//! The dashboard as template.yaml declares it.

use super::names::{resources, substituted, words};
use super::series::SeriesId;

/// A metric that a graph of the dashboard shows.
#[derive(Clone, Debug)]
pub struct Graphed {
    /// The graph's title.
    pub title: String,
    /// The series.
    pub series: SeriesId,
}

/// What the template's dashboard shows of metrics.
///
/// # Panics
/// There is no dashboard, or its body is no JSON.
#[must_use]
pub fn graphed(text: &str) -> Vec<Graphed> {
    let dashboard = resources(text).into_iter().find(|(_, kind, _)| kind == "AWS::CloudWatch::Dashboard");
    let (_, _, properties) = dashboard.unwrap_or_else(|| panic!("the template has no dashboard"));
    let body = substituted(&words(&properties["DashboardBody"]));
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let mut found = Vec::new();
    for widget in body["widgets"].as_array().unwrap() {
        let title = widget["properties"]["title"].as_str().unwrap();
        for metric in widget["properties"]["metrics"].as_array().unwrap() {
            let names: Vec<&str> =
                metric.as_array().unwrap().iter().filter_map(|word| word.as_str()).collect();
            let [namespace, name, dimensions @ ..] = names.as_slice() else { continue };
            let dimensions: Vec<_> = dimensions.chunks(2).map(|pair| (pair[0], pair[1])).collect();
            let series = SeriesId::new(namespace, name, &dimensions);
            found.push(Graphed { title: title.to_owned(), series });
        }
    }
    found
}
