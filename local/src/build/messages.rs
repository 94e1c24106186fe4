//! Understands cargo's JSON messages. Pure.
//!
//! Source: The Cargo Book, "External tools", JSON messages.

use std::path::PathBuf;

use serde::Deserialize;

/// What one line of cargo's output says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// A binary is ready, compiled now or before.
    Binary { package: String, name: String, executable: PathBuf },
    /// Another crate is ready.
    Crate { package: String },
    /// Nothing that matters here.
    Other,
}

#[derive(Deserialize)]
struct Artifact {
    reason: String,
    package_id: String,
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

/// Reads one line; what is not understood is [`Message::Other`], since cargo adds kinds of messages.
pub(super) fn parse(line: &str) -> Message {
    let Ok(artifact) = serde_json::from_str::<Artifact>(line) else {
        return Message::Other;
    };
    let Artifact { reason, package_id: package, target, executable } = artifact;
    // A build script is compiled before its crate, and says nothing about it.
    if reason != "compiler-artifact" || target.kind.iter().any(|kind| kind == "custom-build") {
        return Message::Other;
    }
    match executable {
        Some(executable) => Message::Binary { package, name: target.name, executable },
        None => Message::Crate { package },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binaries_crates_and_everything_else_are_told_apart() {
        let artifact = |kind: &str, executable: &str| {
            parse(&format!(
                r#"{{"reason":"compiler-artifact","package_id":"p","target":{{"kind":["{kind}"],"name":"n"}},"executable":{executable},"fresh":true}}"#
            ))
        };
        let executable = PathBuf::from("/t/n");
        let binary = Message::Binary { package: "p".to_owned(), name: "n".to_owned(), executable };
        assert_eq!(artifact("bin", r#""/t/n""#), binary);
        assert_eq!(artifact("lib", "null"), Message::Crate { package: "p".to_owned() });
        assert_eq!(artifact("custom-build", "null"), Message::Other);
        assert_eq!(parse(r#"{"reason":"build-finished","success":true}"#), Message::Other);
        assert_eq!(parse("no JSON"), Message::Other);
    }
}
