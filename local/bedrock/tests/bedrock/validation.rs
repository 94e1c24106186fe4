//! Requests that the service refuses.

use aws_sdk_bedrockagentruntime::error::ProvideErrorMetadata;

use crate::support::{Served, invoke, served};

async fn post(served: &Served, path: &str, body: &'static str) -> (u16, Option<String>, String) {
    let request = reqwest::Client::new().post(format!("{}{path}", served.url)).body(body);
    let mut response = request.send().await.unwrap();
    let kind = response.headers().get("x-amzn-errortype").map(|kind| kind.to_str().unwrap().to_owned());
    let mut text = Vec::new();
    while let Some(part) = response.chunk().await.unwrap() {
        text.extend_from_slice(&part);
    }
    (response.status().as_u16(), kind, String::from_utf8_lossy(&text).into_owned())
}

#[tokio::test]
async fn ids_and_bodies_that_break_the_model_are_refused() {
    let served = served().await;
    let valid = "/agents/LOCALAGENT/agentAliases/TSTALIASID/sessions/s1/text";
    for (path, body) in [
        ("/agents/TOOLONGAGENT/agentAliases/TSTALIASID/sessions/s1/text", r#"{"inputText":"hi"}"#),
        ("/agents/LOCALAGENT/agentAliases/T-ST/sessions/s1/text", r#"{"inputText":"hi"}"#),
        ("/agents/LOCALAGENT/agentAliases/TSTALIASID/sessions/a%20b/text", r#"{"inputText":"hi"}"#),
        ("/agents/LOCALAGENT/agentAliases/TSTALIASID/sessions/s/text", r#"{"inputText":"hi"}"#),
        (valid, "not json"),
        (valid, r#"{"inputText":""}"#),
        (valid, r#"{"inputText":42}"#),
        (valid, "{}"),
    ] {
        let (status, kind, text) = post(&served, path, body).await;
        assert_eq!((status, kind.as_deref()), (400, Some("ValidationException")), "{path} {body}");
        assert!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["message"].is_string());
    }
    assert_eq!(post(&served, valid, r#"{"inputText":"hi"}"#).await.0, 200);
    assert_eq!(post(&served, "/agents/LOCALAGENT/unknown", "{}").await.0, 404);
}

#[tokio::test]
async fn the_sdk_understands_a_refusal() {
    let served = served().await;
    let call = invoke(&served.client, "s1", "").send().await.unwrap_err();
    let error = call.into_service_error();
    assert!(error.is_validation_exception());
    assert!(error.message().unwrap().contains("inputText"));
}
