//! Secrets Manager.

use revops_aws::{SecretError, SecretsManager};
use serde_json::json;

use crate::script::{Answer, Script};

fn secrets(answers: impl IntoIterator<Item = Answer>) -> (SecretsManager, Script) {
    let script = Script::new(answers);
    (SecretsManager::new(script.clients()), script)
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_fetched_by_its_arn() {
    let (secrets, script) = secrets([Answer::new(200, &[], json!({"SecretString": "whsec_x"}).to_string())]);
    assert_eq!(secrets.get("arn:x").await.unwrap().expose(), "whsec_x");
    assert_eq!(script.requests()[0].json(), json!({"SecretId": "arn:x"}));
}

#[tokio::test(start_paused = true)]
async fn a_missing_secret_is_a_refusal_and_a_failing_service_is_not() {
    let missing = Answer::new(400, &[], json!({"__type": "ResourceNotFoundException"}).to_string());
    let (refusing, _) = secrets([missing]);
    assert!(matches!(refusing.get("arn:x").await, Err(SecretError::Refused(_))));
    let (failing, _) = secrets(std::iter::repeat_with(|| Answer::new(500, &[], "{}")).take(3));
    assert!(matches!(failing.get("arn:x").await, Err(SecretError::Unavailable(_))));
}
