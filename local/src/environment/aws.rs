//! The AWS SDK's own variables: where the services are, and with which credentials they are called.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".

use std::collections::BTreeMap;

use super::{Caller, Offers};

/// Services that the functions call, as they are spelled in `AWS_ENDPOINT_URL_<SERVICE>`.
const SERVICES: [&str; 6] =
    ["SQS", "S3", "LAMBDA", "SECRETS_MANAGER", "BEDROCK_AGENT_RUNTIME", "BEDROCK_AGENTCORE"];

/// How the SDK finds real credentials. `HOME` holds the profile files.
const CREDENTIALS: [&str; 12] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "HOME",
];

/// The variables for one function; they are the same for all.
pub(super) fn variables(caller: &Caller, offers: &Offers) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    for service in SERVICES {
        let name = format!("AWS_ENDPOINT_URL_{service}");
        if let Some(url) = endpoint(&name, service, caller, offers) {
            variables.insert(name, url);
        }
    }
    variables.extend(credentials(caller, offers));
    variables.insert("AWS_REGION".to_owned(), region(caller, offers));
    variables
}

fn endpoint(name: &str, service: &str, caller: &Caller, offers: &Offers) -> Option<String> {
    if let Some(url) = caller.set(name) {
        return Some(url.to_owned());
    }
    let is_real = offers.real_bedrock && service.starts_with("BEDROCK_");
    (!is_real).then(|| offers.aws_endpoint_url.clone())
}

fn calls_real_services(caller: &Caller, offers: &Offers) -> bool {
    let has_endpoint = |service: &&str| caller.set(&format!("AWS_ENDPOINT_URL_{service}")).is_some();
    offers.real_bedrock || SERVICES.iter().any(has_endpoint)
}

/// The caller's own, where a real service is called. The embedded services take any; so do most that stand
/// behind a replaced endpoint, so without credentials of the caller it is those.
fn credentials(caller: &Caller, offers: &Offers) -> BTreeMap<String, String> {
    let names_some = caller.set("AWS_ACCESS_KEY_ID").or(caller.set("AWS_PROFILE")).is_some();
    if offers.real_bedrock || (calls_real_services(caller, offers) && names_some) {
        let own = CREDENTIALS.iter().filter_map(|name| caller.set(name).map(|value| (*name, value)));
        return own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    }
    let any = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    any.iter().map(|name| ((*name).to_owned(), "local".to_owned())).collect()
}

fn region(caller: &Caller, offers: &Offers) -> String {
    let own = caller.set("AWS_REGION").or_else(|| caller.set("AWS_DEFAULT_REGION"));
    match own {
        Some(region) if calls_real_services(caller, offers) => region.to_owned(),
        Some(_) | None => offers.region.clone(),
    }
}
