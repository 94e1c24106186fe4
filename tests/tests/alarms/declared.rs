//! What template.yaml declares is held to what the functions emit.

use revops_core::telemetry::{Metric, NAMESPACE, is_emitted};
use tests::alarms::{SeriesId, graphed};

use crate::recorded::{RECORDED, alarms};

/// Metrics of AWS's own that the template may use, and the one dimension that each has.
const OF_AWS: [(&str, &str, &str); 8] = [
    ("AWS/ApiGateway", "5xx", "ApiId"),
    ("AWS/ApiGateway", "Count", "ApiId"),
    ("AWS/Lambda", "ConcurrentExecutions", "FunctionName"),
    ("AWS/Lambda", "Errors", "FunctionName"),
    ("AWS/Lambda", "Throttles", "FunctionName"),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName"),
    ("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "QueueName"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName"),
];

fn exists(series: &SeriesId) -> bool {
    let dimensions: Vec<_> =
        series.dimensions.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    if series.namespace == NAMESPACE {
        return is_emitted(&series.name, &dimensions);
    }
    let [(dimension, _)] = dimensions.as_slice() else { return false };
    OF_AWS.contains(&(series.namespace.as_str(), series.name.as_str(), dimension))
}

#[test]
fn every_alarm_watches_series_that_somebody_emits() {
    for alarm in alarms().metric {
        for watched in &alarm.query.watched {
            assert!(exists(&watched.series), "{}: nobody emits {:?}", alarm.id, watched.series);
        }
    }
}

#[test]
fn every_graph_shows_series_that_somebody_emits() {
    let shown = graphed(&std::fs::read_to_string("../template.yaml").unwrap());
    assert!(shown.len() > 60, "the dashboard was not read: {}", shown.len());
    for graph in &shown {
        assert!(exists(&graph.series), "{}: nobody emits {:?}", graph.title, graph.series);
    }
    for metric in Metric::ALL {
        let is_shown = shown.iter().any(|graph| graph.series.name == metric.name());
        assert!(is_shown, "no graph shows {}", metric.name());
    }
}

#[test]
fn what_the_functions_print_is_in_the_list_and_the_list_is_printed() {
    let printed = || RECORDED.values().flat_map(|recording| recording.0.keys());
    for series in printed().filter(|series| series.namespace == NAMESPACE) {
        assert!(exists(series), "not in the list: {series:?}");
    }
    let never: Vec<_> =
        Metric::ALL.iter().filter(|metric| !printed().any(|series| series.name == metric.name())).collect();
    // A second answer to one question, and a second delivery of one answer, need a crash at the right moment; the
    // sample agent answers what it was asked.
    let is_rare = |metric: &&Metric| {
        matches!(
            metric,
            Metric::AnswersReused | Metric::DuplicatesSuppressed | Metric::ClassificationUnexpected
        )
    };
    assert!(never.iter().all(is_rare), "never printed: {never:?}");
}

/// CloudWatch bills every series, 0.30 USD a month while it is emitted.
#[test]
fn a_healthy_stack_emits_few_series() {
    let ours = RECORDED["healthy"].0.keys().filter(|series| series.namespace == NAMESPACE).count();
    assert!((20..=80).contains(&ours), "{ours} series");
}

#[test]
fn every_alarm_that_somebody_hears_of_says_what_it_means_and_where_to_read_on() {
    let alarms = alarms();
    let acting = alarms.metric.iter().filter(|alarm| alarm.acts).map(|alarm| &alarm.description);
    let descriptions: Vec<_> =
        acting.chain(alarms.composite.iter().map(|alarm| &alarm.description)).collect();
    assert!(descriptions.len() >= 18, "{}", descriptions.len());
    for description in descriptions {
        assert!(description.len() > 80 && description.len() < 1024, "{description}");
        assert!(description.contains("RunbookUrl#"), "{description}");
    }
}
