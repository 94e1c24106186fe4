//! A function may do what its code can call, and nothing else: the operations of the SDK that are linked into each
//! binary, next to the role that `template.yaml` gives it.
//!
//! The linker drops what nothing calls, so that an operation is found in a binary's symbols only if some line of code
//! can reach it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

use std::collections::BTreeSet;

use object::{Object as _, ObjectSymbol as _};
use serde_yaml_ng::Value;
use tests::stack::binary;

/// A function of the template, its binary, and whether queues are mapped to it.
const FUNCTIONS: [(&str, &str, bool); 4] = [
    ("GatewayFunction", "gateway", false),
    ("GatewayWorkerFunction", "gateway-worker", true),
    ("ManagerAgentFunction", "manager-agent", false),
    ("DeliveryFunction", "delivery", true),
];

/// Linked by the SDK itself, and never called in Lambda: sessions are for directory buckets, and a function has the
/// credentials of its role in its environment.
const NEVER_CALLED: [&str; 3] = ["s3:CreateSession", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"];

/// What Lambda does in a function's name: it writes its log and its traces.
const EVERYBODYS: [&str; 4] =
    ["logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"];

/// What Lambda's poller of a mapped queue does with the function's role.
const POLLERS: [&str; 3] = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

#[test]
fn a_role_allows_what_its_functions_code_can_call_and_nothing_else() {
    let template = template();
    for (function, name, polled) in FUNCTIONS {
        let callable = callable(name);
        let mut needed: BTreeSet<String> =
            callable.iter().filter(|action| !NEVER_CALLED.contains(&action.as_str())).cloned().collect();
        needed.extend(EVERYBODYS.map(str::to_owned));
        if polled {
            needed.extend(POLLERS.map(str::to_owned));
        }
        // Without it S3 answers 403 instead of 404 for a key that does not exist.
        if needed.contains("s3:GetObject") {
            needed.insert("s3:ListBucket".to_owned());
        }
        let allowed: BTreeSet<String> =
            statements(&template, &role_of(&template, function)).iter().flat_map(actions).collect();
        let missing: Vec<_> = needed.difference(&allowed).collect();
        let idle: Vec<_> = allowed.difference(&needed).collect();
        assert!(
            missing.is_empty() && idle.is_empty(),
            "{function} lacks {missing:?} and has no use for {idle:?}"
        );
    }
}

#[test]
fn what_is_called_never_is_still_linked() {
    for (_, name, _) in FUNCTIONS {
        let callable = callable(name);
        let stale: Vec<_> = NEVER_CALLED.iter().filter(|action| !callable.contains(**action)).collect();
        assert!(stale.is_empty(), "{name} does not link {stale:?} any more: the exception can go");
    }
}

#[test]
fn every_function_has_a_role_of_its_own_that_names_actions_and_resources() {
    let template = template();
    let roles: BTreeSet<String> =
        FUNCTIONS.iter().map(|(function, ..)| role_of(&template, function)).collect();
    assert_eq!(roles.len(), FUNCTIONS.len());
    for role in roles {
        for statement in statements(&template, &role) {
            let actions = actions(&statement);
            assert!(actions.iter().all(|action| !action.contains('*')), "{role}: {actions:?}");
            // X-Ray has no resources that a policy could name.
            let traces = actions.iter().all(|action| action.starts_with("xray:"));
            assert!(
                traces || statement["Resource"].as_str() != Some("*"),
                "{role}: {actions:?} on everything"
            );
        }
    }
}

fn template() -> Value {
    serde_yaml_ng::from_str(include_str!("../../template.yaml")).unwrap()
}

/// `Role: !GetAtt GatewayRole.Arn`.
fn role_of(template: &Value, function: &str) -> String {
    let role = &template["Resources"][function]["Properties"]["Role"];
    let Value::Tagged(tagged) = role else { panic!("{function} has no role of its own") };
    tagged.value.as_str().unwrap().strip_suffix(".Arn").unwrap().to_owned()
}

/// Every statement of the role's policies, those of all branches of a condition too.
fn statements(template: &Value, role: &str) -> Vec<Value> {
    let policies = template["Resources"][role]["Properties"]["Policies"].as_sequence().unwrap();
    let all = policies.iter().flat_map(|policy| policy["PolicyDocument"]["Statement"].as_sequence().unwrap());
    all.flat_map(branches).collect()
}

fn branches(statement: &Value) -> Vec<Value> {
    let Value::Tagged(tagged) = statement else { return vec![statement.clone()] };
    // The condition's name comes first, and a `!Ref AWS::NoValue` is no statement.
    let cases = tagged.value.as_sequence().unwrap().iter().skip(1);
    cases.filter(|case| case.is_mapping()).cloned().collect()
}

fn actions(statement: &Value) -> Vec<String> {
    let words = |value: &Value| value.as_str().unwrap().to_owned();
    let action = &statement["Action"];
    action.as_sequence().map_or_else(|| vec![words(action)], |all| all.iter().map(words).collect())
}

/// The operations that a binary can call, as IAM names them.
fn callable(name: &str) -> BTreeSet<String> {
    let bytes = std::fs::read(binary(name)).unwrap();
    let file = object::File::parse(bytes.as_slice()).unwrap();
    let found: BTreeSet<String> =
        file.symbols().filter_map(|symbol| operation(symbol.name().ok()?)).collect();
    assert!(!found.is_empty(), "{name} has no symbols: it was stripped");
    found
}

/// The action of `_ZN10aws_sdk_s39operation10get_object9GetObject11orchestrate…`: a mangled name gives each part after
/// its length.
fn operation(symbol: &str) -> Option<String> {
    let mut parts = parts(symbol.strip_prefix("_ZN")?);
    let service = parts.next()?.strip_prefix("aws_sdk_")?;
    let (operation, _, action, run) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    (operation == "operation" && run == "orchestrate")
        .then(|| format!("{}:{}", prefix(service), named(service, action)))
}

fn parts(mangled: &str) -> impl Iterator<Item = &str> {
    let mut rest = mangled;
    std::iter::from_fn(move || {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let length: usize = rest.get(..digits)?.parse().ok()?;
        let part = rest.get(digits..digits + length)?;
        rest = &rest[digits + length..];
        Some(part)
    })
}

/// IAM's name of a service of the SDK.
fn prefix(service: &str) -> &str {
    match service {
        "bedrockagentruntime" => "bedrock",
        "bedrockagentcore" => "bedrock-agentcore",
        other => other,
    }
}

/// IAM's name of an operation: the operation's own, but for Lambda's.
fn named<'a>(service: &str, action: &'a str) -> &'a str {
    if (service, action) == ("lambda", "Invoke") { "InvokeFunction" } else { action }
}
