//! What is printed when all is up. Pure.

use crate::state::Ready;

/// The question of the example; the sample CRM knows the deal.
const QUESTION: &str = r#"{"source_process":"quarterly_review","timestamp":"2025-08-13T06:30:00Z","source_system":"external_app","query":"What is the deal status for IXIS?"}"#;

/// The ready line and a command to paste.
pub(super) fn text(ready: &Ready) -> String {
    let Ready { gateway_url, aws_endpoint_url, inbox_url, .. } = ready;
    let key = match &ready.api_key {
        Some(key) => format!(" -H 'x-api-key: {key}'"),
        None => String::new(),
    };
    format!(
        "ready: {gateway_url} (AWS endpoint {aws_endpoint_url}); Ctrl-C stops\n\n\
         Ask something:\n  \
         curl -sS {gateway_url}/webhook -H 'content-type: application/json'{key} -d '{QUESTION}'\n\
         See what the webhooks received:\n  \
         curl -sS {inbox_url}\n\
         Or look at everything in a browser:\n  \
         {gateway_url}/_local/\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(api_key: Option<&str>) -> Ready {
        Ready {
            gateway_url: "http://127.0.0.1:3000".to_owned(),
            api_key: api_key.map(str::to_owned),
            aws_endpoint_url: "http://127.0.0.1:4566".to_owned(),
            inbox_url: "http://127.0.0.1:3000/_local/inbox".to_owned(),
            signing_secret: Some("whsec_secret".to_owned()),
            queue_urls: std::collections::BTreeMap::new(),
            bucket: "conversations".to_owned(),
            pid: 1,
        }
    }

    #[test]
    fn the_command_to_paste_asks_about_ixis_with_the_made_key() {
        let text = text(&ready(Some("rwg_local_x")));
        assert!(text.starts_with("ready: http://127.0.0.1:3000 "));
        assert!(text.contains("curl -sS http://127.0.0.1:3000/webhook "));
        assert!(text.contains("-H 'x-api-key: rwg_local_x'"));
        assert!(text.contains("IXIS"));
        assert!(!text.contains("whsec_"));
    }

    #[test]
    fn without_a_made_key_the_command_has_none() {
        assert!(!text(&ready(None)).contains("x-api-key"));
    }

    #[test]
    fn the_example_is_json() {
        let question: serde_json::Value = serde_json::from_str(QUESTION).unwrap();
        assert_eq!(question["source_system"], "external_app");
    }
}
