//! The ways in which a caller may name a function.

use crate::environment::REGION;

/// The account of the stack's ARNs.
const ACCOUNT: &str = "000000000000";

/// The function's own name out of `name`, `name:qualifier`, `account:function:name[:qualifier]` or
/// `arn:aws:lambda:region:account:function:name[:qualifier]` (Lambda API reference, Invoke, FunctionName).
///
/// There is one version of each function, so a qualifier says nothing.
pub(crate) fn bare(name: &str) -> &str {
    let parts: Vec<&str> = name.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "lambda", _, _, "function", name, ..] | [_, "function", name, ..] | [name, ..] => name,
        [] => name,
    }
}

/// The function's ARN.
pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_function_names_it() {
        for name in [
            "delivery",
            "delivery:$LATEST",
            "000000000000:function:delivery",
            "000000000000:function:delivery:live",
            "arn:aws:lambda:us-east-1:000000000000:function:delivery",
            "arn:aws:lambda:us-east-1:000000000000:function:delivery:1",
        ] {
            assert_eq!(bare(name), "delivery", "{name}");
        }
        assert_eq!(bare(&arn("gateway")), "gateway");
        assert_eq!(bare(""), "");
    }
}
