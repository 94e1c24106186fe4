//! People: two of them at once, one who changes their mind, and one who has nothing but variables.

use std::process::{Child, Output, Stdio};

use serde_json::Value;

use crate::house::House;

/// Starts a replay of everything, with `more`.
fn replay(house: &House, more: &[&str]) -> Child {
    let mut command = house.stack.gatewayctl_command(&[&["--json", "dlq", "replay", "--all"], more].concat());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn replayed(output: &Output) -> u64 {
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    printed["replayed"].as_u64().unwrap_or_else(|| panic!("{output:?}"))
}

#[tokio::test]
async fn two_operators_who_replay_everything_at_once_make_one_post_a_letter() {
    let house = House::start().await;
    let ids = house.refused_many(6).await;
    let operators = [replay(&house, &[]), replay(&house, &[])];
    let done = operators.map(|operator| replayed(&operator.wait_with_output().unwrap()));
    for id in &ids {
        house.outcome(id, "002-delivered").await;
    }
    house.until_worked_off().await;
    assert!(done.iter().sum::<u64>() >= 6, "{done:?}");
    for id in &ids {
        assert_eq!(house.posts(id).await, 2, "the first run's and one of the second's; {done:?}");
    }
    house.until_dead_letters(0).await;
}

#[tokio::test]
async fn an_interrupted_replay_gives_back_what_it_has_not_sent_and_can_be_repeated() {
    let house = House::start().await;
    let ids = house.refused_many(4).await;
    let operator = replay(&house, &["--rate", "1"]);
    let begun = || async { (house.stack.object(&second_run(&ids[0]))).map(|_| ()) };
    house.stack.until("the first letter is delivered", begun).await;
    let interrupt = std::process::Command::new("kill").args(["-INT", &operator.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    let output = operator.wait_with_output().unwrap();
    let sent = replayed(&output);
    assert!((1..4).contains(&sent), "{output:?}");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("repeat it"), "{output:?}");
    house.until_dead_letters(4 - sent).await;

    let again = replay(&house, &[]).wait_with_output().unwrap();
    assert_eq!((replayed(&again), again.status.code()), (4 - sent, Some(0)));
    for id in &ids {
        house
            .stack
            .until("its second run is delivered", || async { house.stack.object(&second_run(id)) })
            .await;
        assert_eq!(house.posts(id).await, 2);
    }
}

fn second_run(id: &str) -> String {
    format!("conversations/{id}/outcomes/002-delivered.json")
}

#[tokio::test]
async fn without_local_the_functions_variables_are_enough() {
    let house = House::start().await;
    let id = house.refused().await;
    let program = house.stack.gatewayctl_command(&[]).get_program().to_owned();
    let call = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = std::process::Command::new(&program);
        let anybody =
            [("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "x"), ("AWS_REGION", "us-east-1")];
        command.env_clear().envs(anybody).env("AWS_ENDPOINT_URL", &house.stack.ready.aws_endpoint_url);
        command.envs(variables.iter().copied()).args(["--json", "dlq"]).args(arguments).output().unwrap()
    };
    let refused = call(&["list"], &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("DEAD_LETTER_QUEUE_URL is not set"),
        "{refused:?}"
    );
    let variables = [
        ("DEAD_LETTER_QUEUE_URL", house.url("dead-letter")),
        ("CONVERSATION_EXPORT_S3_BUCKET", &house.stack.ready.bucket),
        ("QUERY_QUEUE_URL", house.url("query")),
        ("OUTBOUND_WEBHOOK_QUEUE_URL", house.url("general")),
    ];
    let done = call(&["replay", &id], &variables);
    assert_eq!((replayed(&done), done.status.code()), (1, Some(0)));
    house.outcome(&id, "002-delivered").await;
}
