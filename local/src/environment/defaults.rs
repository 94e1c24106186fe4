//! The values that this stack gives to the product's variables where the caller has none.

use super::{Caller, Offers};

/// A runtime that exists nowhere: the stand-in takes any.
const RUNTIME_ARN: &str = "arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/local_manager-0000000000";

/// A value of this stack for a product variable.
pub(super) struct Local {
    pub(super) value: String,
    /// Whether a variable that the caller has set to nothing is the caller's choice. Else it counts as not set.
    pub(super) empty_counts: bool,
}

/// This stack's value for the variable `name`; `None` leaves it to the template.
pub(super) fn local(name: &str, caller: &Caller, offers: &Offers) -> Option<Local> {
    let chosen = |value: &str, empty_counts| Some(Local { value: value.to_owned(), empty_counts });
    let inbox = |header: &str| format!("{}/{header}", offers.inbox_url);
    match name {
        "GENERAL_WEBHOOK_URL" => chosen(&inbox("general"), false),
        // Set but empty: the class has no URL of its own and falls back to the general one.
        "DEAL_ANALYSIS_WEBHOOK_URL" => chosen(&inbox("deal_analysis"), true),
        "DATA_ANALYSIS_WEBHOOK_URL" => chosen(&inbox("data_analysis"), true),
        "LEAD_ANALYSIS_WEBHOOK_URL" => chosen(&inbox("lead_analysis"), true),
        // The inbox is plain HTTP on the loopback interface. Set but empty: nothing private is allowed.
        "ALLOWED_PRIVATE_CIDRS" => chosen("127.0.0.0/8,::1/128", true),
        "ALLOW_HTTP_DESTINATIONS" => chosen("true", true),
        "INBOUND_API_KEYS" if !caller.brings_api_keys() => {
            chosen(&serde_json::json!({"local": offers.api_key_hash}).to_string(), false)
        }
        "SIGNING_SECRETS" if !caller.brings_signing_secrets() => {
            chosen(&serde_json::json!({"default": [offers.signing_secret]}).to_string(), false)
        }
        "BEDROCK_AGENT_ID" if !offers.real_bedrock => chosen("LOCALAGENT", false),
        "AGENT_RUNTIME_ARN" if !offers.real_bedrock => chosen(RUNTIME_ARN, false),
        "BEDROCK_AGENT_ALIAS_ID" if !offers.real_bedrock => chosen("LOCALALIAS", false),
        _ => None,
    }
}
