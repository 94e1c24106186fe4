//! The path as an HTTP API delivers it.

use crate::percent;

/// `rawPath` out of the path of the request: not raw at all. An HTTP API decodes the path, cuts it at a question
/// mark that this uncovered, and decodes it once more; a path that cannot be decoded twice is refused.
///
/// AWS does not document this. It is what a real HTTP API did in July 2026 with paths like those in this file's
/// test (published captures: github.com/hotsock/voker, vokerhttp/testdata).
pub(crate) fn delivered(path: &str) -> Option<String> {
    let once = percent::decode_strictly(path)?;
    let cut = once.split('?').next().unwrap_or_default();
    percent::decode_strictly(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_arrive_as_from_a_real_http_api() {
        for (sent, arrives) in [
            ("/webhook", Some("/webhook")),
            ("/two%20words", Some("/two words")),
            ("/what%3Fnow", Some("/what")),
            ("/per%25cent", None),
            ("/no%231", Some("/no#1")),
            ("/either%2For", Some("/either/or")),
            ("/%CE%BB-%E4%B8%96", Some("/λ-世")),
            ("/twice%252Fencoded", Some("/twice/encoded")),
            ("/twice%253Fencoded", Some("/twice?encoded")),
            ("/twice%2525encoded", Some("/twice%encoded")),
        ] {
            assert_eq!(delivered(sent).as_deref(), arrives, "{sent}");
        }
    }

    proptest! {
        #[test]
        fn a_path_without_escapes_arrives_as_it_was_sent(path in "/[a-zA-Z0-9/._~!$&'()*+,;=:@-]{0,40}") {
            prop_assert_eq!(delivered(&path), Some(path));
        }
    }
}
