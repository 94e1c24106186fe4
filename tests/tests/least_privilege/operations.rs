//! The AWS operations that a binary can call, read from its symbols.
//!
//! Every operation has a function that sends it: in `revops_aws::operations`, or, of the SDK, one called `orchestrate`.
//! The linker drops what nothing refers to, so that those of the operations that the code never calls are not among the
//! binary's symbols.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

/// What stands behind the name of an asynchronous function, and of any other that has a closure.
const ASYNC: &str = "28_$u7b$$u7b$closure$u7d$$u7d$";

/// Functions with closures beside the operations. One that is not named here is taken for an operation that no role
/// allows.
const HELPERS: [&str; 1] = ["age"];

/// The IAM actions of the operations in the binary at `path`.
pub(crate) fn linked(path: &Path) -> BTreeSet<String> {
    let file = BufReader::with_capacity(1 << 20, File::open(path).unwrap());
    // A symbol's name ends with a zero byte, and is ASCII.
    let names = file.split(0).map(Result::unwrap);
    let operations = names.filter_map(|name| {
        let name = str::from_utf8(&name).ok()?;
        of_the_sdk(name).or_else(|| of_the_house(name))
    });
    operations.map(|(service, operation)| action(&service, &operation)).collect()
}

/// The service and the operation in `…10aws_sdk_s39operation10get_object9GetObject11orchestrate…`: each part of a
/// mangled path stands behind its length.
fn of_the_sdk(symbol: &str) -> Option<(String, String)> {
    let (_, path) = symbol.split_once("aws_sdk_")?;
    let (service, path) = path.split_once("9operation")?;
    let (_module, path) = part(path)?;
    let (operation, path) = part(path)?;
    path.starts_with("11orchestrate").then(|| (service.to_owned(), operation.to_owned()))
}

/// The same in `…10revops_aws10operations2s310get_object…`.
fn of_the_house(symbol: &str) -> Option<(String, String)> {
    let (_, path) = symbol.split_once("10revops_aws10operations")?;
    let (service, path) = part(path)?;
    let (function, path) = part(path)?;
    let is_operation = service.starts_with(char::is_lowercase) && path.starts_with(ASYNC);
    (is_operation && !HELPERS.contains(&function)).then(|| (service.to_owned(), pascal_case(function)))
}

fn pascal_case(snake: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    snake.split('_').map(capital).collect()
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
        // A batch is allowed with what it does.
        ("sqs", operation) => format!("sqs:{}", operation.strip_suffix("Batch").unwrap_or(operation)),
        ("bedrockagentruntime", operation) => format!("bedrock:{operation}"),
        ("bedrockagentcore", operation) => format!("bedrock-agentcore:{operation}"),
        (service, operation) => format!("{service}:{operation}"),
    }
}

#[test]
fn an_operation_is_read_from_the_name_of_its_sender_alone() {
    let sender = "_ZN10aws_sdk_s39operation10get_object9GetObject11orchestrate17hb1713012e22579efE";
    assert_eq!(of_the_sdk(sender), Some(("s3".to_owned(), "GetObject".to_owned())));
    let other = "_ZN10aws_sdk_s39operation10get_object9GetObject3new17hb1713012e22579efE";
    assert_eq!(of_the_sdk(other), None);
    let ours = "_ZN10revops_aws10operations2s310get_object28_$u7b$$u7b$closure$u7d$$u7d$17hb1713012e22579efE";
    assert_eq!(of_the_house(ours), Some(("s3".to_owned(), "GetObject".to_owned())));
    for helper in [
        "_ZN10revops_aws10operations2s33age28_$u7b$$u7b$closure$u7d$$u7d$17hb17E",
        "_ZN10revops_aws10operations4Json4call28_$u7b$$u7b$closure$u7d$$u7d$17hb17E",
    ] {
        assert_eq!(of_the_house(helper), None, "{helper}");
    }
}
