//! The shipped template is clean, and each change for the worse makes one finding.

use std::collections::BTreeMap;

use super::finding::Severity::{self, Error, Note, Warning};
use super::*;

const SHIPPED: &str = include_str!("../../../../template.yaml");

/// A deployment that gives all that is needed.
const GIVEN: [(&str, &str); 5] = [
    ("GeneralWebhookUrl", "https://hooks.example.com/revops"),
    ("SigningSecrets", r#"{"default":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#),
    ("InboundApiKeys", r#"{"crm":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}"#),
    ("BedrockAgentId", "AGENT12345"),
    ("BedrockAgentAliasId", "ALIAS12345"),
];

fn parameters(more: &[(&str, &str)]) -> BTreeMap<String, String> {
    GIVEN.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The shipped template with the first `old` after `mark` replaced.
fn changed(mark: &str, old: &str, new: &str) -> String {
    let (before, after) =
        SHIPPED.split_at(SHIPPED.find(mark).unwrap_or_else(|| panic!("{mark} is not there")));
    assert!(after.contains(old), "{old} is not there after {mark}");
    format!("{before}{}", after.replacen(old, new, 1))
}

fn told(text: &str, more: &[(&str, &str)]) -> Vec<(Severity, String)> {
    let findings = findings(text, &parameters(more)).unwrap();
    findings.into_iter().map(|finding| (finding.severity, finding.place)).collect()
}

/// The change makes exactly this finding.
#[track_caller]
fn finds(mark: &str, old: &str, new: &str, severity: Severity, place: &str) {
    assert_eq!(told(&changed(mark, old, new), &[]), [(severity, place.to_owned())], "{mark}: {old} → {new}");
}

/// The value of a parameter makes exactly this finding.
#[track_caller]
fn finds_in_values(values: &[(&str, &str)], severity: Severity, place: &str) {
    assert_eq!(told(SHIPPED, values), [(severity, place.to_owned())], "{values:?}");
}

#[test]
fn the_shipped_template_with_all_values_is_clean() {
    assert_eq!(told(SHIPPED, &[]), []);
}

#[test]
fn what_is_not_given_is_named_as_not_checked_and_is_no_error() {
    let found = findings(SHIPPED, &BTreeMap::new()).unwrap();
    assert!(found.iter().all(|finding| finding.severity == Note), "{found:?}");
    let places: Vec<_> = found.iter().map(|finding| finding.place.as_str()).collect();
    let expected =
        ["BedrockAgentAliasId", "BedrockAgentId", "GeneralWebhookUrl", "InboundApiKeys", "SigningSecrets"];
    assert_eq!(places, expected.map(|name| format!("Parameters.{name}")));
}

#[test]
fn each_link_of_the_chain_of_time_outs_is_judged() {
    let timeout = |function: &str| format!("Resources.{function}.Properties.Timeout");
    finds("GatewayFunction:", "Timeout: 29", "Timeout: 30", Error, &timeout("GatewayFunction"));
    finds("GatewayFunction:", "Timeout: 29", "Timeout: 26", Error, &timeout("GatewayFunction"));
    finds("ManagerAgentFunction:\n", "Timeout: 150", "Timeout: 149", Error, &timeout("ManagerAgentFunction"));
    finds("GatewayWorkerFunction:", "Timeout: 180", "Timeout: 150", Error, &timeout("GatewayWorkerFunction"));
    finds("DeliveryFunction:", "Timeout: 60", "Timeout: 24", Error, &timeout("DeliveryFunction"));
}

#[test]
fn a_queue_hides_for_six_time_outs_of_its_reader() {
    let place = "Resources.GeneralQueue.Properties.VisibilityTimeout";
    finds("GeneralQueue:", "VisibilityTimeout: 360", "VisibilityTimeout: 359", Warning, place);
    finds("GeneralQueue:", "VisibilityTimeout: 360", "VisibilityTimeout: 59", Error, place);
    let window = "BatchSize: 10\n      MaximumBatchingWindowInSeconds: 1";
    finds("GeneralMapping:", "BatchSize: 10", window, Warning, place);
}

#[test]
fn queues_lose_nothing() {
    let (queue, mapping) = ("Resources.QueryQueue.Properties", "Resources.QueryMapping.Properties");
    let (kept, less) = ("MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 1209599");
    finds("QueryQueue:\n", kept, less, Error, &format!("{queue}.MessageRetentionPeriod"));
    let dead = "Resources.DeadLetterQueue.Properties.MessageRetentionPeriod";
    finds("  DeadLetterQueue:\n", kept, less, Error, dead);
    let place = format!("{queue}.RedrivePolicy.maxReceiveCount");
    finds("QueryQueue:\n", "maxReceiveCount: 100", "maxReceiveCount: 99", Error, &place);
    // Its dead-letter queue still serves the other classes.
    finds(
        "  GeneralQueue:\n",
        "RedrivePolicy:",
        "Tags:",
        Error,
        "Resources.GeneralQueue.Properties.RedrivePolicy",
    );
    let place = format!("{mapping}.FunctionResponseTypes");
    finds(
        "QueryMapping:",
        "FunctionResponseTypes: [ReportBatchItemFailures]",
        "Enabled: true",
        Error,
        &place,
    );
    let place = format!("{mapping}.ScalingConfig");
    finds(
        "QueryMapping:",
        "ScalingConfig: {MaximumConcurrency: !Ref WorkerConcurrency}",
        "Enabled: true",
        Warning,
        &place,
    );
    let place = "Resources.DeliveryFunction.Properties.ReservedConcurrentExecutions";
    finds(
        "DeliveryFunction:",
        "Timeout: 60",
        "Timeout: 60\n      ReservedConcurrentExecutions: 5",
        Error,
        place,
    );
}

/// The outbound queue stays, and nobody reads it.
#[test]
fn a_queue_that_nobody_reads_is_an_error() {
    let mapping = "  GeneralMapping:\n    Type: AWS::Lambda::EventSourceMapping";
    let gone = "  GeneralMapping:\n    Type: AWS::Other";
    finds("  GeneralMapping:", mapping, gone, Error, "Resources.GeneralQueue");
}

#[test]
fn a_stack_without_one_of_its_functions_is_an_error() {
    finds("GatewayFunction:", "Binary: gateway}", "Binary: doorway}", Error, "Resources");
}

#[test]
fn a_secret_that_only_aws_holds_is_named_as_not_checked() {
    let place = "Resources.DeliveryFunction.Properties.Environment.Variables.SIGNING_SECRETS_ARN";
    let arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:keys";
    finds_in_values(&[("SigningSecrets", ""), ("SigningSecretsArn", arn)], Note, place);
}

#[test]
fn destinations_are_https_public_and_without_a_password() {
    let place = "Resources.DeliveryFunction.Properties.Environment.Variables.DEAL_ANALYSIS_WEBHOOK_URL";
    let url = |value| [("DealAnalysisWebhookUrl", value)];
    finds_in_values(&url("http://hooks.example.com"), Error, place);
    finds_in_values(&url("https://crm:hunter2@hooks.example.com"), Error, place);
    finds_in_values(&url("https://10.0.0.7/hooks"), Error, place);
    finds_in_values(&url("https://[::ffff:169.254.169.254]/"), Error, place);
    let allowed = |name, value, url| told(SHIPPED, &[("DealAnalysisWebhookUrl", url), (name, value)]);
    assert_eq!(allowed("AllowHttpDestinations", "true", "http://hooks.example.com"), []);
    assert_eq!(allowed("AllowedPrivateCidrs", "10.0.0.0/8", "https://10.0.0.7/hooks"), []);
}

#[test]
fn secrets_and_keys_are_read_as_the_functions_read_them_and_never_shown() {
    let variable =
        |function: &str, name: &str| format!("Resources.{function}.Properties.Environment.Variables.{name}");
    let secrets = variable("DeliveryFunction", "SIGNING_SECRETS");
    finds_in_values(&[("SigningSecrets", r#"{"default":["hunter2"]}"#)], Error, &secrets);
    let keys = variable("GatewayFunction", "INBOUND_API_KEYS");
    finds_in_values(&[("InboundApiKeys", r#"{"crm":"hunter2"}"#)], Error, &keys);
    let found = findings(SHIPPED, &parameters(&[("SigningSecrets", r#"{"default":["hunter2"]}"#)])).unwrap();
    assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
}

#[test]
fn a_function_that_lacks_a_variable_refuses_to_start() {
    let place = "Resources.DeliveryFunction.Properties.Environment.Variables.DEAD_LETTER_QUEUE_URL";
    finds("DeliveryFunction:", "          DEAD_LETTER_QUEUE_URL: !Ref DeadLetterQueue\n", "", Error, place);
}

#[test]
fn running_open_is_a_warning() {
    let place = "Resources.GatewayFunction.Properties.Environment.Variables.INBOUND_AUTH";
    finds_in_values(&[("InboundAuth", "none"), ("InboundApiKeys", "")], Warning, place);
}

#[test]
fn an_environment_that_lambda_refuses_is_an_error() {
    let (hash, mut callers) =
        ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", BTreeMap::new());
    callers.extend((0..60).map(|number| (format!("caller-{number}"), hash)));
    let keys = serde_json::to_string(&callers).unwrap();
    let place = "Resources.GatewayFunction.Properties.Environment";
    finds_in_values(&[("InboundApiKeys", &keys)], Error, place);
}

#[test]
fn values_that_cloudformation_refuses_are_errors() {
    finds_in_values(&[("LogRetentionDays", "31")], Error, "Parameters.LogRetentionDays");
    finds_in_values(&[("WorkerConcurrency", "many")], Error, "the template");
    finds_in_values(&[("RecordRetentionDays", "89")], Error, "Parameters.RecordRetentionDays");
}

#[test]
fn an_alarm_on_what_nobody_emits_never_rings() {
    let alarm = "Resources.GatewayErrorsAlarm.Properties";
    let (namespace, metric) = ("Namespace: RevOps/WebhookGateway", "MetricName: RequestsRejected");
    finds(
        "GatewayErrorsAlarm:",
        namespace,
        "Namespace: RevOps/Gateway",
        Error,
        &format!("{alarm}.Namespace"),
    );
    finds(
        "GatewayErrorsAlarm:",
        metric,
        "MetricName: RequestsRefused",
        Error,
        &format!("{alarm}.MetricName"),
    );
    finds(
        "GatewayErrorsAlarm:",
        "Value: agent_failed",
        "Value: agent_sulks",
        Error,
        &format!("{alarm}.MetricName"),
    );
}

#[test]
fn the_bucket_is_private_encrypted_and_keeps_what_is_needed() {
    let bucket = "Resources.ConversationsBucket";
    let place = |property: &str| format!("{bucket}.Properties.{property}");
    let public = place("PublicAccessBlockConfiguration");
    finds("ConversationsBucket:", "BlockPublicPolicy: true", "BlockPublicPolicy: false", Error, &public);
    finds(
        "ConversationsBucketPolicy:",
        "aws:SecureTransport\": \"false\"",
        "aws:SecureTransport\": \"true\"",
        Error,
        bucket,
    );
    finds("ConversationsBucket:", "BucketEncryption:", "Other:", Warning, &place("BucketEncryption"));
    let lifecycle = place("LifecycleConfiguration");
    finds("ConversationsBucket:", "!Ref RecordRetentionDays", "27", Error, &lifecycle);
    finds("ConversationsBucket:", "!Ref LedgerRetentionDays", "13", Error, &lifecycle);
    finds("Id: Exports", "Status: Enabled", "Status: Disabled", Warning, &lifecycle);
}

#[test]
fn logs_are_not_kept_for_ever() {
    let place = "Resources.AccessLogGroup.Properties.RetentionInDays";
    finds(
        "AccessLogGroup:\n    Type",
        "RetentionInDays: !Ref LogRetentionDays",
        "LogGroupClass: STANDARD",
        Warning,
        place,
    );
}

#[test]
fn a_policy_names_its_actions_and_resources() {
    let place = "Resources.DeliveryRole.Properties.Policies";
    finds("DeliveryRole:\n", "Action: s3:GetObject", "Action: s3:*", Error, place);
    finds("DeliveryRole:\n", "Action: s3:GetObject", "NotAction: s3:GetObject", Error, place);
    finds("DeliveryRole:\n", "Resource: !GetAtt DeadLetterQueue.Arn", "Resource: \"*\"", Error, place);
    // A branch that this deployment does not take.
    finds("- ReadsSigningSecrets", "Resource: !Ref SigningSecretsArn", "Resource: \"*\"", Error, place);
    let managed = "Properties:\n      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSQSFullAccess]";
    finds(
        "DeliveryRole:\n",
        "Properties:",
        managed,
        Warning,
        "Resources.DeliveryRole.Properties.ManagedPolicyArns",
    );
    let place = "Resources.GatewayWorkerFunction.Properties.Role";
    finds("GatewayWorkerFunction:", "      Role: !GetAtt GatewayWorkerRole.Arn\n", "", Warning, place);
    finds(
        "GatewayWorkerFunction:",
        "!GetAtt GatewayWorkerRole.Arn",
        "!GetAtt GatewayRole.Arn",
        Warning,
        place,
    );
}

#[test]
fn what_is_no_template_is_an_error_with_its_place() {
    let found = findings("Resources: {Q: {}}", &BTreeMap::new()).unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].severity == Error && found[0].reason.contains("Resources.Q"), "{found:?}");
}

#[test]
fn a_parameter_that_is_not_declared_is_a_wrong_call() {
    assert!(matches!(findings(SHIPPED, &parameters(&[("Colour", "red")])), Err(CtlError::Usage(_))));
}
