//! Destinations that answer 410, and what becomes of their answers.

use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn a_disabled_destinations_answers_are_kept_without_a_post_and_all_delivered_once_it_is_enabled() {
    let house = House::start().await;
    house.answers("deal_analysis", json!({"status": 410, "count": 1})).await;
    let gone = house.ask("deal_analysis").await;
    house.stack.ended(&gone, "failed").await;
    let (shown, code) = house.gatewayctl(&["destinations"]);
    assert_eq!(
        (&shown[0]["header"], &shown[0]["state"], code),
        (&json!("deal_analysis"), &json!("disabled"), 0)
    );
    assert_eq!((&shown[0]["tracking_id"], &shown[3]["state"]), (&json!(gone), &json!("enabled")), "{shown}");

    let mut kept = Vec::new();
    for _ in 0..3 {
        let id = house.ask("deal_analysis").await;
        house.stack.ended(&id, "failed").await;
        assert_eq!(house.posts(&id).await, 0, "nothing is sent to a disabled destination");
        kept.push(id);
    }
    house.until_dead_letters(4).await;
    let (listed, _) = house.gatewayctl(&["dlq", "list", "--reason", "destination_disabled"]);
    assert_eq!(listed["selected"], 3, "{listed}");
    let other = house.ask("general").await;
    house.stack.ended(&other, "delivered").await;

    let (enabled, code) = house.gatewayctl(&["destinations", "enable", "deal_analysis", "--replay"]);
    assert_eq!((&enabled["was"], &enabled["replay"]["replayed"], code), (&json!("disabled"), &json!(4), 0));
    for id in &kept {
        house.outcome(id, "002-delivered").await;
        assert_eq!(house.posts(id).await, 1);
    }
    house.outcome(&gone, "002-delivered").await;
    assert_eq!((house.posts(&gone).await, house.messages("dead-letter").await), (2, (0, 0)));
    assert_eq!(house.gatewayctl(&["destinations"]).0[0]["state"], "enabled");
    let (again, code) = house.gatewayctl(&["destinations", "enable", "deal_analysis", "--replay"]);
    assert_eq!(
        (&again["was"], &again["replay"]["replayed"], code),
        (&json!("enabled"), &json!(0), 0),
        "{again}"
    );
}

#[tokio::test]
async fn a_replay_to_a_destination_that_is_still_disabled_is_kept_again_without_a_post() {
    let house = House::start().await;
    house.answers("general", json!({"status": 410, "count": 1})).await;
    let id = house.ask("general").await;
    house.stack.ended(&id, "failed").await;
    house.until_dead_letters(1).await;
    assert_eq!(house.gatewayctl(&["dlq", "replay", &id]).1, 0);
    let outcome = house.outcome(&id, "002-failed").await;
    assert_eq!(outcome["reason"], "destination_disabled");
    house.until_dead_letters(1).await;
    assert_eq!(house.posts(&id).await, 1);
    let (listed, _) = house.gatewayctl(&["dlq", "list"]);
    assert_eq!((&listed["letters"][0]["run"], &listed["total"]), (&json!(3), &json!(1)), "{listed}");
}
