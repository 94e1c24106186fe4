//! What a function's answer means for its batch, when the mapping reports batch item failures
//! (Lambda developer guide, "Implementing partial batch responses"; FACTS 2.2).

use std::collections::HashSet;

use serde::Deserialize;

/// Which messages of a batch are done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Delete all.
    AllDone,
    /// Delete all but those with these ids.
    Failed(HashSet<String>),
    /// Delete none; the text says why.
    AllFailed(&'static str),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    batch_item_failures: Option<Vec<Failure>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: Option<String>,
}

/// Judges `answer` for a batch with these message ids.
pub(super) fn judge(answer: &[u8], ids: &[&str]) -> Verdict {
    if answer.trim_ascii().is_empty() {
        return Verdict::AllDone;
    }
    let Ok(answer) = serde_json::from_slice::<Option<Answer>>(answer) else {
        return Verdict::AllFailed("it is not a batch response");
    };
    let failures = answer.and_then(|answer| answer.batch_item_failures).unwrap_or_default();
    let mut failed = HashSet::new();
    for failure in failures {
        match failure.item_identifier {
            Some(id) if ids.contains(&id.as_str()) => {
                failed.insert(id);
            }
            Some(id) if id.is_empty() => return Verdict::AllFailed("an itemIdentifier is empty"),
            Some(_) => return Verdict::AllFailed("an itemIdentifier is not in the batch"),
            None => return Verdict::AllFailed("an itemIdentifier is missing"),
        }
    }
    if failed.is_empty() { Verdict::AllDone } else { Verdict::Failed(failed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reported_means_all_done() {
        for answer in ["", " ", "null", "{}", r#"{"batchItemFailures":null}"#, r#"{"batchItemFailures":[]}"#]
        {
            assert_eq!(judge(answer.as_bytes(), &["a"]), Verdict::AllDone, "{answer}");
        }
    }

    #[test]
    fn reported_messages_stay_and_the_others_are_done() {
        let answer = br#"{"batchItemFailures":[{"itemIdentifier":"b"}],"note":"ignored"}"#;
        assert_eq!(judge(answer, &["a", "b", "c"]), Verdict::Failed(HashSet::from(["b".to_owned()])));
    }

    #[test]
    fn an_answer_that_cannot_be_trusted_fails_the_whole_batch() {
        for answer in [
            "not json",
            "\"done\"",
            r#"{"batchItemFailures":{}}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
            r#"{"batchItemFailures":[{"messageId":"a"}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":"stranger"}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"stranger"}]}"#,
        ] {
            assert!(matches!(judge(answer.as_bytes(), &["a"]), Verdict::AllFailed(_)), "{answer}");
        }
    }
}
