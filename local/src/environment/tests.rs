//! Claims about what the functions see.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// Every variable of SPEC section 9, and those that the sections before it name.
const PRODUCT_VARIABLES: [&str; 40] = [
    "AGENT_BACKEND",
    "AGENT_ROUTE_HINT",
    "AGENT_RUNTIME_ARN",
    "AGENT_TIMEOUT_SECONDS",
    "ALLOWED_PRIVATE_CIDRS",
    "ALLOW_HTTP_DESTINATIONS",
    "BEDROCK_AGENT_ALIAS_ID",
    "BEDROCK_AGENT_ID",
    "CLASSIFICATION_SURE_FROM_PERCENT",
    "CONVERSATION_EXPORT_S3_BUCKET",
    "DATA_ANALYSIS_QUEUE_URL",
    "DATA_ANALYSIS_WEBHOOK_URL",
    "DEAD_LETTER_QUEUE_URL",
    "DEAL_ANALYSIS_QUEUE_URL",
    "DEAL_ANALYSIS_WEBHOOK_URL",
    "DEFAULT_WAIT_SECONDS",
    "EXPORT_FORMATS",
    "GENERAL_QUEUE_URL",
    "GENERAL_WEBHOOK_URL",
    "INBOUND_API_KEYS",
    "INBOUND_API_KEYS_ARN",
    "INBOUND_AUTH",
    "INBOUND_SIGNING_SECRETS",
    "INBOUND_SIGNING_SECRETS_ARN",
    "LEAD_ANALYSIS_QUEUE_URL",
    "LEAD_ANALYSIS_WEBHOOK_URL",
    "LOG_LEVEL",
    "MANAGER_AGENT_FUNCTION_NAME",
    "MANAGER_AGENT_NAME",
    "OPERATOR_KEYS",
    "OUTBOUND_WEBHOOK_QUEUE_URL",
    "QUERY_QUEUE_URL",
    "RETRY_BASE_SECONDS",
    "RETRY_MAX_ATTEMPTS",
    "RETRY_MAX_SECONDS",
    "RETRY_MULTIPLIER",
    "RETRY_PROFILE",
    "SIGNING_SECRETS",
    "SIGNING_SECRETS_ARN",
    "SSL_CERT_FILE",
];

fn offers() -> Offers {
    Offers {
        inbox_url: "http://127.0.0.1:3000/_local/inbox".to_owned(),
        aws_endpoint_url: "http://127.0.0.1:4566".to_owned(),
        region: "us-east-1".to_owned(),
        api_key_hash: "00ff".to_owned(),
        signing_secret: "whsec_made".to_owned(),
        time_scale: 1.0,
        real_bedrock: false,
    }
}

fn caller(variables: &[(&str, &str)]) -> Caller {
    variables.iter().copied().collect()
}

/// The environment of a function that declares every product variable, each empty.
fn environment_of(variables: &[(&str, &str)], offers: &Offers) -> BTreeMap<String, String> {
    let declared = PRODUCT_VARIABLES.iter().map(|name| ((*name).to_owned(), String::new())).collect();
    of_function(&declared, &caller(variables), offers, &|_| false)
}

fn functions() -> Vec<sam_template::Function> {
    let account = sam_template::Account {
        region: "us-east-1".to_owned(),
        account_id: "000000000000".to_owned(),
        endpoint: "http://127.0.0.1:4566".to_owned(),
        stack_name: "local".to_owned(),
    };
    let parameters = BTreeMap::from([("GeneralWebhookUrl".to_owned(), "http://inbox".to_owned())]);
    sam_template::read(include_str!("../../../template.yaml"), &parameters, &account).unwrap().functions
}

#[test]
fn the_shipped_template_declares_exactly_the_product_s_variables() {
    let declared: BTreeSet<_> = functions().into_iter().flat_map(|f| f.environment.into_keys()).collect();
    let expected: BTreeSet<_> = PRODUCT_VARIABLES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(declared, expected);
}

#[test]
fn a_secret_reaches_only_the_function_that_declares_it() {
    let secrets = caller(&[("SIGNING_SECRETS", "{}"), ("INBOUND_API_KEYS", "{}")]);
    let holders = |name: &str| -> Vec<String> {
        let functions = functions().into_iter();
        let with = functions
            .filter(|f| of_function(&f.environment, &secrets, &offers(), &|_| false).contains_key(name));
        with.map(|f| f.name).collect()
    };
    assert_eq!(holders("SIGNING_SECRETS"), ["delivery"]);
    assert_eq!(holders("INBOUND_API_KEYS"), ["gateway"]);
}

#[test]
fn without_any_variable_the_inbox_receives_and_a_key_and_a_secret_are_made() {
    let environment = environment_of(&[], &offers());
    assert_eq!(environment["DEAL_ANALYSIS_WEBHOOK_URL"], "http://127.0.0.1:3000/_local/inbox/deal_analysis");
    assert_eq!(environment["GENERAL_WEBHOOK_URL"], "http://127.0.0.1:3000/_local/inbox/general");
    assert_eq!(environment["INBOUND_API_KEYS"], r#"{"local":"00ff"}"#);
    assert_eq!(environment["SIGNING_SECRETS"], r#"{"default":["whsec_made"]}"#);
    assert_eq!(environment["ALLOWED_PRIVATE_CIDRS"], "127.0.0.0/8,::1/128");
    assert_eq!(environment["ALLOW_HTTP_DESTINATIONS"], "true");
    assert_eq!(environment["BEDROCK_AGENT_ID"], "LOCALAGENT");
    assert!(environment["AGENT_RUNTIME_ARN"].starts_with("arn:aws:bedrock-agentcore:"));
    assert_eq!(environment["TIME_SCALE"], "1");
}

#[test]
fn a_variable_of_the_caller_wins() {
    let environment = environment_of(
        &[("GENERAL_WEBHOOK_URL", "https://x"), ("RETRY_MAX_ATTEMPTS", "2"), ("EXPORT_FORMATS", "summary")],
        &offers(),
    );
    assert_eq!(environment["GENERAL_WEBHOOK_URL"], "https://x");
    assert_eq!(environment["RETRY_MAX_ATTEMPTS"], "2");
    assert_eq!(environment["EXPORT_FORMATS"], "summary");
}

#[test]
fn the_relaxed_address_rules_are_left_alone_where_the_caller_set_them_even_to_nothing() {
    let environment =
        environment_of(&[("ALLOWED_PRIVATE_CIDRS", ""), ("ALLOW_HTTP_DESTINATIONS", "")], &offers());
    assert_eq!(environment["ALLOWED_PRIVATE_CIDRS"], "");
    assert_eq!(environment["ALLOW_HTTP_DESTINATIONS"], "");
}

#[test]
fn a_class_whose_url_is_set_to_nothing_has_none_but_the_general_one_always_has() {
    let environment =
        environment_of(&[("DEAL_ANALYSIS_WEBHOOK_URL", ""), ("GENERAL_WEBHOOK_URL", "")], &offers());
    assert_eq!(environment["DEAL_ANALYSIS_WEBHOOK_URL"], "");
    assert_eq!(environment["GENERAL_WEBHOOK_URL"], "http://127.0.0.1:3000/_local/inbox/general");
}

#[test]
fn no_api_key_is_made_where_the_caller_brings_keys_or_runs_open() {
    for variable in [("INBOUND_API_KEYS_ARN", "arn"), ("INBOUND_AUTH", "none")] {
        assert_eq!(environment_of(&[variable], &offers())["INBOUND_API_KEYS"], "");
    }
    assert_eq!(environment_of(&[("INBOUND_API_KEYS", "{}")], &offers())["INBOUND_API_KEYS"], "{}");
    let signed_callers = environment_of(&[("INBOUND_SIGNING_SECRETS", "{}")], &offers());
    assert_eq!(signed_callers["INBOUND_API_KEYS"], r#"{"local":"00ff"}"#);
}

#[test]
fn no_signing_secret_is_made_where_the_caller_names_a_stored_one() {
    let environment = environment_of(&[("SIGNING_SECRETS_ARN", "arn")], &offers());
    assert_eq!(environment["SIGNING_SECRETS"], "");
}

#[test]
fn every_service_is_the_embedded_one_with_credentials_that_are_worth_nothing() {
    let real =
        [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "real"), ("AWS_REGION", "eu-west-1")];
    let environment = environment_of(&real, &offers());
    for service in ["SQS", "S3", "LAMBDA", "SECRETS_MANAGER", "BEDROCK_AGENT_RUNTIME", "BEDROCK_AGENTCORE"] {
        assert_eq!(environment[&format!("AWS_ENDPOINT_URL_{service}")], "http://127.0.0.1:4566");
    }
    assert_eq!(environment["AWS_ACCESS_KEY_ID"], "local");
    assert_eq!(environment["AWS_REGION"], "us-east-1");
}

#[test]
fn the_real_bedrock_is_called_with_the_caller_s_credentials_and_region() {
    let real = [("AWS_PROFILE", "sales"), ("HOME", "/home/x"), ("AWS_DEFAULT_REGION", "eu-west-1")];
    let environment = environment_of(&real, &Offers { real_bedrock: true, ..offers() });
    assert!(!environment.contains_key("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME"));
    assert!(!environment.contains_key("AWS_ACCESS_KEY_ID"));
    assert_eq!(environment["AWS_PROFILE"], "sales");
    assert_eq!(environment["AWS_REGION"], "eu-west-1");
    assert_eq!(environment["AWS_ENDPOINT_URL_SQS"], "http://127.0.0.1:4566");
    assert_eq!((&*environment["BEDROCK_AGENT_ID"], &*environment["AGENT_RUNTIME_ARN"]), ("", ""));
}

#[test]
fn an_endpoint_of_the_caller_replaces_the_embedded_service() {
    let environment = environment_of(&[("AWS_ENDPOINT_URL_S3", "http://minio:9000")], &offers());
    assert_eq!(environment["AWS_ENDPOINT_URL_S3"], "http://minio:9000");
    assert_eq!(environment["AWS_ENDPOINT_URL_SQS"], "http://127.0.0.1:4566");
    assert_eq!(environment["AWS_ACCESS_KEY_ID"], "local");
}

#[test]
fn the_certificate_bundle_is_one_of_this_machine() {
    let declared = BTreeMap::from([("SSL_CERT_FILE".to_owned(), "/amazon/linux.crt".to_owned())]);
    let check = |variables: &[(&str, &str)], there: &str, expected: Option<&str>| {
        let exists = |path: &Path| path == Path::new(there);
        let environment = of_function(&declared, &caller(variables), &offers(), &exists);
        assert_eq!(environment.get("SSL_CERT_FILE").map(String::as_str), expected);
    };
    check(&[], "/amazon/linux.crt", Some("/amazon/linux.crt"));
    check(&[], "/etc/ssl/cert.pem", Some("/etc/ssl/cert.pem"));
    check(&[], "/nowhere", None);
    check(&[("SSL_CERT_FILE", "/own.pem")], "/etc/ssl/cert.pem", Some("/own.pem"));
}

#[test]
fn the_real_bedrock_needs_an_agent() {
    let missing = |variables: &[(&str, &str)]| match caller(variables).check_real_agent() {
        Ok(()) => vec![],
        Err(EnvironmentError::RealAgentIsNotNamed { missing }) => missing,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(missing(&[("BEDROCK_AGENT_ID", "A")]), ["BEDROCK_AGENT_ALIAS_ID"]);
    assert_eq!(missing(&[("AGENT_BACKEND", "agentcore")]), ["AGENT_RUNTIME_ARN"]);
    assert!(missing(&[("BEDROCK_AGENT_ID", "A"), ("BEDROCK_AGENT_ALIAS_ID", "B")]).is_empty());
}
