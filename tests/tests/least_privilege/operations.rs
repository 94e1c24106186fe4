//! The AWS operations that a binary can call, read from its symbols.
//!
//! Every operation of the SDK has a function `orchestrate` that sends it. The linker drops what nothing refers to, so
//! that those of the operations that the code never calls are not among the binary's symbols.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

/// The IAM actions of the operations in the binary at `path`.
pub(crate) fn linked(path: &Path) -> BTreeSet<String> {
    let file = BufReader::with_capacity(1 << 20, File::open(path).unwrap());
    // A symbol's name ends with a zero byte, and is ASCII.
    let names = file.split(0).map(Result::unwrap);
    let operations = names.filter_map(|name| operation(str::from_utf8(&name).ok()?));
    operations.map(|(service, operation)| action(&service, &operation)).collect()
}

/// The service and the operation in `…10aws_sdk_s39operation10get_object9GetObject11orchestrate…`: each part of a
/// mangled path stands behind its length.
fn operation(symbol: &str) -> Option<(String, String)> {
    let (_, path) = symbol.split_once("aws_sdk_")?;
    let (service, path) = path.split_once("9operation")?;
    let (_module, path) = part(path)?;
    let (operation, path) = part(path)?;
    path.starts_with("11orchestrate").then(|| (service.to_owned(), operation.to_owned()))
}

/// `9GetObject11orchestrate` is `GetObject` and `11orchestrate`.
fn part(path: &str) -> Option<(&str, &str)> {
    let digits = path.find(|letter: char| !letter.is_ascii_digit())?;
    path[digits..].split_at_checked(path[..digits].parse().ok()?)
}

/// Source: AWS Service Authorization Reference, "Actions, resources, and condition keys" of each service.
fn action(service: &str, operation: &str) -> String {
    match (service, operation) {
        ("lambda", "Invoke") => "lambda:InvokeFunction".to_owned(),
        ("bedrockagentruntime", operation) => format!("bedrock:{operation}"),
        ("bedrockagentcore", operation) => format!("bedrock-agentcore:{operation}"),
        (service, operation) => format!("{service}:{operation}"),
    }
}

#[test]
fn an_operation_is_read_from_the_name_of_its_sender_alone() {
    let sender = "_ZN10aws_sdk_s39operation10get_object9GetObject11orchestrate17hb1713012e22579efE";
    assert_eq!(operation(sender), Some(("s3".to_owned(), "GetObject".to_owned())));
    let other = "_ZN10aws_sdk_s39operation10get_object9GetObject3new17hb1713012e22579efE";
    assert_eq!(operation(other), None);
}
