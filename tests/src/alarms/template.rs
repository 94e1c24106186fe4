//! Alarms and dashboard as template.yaml declares them.
//!
//! References become the names under which a stack runs here: `!Ref GatewayFunction` is `gateway`.

use std::collections::BTreeMap;

use serde_yaml_ng::Value;

use super::evaluate::{MissingData, Rule, State};
use super::expression::Expression;
use super::series::{SeriesId, Statistic};
use super::timeline::Timeline;

/// One series of an alarm and how its values become datapoints.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Its id in the alarm's expression.
    pub id: String,
    /// The series.
    pub series: SeriesId,
    /// How a period's values become a datapoint.
    pub statistic: Statistic,
}

/// Where an alarm's datapoints come from.
#[derive(Clone, Debug)]
pub struct Query {
    /// What is made of the series.
    pub expression: Expression,
    /// The series.
    pub watched: Vec<Watched>,
    /// The period, in minutes.
    pub minutes: i64,
}

/// A metric alarm.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// The logical id.
    pub id: String,
    /// What on-call reads.
    pub description: String,
    /// Whether somebody is told.
    pub acts: bool,
    /// Its datapoints.
    pub query: Query,
    comparison: String,
    threshold: f64,
    rule: Rule,
}

/// A composite alarm whose rule is that all of others ring.
#[derive(Clone, Debug)]
pub struct Composite {
    /// The logical id.
    pub id: String,
    /// What on-call reads.
    pub description: String,
    /// The others' logical ids.
    pub all_of: Vec<String>,
}

/// All alarms of the template.
#[derive(Clone, Debug)]
pub struct Alarms {
    /// Those on metrics.
    pub metric: Vec<Alarm>,
    /// Those on alarms.
    pub composite: Vec<Composite>,
}

/// A metric that a graph of the dashboard shows.
#[derive(Clone, Debug)]
pub struct Graphed {
    /// The graph's title.
    pub title: String,
    /// The series.
    pub series: SeriesId,
}

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

    /// The ids of the alarms that somebody hears of and that ring at least once when CloudWatch looks.
    #[must_use]
    pub fn ringing(&self, timeline: &Timeline<'_>) -> Vec<String> {
        let states: BTreeMap<&str, Vec<bool>> =
            self.metric.iter().map(|alarm| (alarm.id.as_str(), alarm.rings(timeline))).collect();
        let acting =
            self.metric.iter().filter(|alarm| alarm.acts && states[alarm.id.as_str()].contains(&true));
        let all = |composite: &&Composite| {
            let count = states.values().next().map_or(0, Vec::len);
            (0..count).any(|minute| composite.all_of.iter().all(|id| states[id.as_str()][minute]))
        };
        let composite = self.composite.iter().filter(all).map(|alarm| alarm.id.clone());
        let mut found: Vec<_> = acting.map(|alarm| alarm.id.clone()).chain(composite).collect();
        found.sort();
        found
    }
}

impl Alarm {
    /// For each look, whether it rings.
    fn rings(&self, timeline: &Timeline<'_>) -> Vec<bool> {
        let mut state = State::InsufficientData;
        let look = |minute| {
            state = self.rule.state(&self.breaching(timeline, minute), state);
            state == State::Alarm
        };
        Timeline::looks().map(look).collect()
    }

    /// Whether each datapoint of the evaluation range before the minute `end` breaches the threshold.
    fn breaching(&self, timeline: &Timeline<'_>, end: i64) -> Vec<Option<bool>> {
        let ends =
            (0..self.rule.range()).rev().map(|back| end - self.query.minutes * i64::try_from(back).unwrap());
        ends.map(|end| self.query.datapoint(timeline, end).map(|value| self.breaches(value))).collect()
    }

    fn breaches(&self, value: f64) -> bool {
        match self.comparison.as_str() {
            "GreaterThanOrEqualToThreshold" => value >= self.threshold,
            "GreaterThanThreshold" => value > self.threshold,
            "LessThanThreshold" => value < self.threshold,
            "LessThanOrEqualToThreshold" => value <= self.threshold,
            other => panic!("{}: {other} is not understood", self.id),
        }
    }
}

impl Query {
    fn datapoint(&self, timeline: &Timeline<'_>, end: i64) -> Option<f64> {
        let point = |id: &str| {
            let watched = self.watched.iter().find(|watched| watched.id == id);
            let watched = watched.unwrap_or_else(|| panic!("the expression names {id}, which is no metric"));
            timeline.datapoint(&watched.series, end, self.minutes, watched.statistic)
        };
        self.expression.value(&point)
    }
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

fn resources(text: &str) -> Vec<(String, String, Value)> {
    let template: Value = serde_yaml_ng::from_str(text).unwrap();
    let all = template["Resources"].as_mapping().unwrap().iter();
    all.map(|(id, resource)| (words(id), words(&resource["Type"]), resource["Properties"].clone())).collect()
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

/// A text, or what a reference to a resource is called here.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Tagged(tagged) if tagged.tag == "Sub" => words(&tagged.value),
        Value::Tagged(tagged) => local_name(&words(&tagged.value)),
        other => panic!("{other:?} is no text"),
    }
}

/// `GatewayFunction` is `gateway`, `DeadLetterQueue.QueueName` is `dead-letter`; other names stay.
fn local_name(reference: &str) -> String {
    let name = reference.split('.').next().unwrap_or_default();
    let Some(name) = name.strip_suffix("Function").or_else(|| name.strip_suffix("Queue")) else {
        return reference.to_owned();
    };
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

/// The text with what stands in `${…}` under its name here; prices are a number.
fn substituted(text: &str) -> String {
    let mut parts = text.split("${");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap();
        whole.push_str(&if name.ends_with("Price") { "1".to_owned() } else { local_name(name) });
        whole.push_str(rest);
    }
    whole
}
