//! `gatewayctl dlq`.

use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn a_dead_letter_is_listed_explained_and_replayed_as_the_next_run_of_the_same_delivery() {
    let house = House::start().await;
    let id = house.refused().await;
    let (listed, code) = house.gatewayctl(&["dlq", "list"]);
    assert_eq!((&listed["total"], &listed["duplicates"], code), (&json!(1), &json!(0), 0), "{listed}");
    let letter = &listed["letters"][0];
    assert_eq!((&letter["tracking_id"], &letter["run"]), (&json!(id), &json!(2)));
    assert_eq!((&letter["reason"], &letter["header"]), (&json!("http_status"), &json!("deal_analysis")));

    let (shown, code) = house.gatewayctl(&["dlq", "show", &id]);
    assert_eq!((&shown["last_attempt"]["response"]["http_status"], code), (&json!(400), 0), "{shown}");
    assert_eq!(shown["outcomes"][0]["status"], "failed");
    assert!(shown["letters"][0]["next"].as_str().unwrap().contains(&format!("dlq replay {id}")), "{shown}");

    let (dry, code) = house.gatewayctl(&["dlq", "replay", &id, "--dry-run"]);
    assert_eq!(
        (&dry["replayed"], &dry["letters"][0]["queue"], code),
        (&json!(1), &json!("deal-analysis"), 0)
    );
    assert_eq!((house.messages("dead-letter").await, house.posts(&id).await), ((1, 0), 1), "all given back");

    let (replayed, code) = house.gatewayctl(&["dlq", "replay", &id]);
    assert_eq!((&replayed["replayed"], &replayed["stayed"], code), (&json!(1), &json!(0), 0), "{replayed}");
    house.outcome(&id, "002-delivered").await;
    assert_eq!((house.posts(&id).await, house.messages("dead-letter").await), (2, (0, 0)));
    let conversation = house.stack.conversation(&id).await.body;
    assert_eq!(conversation["status"], "delivered", "{conversation}");
}

#[tokio::test]
async fn filters_select_and_what_they_leave_stays() {
    let house = House::start().await;
    let refused = house.refused().await;
    house.answers("general", json!({"status": 404})).await;
    let general = house.ask("general").await;
    house.stack.ended(&general, "failed").await;
    house.until_dead_letters(2).await;
    let selected = |filter: &[&str]| {
        let (listed, code) = house.gatewayctl(&[&["dlq", "list"], filter].concat());
        assert_eq!((&listed["total"], code), (&json!(2), 0), "{listed}");
        listed["letters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|letter| letter["tracking_id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(selected(&[]), [json!(refused), json!(general)], "the oldest first");
    assert_eq!(selected(&["--header", "general"]), [json!(general)]);
    assert_eq!(selected(&["--reason", "http_status", "--header", "deal_analysis"]), [json!(refused)]);
    assert_eq!(selected(&["--reason", "gone"]), Vec::<serde_json::Value>::new());
    assert_eq!(selected(&["--since", "2100-01-01T00:00:00Z"]), Vec::<serde_json::Value>::new());

    let (replayed, code) = house.gatewayctl(&["dlq", "replay", "--since", "1h", "--header", "deal_analysis"]);
    assert_eq!((&replayed["replayed"], code), (&json!(1), 0), "{replayed}");
    house.outcome(&refused, "002-delivered").await;
    house.until_dead_letters(1).await;
}

#[tokio::test]
async fn exit_codes_tell_usage_from_what_is_not_there() {
    let house = House::start().await;
    let absent = "0198a0a0-0000-7000-8000-000000000000";
    assert_eq!(house.gatewayctl(&["dlq", "replay"]).1, 2, "nothing was selected");
    assert_eq!(house.gatewayctl(&["dlq", "show", "42"]).1, 2);
    assert_eq!(house.gatewayctl(&["dlq", "show", absent]).1, 3);
    let (replayed, code) = house.gatewayctl(&["dlq", "replay", absent]);
    assert_eq!((&replayed["not_found"], code), (&json!([absent]), 3));
    assert_eq!(house.gatewayctl(&["dlq", "replay", "--all"]).1, 0, "all of nothing");
}

#[tokio::test]
async fn what_is_not_understood_stays_and_is_said() {
    let house = House::start().await;
    let newer = json!({"v": 2, "type": "deliver", "tracking_id": "0198a0a0-0000-7000-8000-000000000000"});
    let sent = house.stack.sqs().send_message().queue_url(house.url("dead-letter"));
    sent.message_body(newer.to_string()).send().await.unwrap();
    let (replayed, code) = house.gatewayctl(&["dlq", "replay", "--all"]);
    assert_eq!((&replayed["replayed"], &replayed["stayed"], code), (&json!(0), &json!(1), 1), "{replayed}");
    assert!(replayed["letters"][0]["why"].as_str().unwrap().contains("version 2"), "{replayed}");
    house.until_dead_letters(1).await;
}

#[tokio::test]
async fn what_is_too_late_stays_until_the_operator_says_that_it_is_not() {
    let house = House::start().await;
    house.answers("deal_analysis", json!({"status": 400, "count": 1})).await;
    let deadline = std::time::Duration::from_secs(3);
    let body = json!({"source_process": "replays", "timestamp": "2025-08-13T06:30:00Z", "route": "deal_analysis",
        "source_system": "tests", "query": "What is the deal status for IXIS?", "deliver_before": soon(deadline)});
    let id = house.stack.post(&body.to_string(), &[]).await.tracking_id();
    house.stack.ended(&id, "failed").await;
    let too_late = || async {
        let (dry, code) = house.gatewayctl(&["dlq", "replay", &id, "--dry-run"]);
        (code == 1).then_some(dry)
    };
    let dry = house.stack.until("the deadline has passed", too_late).await;
    assert!(dry["letters"][0]["why"].as_str().unwrap().contains("--ignore-deadline"), "{dry}");
    let (replayed, code) = house.gatewayctl(&["dlq", "replay", &id, "--ignore-deadline"]);
    assert_eq!((&replayed["replayed"], code), (&json!(1), 0), "{replayed}");
    house.outcome(&id, "002-delivered").await;
}

/// That much from now, in RFC 3339.
fn soon(wait: std::time::Duration) -> String {
    use revops_core::ports::Clock as _;
    revops_aws::SystemClock.now().plus(wait).to_string()
}

#[tokio::test]
async fn a_query_that_nobody_could_work_on_goes_back_to_its_queue() {
    let house = House::start().await;
    let id = house.ask("general").await;
    house.stack.ended(&id, "delivered").await;
    let query = json!({"v": 1, "type": "answer_query", "tracking_id": id});
    let sent = house.stack.sqs().send_message().queue_url(house.url("query-dead-letter"));
    sent.message_body(query.to_string()).message_group_id("tests").send().await.unwrap();
    let (listed, _) = house.gatewayctl(&["dlq", "list"]);
    assert_eq!(listed["letters"][0]["type"], "answer_query", "{listed}");
    let (replayed, code) = house.gatewayctl(&["dlq", "replay", &id]);
    assert_eq!((&replayed["letters"][0]["queue"], code), (&json!("query"), 0), "{replayed}");
    let empty = || async { (house.messages("query").await == (0, 0)).then_some(()) };
    house.stack.until("the query was worked off", empty).await;
    assert_eq!(
        (house.stack.agent_invocations().await, house.messages("query-dead-letter").await),
        (1, (0, 0))
    );
}
