//! Replays without `gatewayctl`: a redrive as the AWS console does it, and messages that come twice.

use futures_util::future::join_all;
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn a_plain_redrive_to_any_outbound_queue_is_a_replay() {
    let house = House::start().await;
    let id = house.refused().await;
    // Another class's queue: every outbound queue takes every class.
    let (from, to) = (house.arn("dead-letter").await, house.arn("lead-analysis").await);
    let task = house.stack.sqs().start_message_move_task().source_arn(from).destination_arn(to);
    task.send().await.unwrap();
    house.outcome(&id, "002-delivered").await;
    assert_eq!((house.posts(&id).await, house.messages("dead-letter").await), (2, (0, 0)));
    let last = house.stack.deliveries(&id).await.pop().unwrap();
    assert_eq!(last["header"], "deal_analysis", "its own class's webhook, whichever queue it came by");
}

#[tokio::test]
async fn a_redrive_without_a_destination_moves_nothing() {
    let house = House::start().await;
    let id = house.refused().await;
    let from = house.arn("dead-letter").await;
    let task = house.stack.sqs().start_message_move_task().source_arn(&from);
    // Refused, or begun and failed: SQS does not know where a message came from that was sent here.
    if task.send().await.is_ok() {
        let failed = || async {
            let tasks = house.stack.sqs().list_message_move_tasks().source_arn(&from).send().await.unwrap();
            (tasks.results()[0].status() == Some("FAILED")).then_some(())
        };
        house.stack.until("the move task failed", failed).await;
    }
    house.until_dead_letters(1).await;
    house.until_worked_off().await;
    assert_eq!(house.posts(&id).await, 1);
}

#[tokio::test]
async fn a_letter_that_is_sent_twice_at_once_makes_one_post() {
    let house = House::start().await;
    let id = house.refused().await;
    let letter = house.stack.dead_letter().await;
    // Slow enough for the second message to come while the first is being POSTed.
    house.answers("deal_analysis", json!({"delay_ms": 2000})).await;
    let client = house.stack.sqs();
    let body = letter.body().unwrap();
    let sends = ["deal-analysis", "deal-analysis", "general"]
        .map(|queue| client.send_message().queue_url(house.url(queue)).message_body(body).send());
    assert!(join_all(sends).await.iter().all(Result::is_ok));
    house.outcome(&id, "002-delivered").await;
    house.until_worked_off().await;
    assert_eq!(house.posts(&id).await, 2, "the first run's and one of the second's");
}

#[tokio::test]
async fn a_replay_of_what_was_delivered_makes_no_post() {
    let house = House::start().await;
    let id = house.refused().await;
    let letter = house.stack.dead_letter().await;
    let (from, to) = (house.url("dead-letter"), house.url("dead-letter"));
    // A crash between its copy and its outcome leaves a letter twice, and so does a replay that broke off.
    let client = house.stack.sqs();
    client.send_message().queue_url(to).message_body(letter.body().unwrap()).send().await.unwrap();
    let back = client.change_message_visibility().queue_url(from).visibility_timeout(0);
    back.receipt_handle(letter.receipt_handle().unwrap()).send().await.unwrap();
    house.until_dead_letters(2).await;
    let (listed, _) = house.gatewayctl(&["dlq", "list"]);
    assert_eq!((&listed["total"], &listed["duplicates"]), (&json!(1), &json!(1)), "{listed}");
    assert_eq!(house.gatewayctl(&["dlq", "replay", &id]).1, 0);
    house.outcome(&id, "002-delivered").await;
    house.until_dead_letters(0).await;

    client.send_message().queue_url(to).message_body(letter.body().unwrap()).send().await.unwrap();
    let (shown, _) = house.gatewayctl(&["dlq", "show", &id]);
    assert!(shown["letters"][0]["next"].as_str().unwrap().starts_with("nothing"), "{shown}");
    assert_eq!(house.gatewayctl(&["dlq", "replay", &id]).1, 0);
    house.until_worked_off().await;
    assert_eq!((house.posts(&id).await, house.messages("dead-letter").await), (2, (0, 0)));
}
