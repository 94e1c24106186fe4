//! Each function's role allows what its code can call, and nothing else.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

mod keys;
mod operations;
mod roles;

use std::collections::BTreeSet;

use roles::{Role, shipped};
use tests::stack::binaries;

/// Operations that every function's binary has, and that none calls in Lambda.
const NEVER_CALLED: [(&str, &str); 2] = [
    ("sts:AssumeRole", "for a profile in a configuration file, which Lambda does not have"),
    ("sts:AssumeRoleWithWebIdentity", "for a token in a file, which Lambda does not have"),
];

/// What the Lambda service does in each function's name.
const OF_EVERY_FUNCTION: [(&str, &str); 4] = [
    ("logs:CreateLogStream", "each instance logs into a stream of its own"),
    ("logs:PutLogEvents", "what it prints"),
    ("xray:PutTraceSegments", "active tracing"),
    ("xray:PutTelemetryRecords", "active tracing"),
];

/// What an event source mapping does in the name of its function.
const OF_A_POLLER: [(&str, &str); 3] = [
    ("sqs:ReceiveMessage", "takes the messages"),
    ("sqs:DeleteMessage", "removes those that are done"),
    ("sqs:GetQueueAttributes", "Lambda refuses a mapping without it"),
];

/// What Secrets Manager does in the name of whoever reads a secret that has a key of its owner's.
const OF_A_READER_OF_SECRETS: [(&str, &str); 1] = [("kms:Decrypt", "the key of the secret")];

/// Wildcards outside the bucket's keys.
const EXPLAINED_WILDCARDS: [(&str, &str); 3] = [
    ("xray:PutTraceSegments", "*"),
    ("xray:PutTelemetryRecords", "*"),
    // A runtime's endpoint is made with the runtime, and has a name of its own.
    ("bedrock-agentcore:InvokeAgentRuntime", "${AgentRuntimeArn}/runtime-endpoint/*"),
];

fn named(list: &[(&str, &str)]) -> BTreeSet<String> {
    list.iter().map(|(action, _)| (*action).to_owned()).collect()
}

/// What `role` must allow: what the code calls, and what others do in the function's name.
fn needed(role: &Role) -> BTreeSet<String> {
    let linked = operations::linked(&binaries().join(&role.binary));
    let idle = named(&NEVER_CALLED);
    assert!(
        linked.is_superset(&idle),
        "{}: of {idle:?}, only {linked:?} are linked: drop the others",
        role.binary
    );
    let mut needed = &(&linked - &idle) | &named(&OF_EVERY_FUNCTION);
    if needed.contains("s3:GetObject") {
        // Without it S3 answers 403 for a key that does not exist, which then looks like a missing permission.
        needed.insert("s3:ListBucket".to_owned());
    }
    if needed.contains("secretsmanager:GetSecretValue") {
        needed.extend(named(&OF_A_READER_OF_SECRETS));
    }
    if !role.sources.is_empty() {
        needed.extend(named(&OF_A_POLLER));
    }
    needed
}

#[test]
fn a_role_allows_what_its_function_calls_and_nothing_else() {
    let roles = shipped();
    assert_eq!(roles.len(), 4);
    for role in roles {
        let (needed, allowed) = (needed(&role), role.actions());
        let (missing, spare) = (&needed - &allowed, &allowed - &needed);
        assert!(missing.is_empty(), "{} calls {missing:?}, which {} does not allow", role.binary, role.id);
        assert!(spare.is_empty(), "{} allows {spare:?}, which {} never calls", role.id, role.binary);
    }
}

#[test]
fn a_key_is_used_for_secrets_alone() {
    let mut readers = 0;
    for role in shipped() {
        for statement in role.statements.iter().filter(|statement| statement.actions.contains("kms:Decrypt"))
        {
            readers += 1;
            assert_eq!(statement.actions.len(), 1, "{}", role.id);
            assert_eq!(statement.resources, ["SecretsKmsKeyArn"], "{}", role.id);
            let service = "secretsmanager.${AWS::Region}.${AWS::URLSuffix}";
            assert_eq!(statement.via_service.as_deref(), Some(service), "{}", role.id);
        }
    }
    assert_eq!(readers, 2, "the functions that read secrets");
}

#[test]
fn each_function_has_a_role_of_its_own() {
    let roles = shipped();
    let ids: BTreeSet<_> = roles.iter().map(|role| &role.id).collect();
    assert_eq!(ids.len(), roles.len(), "two functions share a role");
}

#[test]
fn messages_are_taken_from_the_queues_that_are_mapped_to_the_function_and_from_no_other() {
    for role in shipped() {
        for (action, _) in &OF_A_POLLER[..2] {
            let allowed: BTreeSet<_> = role.resources_of(action).into_iter().map(str::to_owned).collect();
            assert_eq!(allowed, role.sources, "{}: {action}", role.id);
        }
    }
}

#[test]
fn no_action_and_no_resource_is_a_wildcard_without_a_reason() {
    for role in shipped() {
        for statement in &role.statements {
            let pairs = statement
                .actions
                .iter()
                .flat_map(|action| statement.resources.iter().map(move |on| (action, on)));
            for (action, on) in pairs {
                assert!(!action.contains('*'), "{}: {action}", role.id);
                let explained = EXPLAINED_WILDCARDS.contains(&(action, on)) || keys::pattern(on).is_some();
                assert!(!on.contains('*') || explained, "{}: {action} on {on}", role.id);
            }
        }
    }
}

#[test]
fn a_role_writes_and_reads_keys_that_exist() {
    let known = keys::all();
    let mut written = BTreeSet::new();
    for role in shipped() {
        for action in ["s3:PutObject", "s3:GetObject"] {
            for on in role.resources_of(action) {
                let pattern =
                    keys::pattern(on).unwrap_or_else(|| panic!("{}: {on} is no key of the bucket", role.id));
                let matching: Vec<_> = known.iter().filter(|key| keys::matches(pattern, key)).collect();
                assert!(!matching.is_empty(), "{}: {action} on {on}, where no key is", role.id);
                written.extend(matching.into_iter().filter(|_| action == "s3:PutObject"));
            }
        }
    }
    let by_functions = known.iter().filter(|key| **key != keys::tombstone());
    let unwritten: Vec<_> = by_functions.filter(|key| !written.contains(key)).collect();
    assert!(unwritten.is_empty(), "no function may write {unwritten:?}");
}

/// The single decision about an answer is manager-agent's; nobody else could write it by mistake.
#[test]
fn a_record_has_one_writing_function_except_the_envelope() {
    for key in keys::all() {
        let may_write = |role: &&Role| {
            let patterns = role.resources_of("s3:PutObject").into_iter().filter_map(keys::pattern);
            patterns.into_iter().any(|pattern| keys::matches(pattern, &key))
        };
        let writers: Vec<_> = shipped().iter().filter(may_write).map(|role| role.binary.clone()).collect();
        // Whoever finds the answer builds the envelope.
        let expected = match key {
            _ if key.ends_with("/delivery.json") => 2,
            _ if key == keys::tombstone() => 0,
            _ => 1,
        };
        assert_eq!(writers.len(), expected, "{key}: {writers:?}");
    }
}

/// Whoever may meet a message without its records can see that somebody deleted them.
#[test]
fn whoever_takes_messages_reads_the_tombstone() {
    for role in shipped().iter().filter(|role| !role.sources.is_empty()) {
        let mut patterns = role.resources_of("s3:GetObject").into_iter().filter_map(keys::pattern);
        assert!(patterns.any(|pattern| keys::matches(pattern, &keys::tombstone())), "{}", role.id);
    }
}

#[test]
fn the_keys_that_a_role_may_look_for_are_those_that_it_reads() {
    for role in shipped() {
        let read: BTreeSet<_> =
            role.resources_of("s3:GetObject").into_iter().filter_map(keys::pattern).collect();
        let listing = role.statements.iter().filter(|statement| statement.actions.contains("s3:ListBucket"));
        let listed: BTreeSet<_> =
            listing.flat_map(|statement| statement.prefixes.iter().map(String::as_str)).collect();
        assert_eq!(listed, read, "{}", role.id);
    }
}
