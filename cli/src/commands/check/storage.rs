//! What is kept, for how long, and who could read it.

use sam_template::all_branches;
use serde_json::Value;

use super::finding::Finding;
use super::template::{Template, place};

/// Records outlive the longest delivery (13 days) and its dead letter (14 more), both of which read them.
const RECORDS_DAYS: u64 = 13 + 14;

/// How long callers are promised that an Idempotency-Key stands for its conversation (SPEC 2).
const LEDGER_DAYS: u64 = 14;

const PUBLIC_ACCESS: [&str; 4] =
    ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];

/// Judges buckets and log groups.
pub(super) fn check(template: &Template) -> Vec<Finding> {
    let buckets = template.of_type("AWS::S3::Bucket").flat_map(|(id, _)| bucket(template, id));
    let groups = template.of_type("AWS::Logs::LogGroup").filter_map(|(id, _)| log_group(template, id));
    buckets.chain(groups).collect()
}

fn bucket(template: &Template, id: &str) -> Vec<Finding> {
    let findings = [
        public_access(template, id),
        encryption(template, id),
        tls(template, id),
        lifecycle(template, id, "conversations/", RECORDS_DAYS + 1),
        lifecycle(template, id, "conversation-history/", 1),
        lifecycle(template, id, "idempotency/", LEDGER_DAYS),
    ];
    findings.into_iter().flatten().collect()
}

fn public_access(template: &Template, id: &str) -> Option<Finding> {
    let blocked = template.written(id, "PublicAccessBlockConfiguration");
    let is_on = |name: &&&str| template.value(&blocked[**name]).to_string().trim_matches('"') == "true";
    let open: Vec<_> = PUBLIC_ACCESS.iter().filter(|name| !is_on(name)).copied().collect();
    (!open.is_empty()).then(|| {
        Finding::error(
            place(id, "PublicAccessBlockConfiguration"),
            format!("{} not blocked: questions and answers could become public", open.join(", ")),
            "set all four to true",
        )
    })
}

fn encryption(template: &Template, id: &str) -> Option<Finding> {
    template.written(id, "BucketEncryption").is_null().then(|| {
        Finding::warning(
            place(id, "BucketEncryption"),
            "says nothing: S3 encrypts with keys of its own, and an auditor cannot read that here",
            "set ServerSideEncryptionConfiguration with AES256, or with a KMS key",
        )
    })
}

/// A policy that denies every action over plain http.
fn tls(template: &Template, id: &str) -> Option<Finding> {
    let policies = template.of_type("AWS::S3::BucketPolicy").map(|(_, policy)| &policy["Properties"]);
    let own = policies.filter(|policy| policy["Bucket"]["Ref"] == *id);
    let statements = own.flat_map(|policy| all_branches(&policy["PolicyDocument"]["Statement"]));
    let is_denial = |statement: &Value| {
        let condition = &statement["Condition"]["Bool"]["aws:SecureTransport"];
        statement["Effect"] == "Deny" && statement["Action"] == "s3:*" && *condition == "false"
    };
    let mut statements = statements;
    (!statements.any(is_denial)).then(|| {
        Finding::error(
            format!("Resources.{id}"),
            "no policy denies plain http",
            "add an AWS::S3::BucketPolicy that denies s3:* where aws:SecureTransport is false",
        )
    })
}

/// What begins with `prefix` must be kept for `least` days, and not for ever.
fn lifecycle(template: &Template, id: &str, prefix: &str, least: u64) -> Option<Finding> {
    let rules = all_branches(&template.written(id, "LifecycleConfiguration")["Rules"]);
    let concerns = |rule: &&&Value| {
        let of = rule.get("Prefix").and_then(Value::as_str).unwrap_or_default();
        rule["Status"] == "Enabled" && prefix.starts_with(of) && rule.get("ExpirationInDays").is_some()
    };
    let days =
        rules.iter().filter(concerns).filter_map(|rule| template.number(&rule["ExpirationInDays"])).min();
    let place = place(id, "LifecycleConfiguration");
    match days {
        Some(days) if days >= least => None,
        Some(days) => Some(Finding::error(
            place,
            format!("{prefix} is removed after {days} days, while it is still needed"),
            format!("keep it for {least} days or more"),
        )),
        None => Some(Finding::warning(
            place,
            format!("{prefix} is kept, and paid for, for ever"),
            format!("add an enabled rule for the prefix with ExpirationInDays of {least} or more"),
        )),
    }
}

fn log_group(template: &Template, id: &str) -> Option<Finding> {
    template.written(id, "RetentionInDays").is_null().then(|| {
        let reason = "the log is kept, and paid for, for ever";
        Finding::warning(place(id, "RetentionInDays"), reason, "set RetentionInDays: 30")
    })
}
