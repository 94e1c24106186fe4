//! All scenarios, recorded once for all tests.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::json;
use tests::alarms::{Alarms, Recording, SeriesId, Timeline};

use crate::house::{CLASSES, House};
use crate::scenarios as scenario;

type Recordings = BTreeMap<&'static str, Recording>;

pub(crate) static RECORDED: LazyLock<Recordings> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let (shipped, impatient, crowded, patient) =
            tokio::join!(shipped(), impatient(), crowded(), patient());
        [shipped, impatient, crowded, patient].into_iter().flatten().collect()
    })
});

/// The shipped stack.
async fn shipped() -> Vec<(&'static str, Recording)> {
    let house = House::start(&[], &[]).await;
    let mut all = vec![("healthy", scenario::healthy(&house).await)];
    all.push((
        "receiver refuses",
        scenario::receiver_refuses(&house, json!({"status": 400, "count": 1})).await,
    ));
    let redirect = json!({"status": 301, "behaviour": "redirect", "count": 1});
    all.push(("receiver redirects", scenario::receiver_refuses(&house, redirect).await));
    for class in CLASSES {
        all.push((class, scenario::receiver_down(&house, class).await));
    }
    all.push(("agent down", scenario::agent_down(&house).await));
    all.push(("agent missing", scenario::agent_missing(&house).await));
    all.push(("agent slow", scenario::agent_slow(&house).await));
    all.push(("poison", scenario::poison(&house, "data-analysis").await));
    all.push(("receiver gone", scenario::receiver_refuses(&house, json!({"status": 410, "count": 1})).await));
    all
}

/// The query queue gives up after two receives, a second each; and no answer is sure enough.
async fn impatient() -> Vec<(&'static str, Recording)> {
    let changes = [
        ("VisibilityTimeout: 1080", "VisibilityTimeout: 1"),
        ("QueryDeadLetterQueue.Arn, maxReceiveCount: 100", "QueryDeadLetterQueue.Arn, maxReceiveCount: 2"),
    ];
    let house = House::start(&[("CLASSIFICATION_SURE_FROM_PERCENT", "100")], &changes).await;
    let unsure = scenario::unsure(&house).await;
    vec![("unsure", unsure), ("question given up", scenario::question_given_up(&house).await)]
}

/// Two requests at a time; and a store that refuses.
async fn crowded() -> Vec<(&'static str, Recording)> {
    let changes = [("      Timeout: 29\n", "      Timeout: 29\n      ReservedConcurrentExecutions: 2\n")];
    let house = House::start(&[], &changes).await;
    let flood = scenario::flood(&house).await;
    let dies = scenario::function_dies(&house).await;
    let exports = scenario::exports_refused(&house).await;
    let store = scenario::store_refuses(&house).await;
    vec![("flood", flood), ("function dies", dies), ("exports refused", exports), ("store refuses", store)]
}

/// The second attempt is due after a thousand seconds, which are five here.
async fn patient() -> Vec<(&'static str, Recording)> {
    let house = House::start(&[("RETRY_BASE_SECONDS", "1000")], &[]).await;
    let late = scenario::receiver_late(&house).await;
    let backlog = scenario::backlog(&house).await;
    vec![
        ("receiver late", late),
        ("backlog", backlog),
        ("receiver slow", scenario::receiver_slow(&house).await),
    ]
}

/// The shipped alarms.
pub(crate) fn alarms() -> Alarms {
    Alarms::read(&std::fs::read_to_string("../template.yaml").unwrap())
}

/// The alarms that ring when, after a healthy day, every minute is like that of the scenario.
pub(crate) fn ringing(scenario: &str) -> Vec<String> {
    ringing_after(&RECORDED["healthy"], &RECORDED[scenario])
}

pub(crate) fn ringing_after(before: &Recording, incident: &Recording) -> Vec<String> {
    alarms().ringing(&Timeline::new(before, incident))
}

/// How many failures of the scenario were attributed to `party`, and how many in all.
pub(crate) fn failures(scenario: &str, party: &str) -> (f64, f64) {
    let sum = |dimensions: &[(&str, &str)]| {
        RECORDED[scenario].sum(&SeriesId::new("RevOps/WebhookGateway", "Failures", dimensions))
    };
    let services = ["gateway", "manager-agent", "delivery"];
    let of = services.map(|service| sum(&[("Service", service), ("Outcome", party)]));
    let all = services.map(|service| sum(&[("Service", service)]));
    (of.iter().sum(), all.iter().sum())
}
