//! A new version that is bad is rolled back while it has a tenth of the traffic, and a good one is not.

use tests::alarms::{Alarm, Recording, SeriesId, Timeline};

use crate::recorded::{RECORDED, alarms};

/// The functions by logical id, each with its name here and its alarm.
const FUNCTIONS: [(&str, &str, &str); 4] = [
    ("GatewayFunction", "gateway", "GatewayRolloutAlarm"),
    ("GatewayWorkerFunction", "gateway-worker", "GatewayWorkerRolloutAlarm"),
    ("ManagerAgentFunction", "manager-agent", "ManagerAgentRolloutAlarm"),
    ("DeliveryFunction", "delivery", "DeliveryRolloutAlarm"),
];

/// How long the default rollout gives a tenth of the traffic to the new version, in minutes.
const CANARY: usize = 10;

fn template() -> String {
    std::fs::read_to_string("../template.yaml").unwrap()
}

fn alarm(id: &str) -> Alarm {
    alarms().metric.into_iter().find(|alarm| alarm.id == id).unwrap()
}

fn errors_of(function: &str) -> SeriesId {
    SeriesId::new("AWS/Lambda", "Errors", &[("FunctionName", function)])
}

/// A healthy minute in which one invocation of `function` fails besides.
fn one_fails(function: &str) -> Recording {
    let mut minute = RECORDED["healthy"].clone();
    minute.0.entry(errors_of(function)).or_default().push(1.0);
    minute
}

#[test]
fn every_function_is_rolled_out_step_by_step_under_an_alarm_of_its_own() {
    let template = template();
    assert!(template.contains(&format!("    Default: Canary10Percent{CANARY}Minutes\n")));
    for (id, function, watched_by) in FUNCTIONS {
        let (_, declared) =
            template.split_once(&format!("\n  {id}:\n    Type: AWS::Serverless::Function\n")).unwrap();
        let preference =
            format!("DeploymentPreference: {{Type: !Ref RolloutType, Alarms: [!Ref {watched_by}]}}");
        assert!(declared.split("Environment:").next().unwrap().contains(&preference), "{id}");
        let watches = alarm(watched_by).query.watched;
        assert!(watches.iter().any(|watched| watched.series == errors_of(function)), "{watched_by}");
    }
}

#[test]
fn a_version_that_fails_once_a_minute_is_rolled_back_before_it_has_all_the_traffic() {
    for (_, function, watched_by) in FUNCTIONS {
        let failing = one_fails(function);
        let rings = alarm(watched_by).rings_after(&Timeline::new(&RECORDED["healthy"], &failing));
        assert!(rings.is_some_and(|minutes| minutes < CANARY), "{watched_by}: {rings:?}");
    }
}

#[test]
fn a_function_that_dies_rolls_back_itself_and_no_other() {
    let timeline = Timeline::new(&RECORDED["healthy"], &RECORDED["function dies"]);
    let ringing =
        FUNCTIONS.map(|(_, _, watched_by)| (watched_by, alarm(watched_by).rings_after(&timeline).is_some()));
    let only = FUNCTIONS.map(|(_, function, watched_by)| (watched_by, function == "manager-agent"));
    assert_eq!(ringing, only);
}

#[test]
fn nothing_that_others_do_rolls_a_version_back() {
    let others = [
        "healthy",
        "receiver refuses",
        "receiver redirects",
        "receiver gone",
        "receiver late",
        "receiver slow",
        "deal_analysis",
        "general",
        "agent down",
        "agent slow",
        "unsure",
    ];
    for scenario in others {
        let timeline = Timeline::new(&RECORDED["healthy"], &RECORDED[scenario]);
        for (_, _, watched_by) in FUNCTIONS {
            assert_eq!(alarm(watched_by).rings_after(&timeline), None, "{watched_by} in {scenario}");
        }
    }
}

#[test]
fn everything_calls_the_alias_and_nothing_the_function_itself() {
    let template = template();
    assert!(template.contains("    AutoPublishAlias: live\n"));
    for line in template
        .lines()
        .filter(|line| line.contains("FunctionName: !Ref") || line.contains("FUNCTION_NAME: !Ref"))
    {
        assert!(line.ends_with("Function.Alias"), "{line}");
    }
    assert_eq!(template.matches("Resource: !Ref ManagerAgentFunction.Alias").count(), 2);
    assert!(!template.contains("!GetAtt ManagerAgentFunction.Arn"));
}
