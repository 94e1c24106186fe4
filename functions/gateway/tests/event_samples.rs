//! The samples of `events/` are what the handlers read.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use aws_lambda_events::sqs::SqsEvent;
use gateway::http::Incoming;
use revops_core::messages::Message;
use revops_core::request::parse;

fn sample(name: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn request(name: &str) -> Incoming {
    Incoming::of(serde_json::from_str(&sample(name)).unwrap(), 0)
}

#[test]
fn a_post_event_holds_the_original_question() {
    let request = request("http-api-post-webhook.json");
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/webhook"));
    assert_eq!(parse(&request.body).unwrap().query, "What is the deal status for IXIS?");
}

#[test]
fn a_base64_body_arrives_decoded_and_the_stage_stays_in_the_path() {
    let request = request("http-api-post-webhook-base64.json");
    assert_eq!(request.path, "/prod/webhook");
    assert_eq!(request.body, self::request("http-api-post-webhook.json").body);
}

#[test]
fn a_get_event_has_no_body() {
    let request = request("http-api-get-conversation.json");
    assert!(request.body.is_empty() && request.path.starts_with("/prod/webhook/"));
}

#[test]
fn a_request_is_taken_as_it_is_whatever_its_host_path_and_query_hold() {
    let mut event: serde_json::Value = serde_json::from_str(&sample("http-api-post-webhook.json")).unwrap();
    for hostile in ["a b", "[::1", "x:999999", "", "\u{0}", "#?%zz", "é"] {
        event["headers"]["host"] = hostile.replace('\u{0}', "").into();
        event["requestContext"]["domainName"] = hostile.into();
        event["rawPath"] = hostile.into();
        event["rawQueryString"] = hostile.into();
        let request = Incoming::of(serde_json::from_value(event.clone()).unwrap(), 0);
        assert_eq!((request.path.as_str(), request.query.as_str()), (hostile, hostile));
    }
}

#[test]
fn an_sqs_event_holds_a_message_of_ours() {
    let event: SqsEvent = serde_json::from_str(&sample("sqs-answer-query.json")).unwrap();
    let body = event.records[0].body.as_deref().unwrap();
    assert!(matches!(Message::parse(body), Ok(Message::AnswerQuery(_))));
    assert_eq!(event.records[0].attributes["ApproximateReceiveCount"], "1");
}
