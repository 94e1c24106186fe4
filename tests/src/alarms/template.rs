//! Reading alarms from template.yaml.

use serde_yaml_ng::Value;

use super::alarm::{Alarm, Alarms, Composite, Query, Watched};
use super::evaluate::{MissingData, Rule};
use super::expression::Expression;
use super::names::{resources, substituted, words};
use super::series::{SeriesId, Statistic};

impl Alarms {
    /// The alarms in the template's `text`.
    ///
    /// # Panics
    /// An alarm is not of the shape that is known here.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (mut metric, mut composite) = (Vec::new(), Vec::new());
        for (id, kind, properties) in resources(text) {
            match kind.as_str() {
                "AWS::CloudWatch::Alarm" => metric.push(alarm(&id, &properties)),
                "AWS::CloudWatch::CompositeAlarm" => composite.push(composite_alarm(&id, &properties)),
                _ => {}
            }
        }
        Self { metric, composite }
    }
}

fn alarm(id: &str, properties: &Value) -> Alarm {
    let number = |name: &str| usize::try_from(properties[name].as_u64().unwrap()).unwrap();
    let rule = Rule {
        evaluation_periods: number("EvaluationPeriods"),
        datapoints_to_alarm: number("DatapointsToAlarm"),
        missing_data: missing_data(&words(&properties["TreatMissingData"])),
    };
    Alarm {
        id: id.to_owned(),
        description: substituted(&words(&properties["AlarmDescription"])),
        acts: properties.get("AlarmActions").is_some(),
        query: query(properties),
        comparison: words(&properties["ComparisonOperator"]),
        threshold: properties["Threshold"].as_f64().unwrap(),
        rule,
    }
}

fn composite_alarm(id: &str, properties: &Value) -> Composite {
    let rule = substituted(&words(&properties["AlarmRule"]));
    let parts = rule.split(" AND ");
    let name = |part: &str| {
        let name = part.strip_prefix("ALARM(\"").and_then(|rest| rest.strip_suffix("\")"));
        name.unwrap_or_else(|| panic!("{part} is not understood")).to_owned()
    };
    let all_of = parts.map(name).collect();
    let description = substituted(&words(&properties["AlarmDescription"]));
    Composite { id: id.to_owned(), description, all_of }
}

fn missing_data(name: &str) -> MissingData {
    match name {
        "missing" => MissingData::Missing,
        "ignore" => MissingData::Ignore,
        "breaching" => MissingData::Breaching,
        "notBreaching" => MissingData::NotBreaching,
        _ => panic!("{name:?}: say how missing data is treated"),
    }
}

fn query(properties: &Value) -> Query {
    let Some(metrics) = properties.get("Metrics").and_then(Value::as_sequence) else {
        let statistic = properties.get("Statistic").unwrap_or_else(|| &properties["ExtendedStatistic"]);
        let watched = watched("only", properties, &words(statistic));
        let minutes = minutes(&properties["Period"]);
        return Query { expression: Expression::Metric("only".to_owned()), watched: vec![watched], minutes };
    };
    let expression = metrics.iter().find_map(|metric| metric.get("Expression")).map(words).unwrap();
    let stats: Vec<_> =
        metrics.iter().filter_map(|metric| Some((words(&metric["Id"]), metric.get("MetricStat")?))).collect();
    let of = |(id, stat): &(String, &Value)| watched(id, &stat["Metric"], &words(&stat["Stat"]));
    let periods: Vec<_> = stats.iter().map(|(_, stat)| minutes(&stat["Period"])).collect();
    assert!(periods.iter().all(|period| *period == periods[0]), "the metrics of one alarm have one period");
    assert!(stats.len() <= 10, "CloudWatch takes ten metrics in an alarm");
    Query {
        expression: Expression::parse(&expression),
        watched: stats.iter().map(of).collect(),
        minutes: periods[0],
    }
}

fn watched(id: &str, metric: &Value, statistic: &str) -> Watched {
    let dimensions: Vec<_> = metric["Dimensions"].as_sequence().into_iter().flatten().collect();
    let dimensions: Vec<_> =
        dimensions.iter().map(|pair| (words(&pair["Name"]), words(&pair["Value"]))).collect();
    let dimensions: Vec<_> = dimensions.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let series = SeriesId::new(&words(&metric["Namespace"]), &words(&metric["MetricName"]), &dimensions);
    Watched { id: id.to_owned(), series, statistic: Statistic::named(statistic) }
}

fn minutes(period: &Value) -> i64 {
    let seconds = period.as_i64().unwrap();
    assert_eq!(seconds % 60, 0, "a period is a number of minutes");
    seconds / 60
}
