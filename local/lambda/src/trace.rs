//! X-Ray trace headers, as an invocation without a traced caller gets them.

use std::time::Duration;
use uuid::Uuid;

/// A trace header with a new root: `Root=1-{8 hex: seconds}-{24 hex};Parent={16 hex};Sampled=0`.
///
/// `random` supplies the trace id and the parent's segment id.
pub(crate) fn new_root(since_epoch: Duration, random: [Uuid; 2]) -> String {
    let seconds = since_epoch.as_secs() & 0xffff_ffff;
    let trace = random[0].as_u128() & ((1 << 96) - 1);
    let parent = random[1].as_u64_pair().0;
    format!("Root=1-{seconds:08x}-{trace:024x};Parent={parent:016x};Sampled=0")
}

/// Whether a caller's header starts with a root that can be passed on.
pub(crate) fn is_valid_root(header: &str) -> bool {
    let Some(rest) = header.strip_prefix("Root=1-") else { return false };
    let root = rest.split(';').next().unwrap_or_default();
    let hex = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    matches!(root.split_once('-'), Some((seconds, id)) if hex(seconds, 8) && hex(id, 24))
        && header.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_root_is_valid_and_carries_the_time() {
        let root = new_root(Duration::from_secs(0x5759_e988), [Uuid::max(), Uuid::nil()]);
        let expected = "Root=1-5759e988-ffffffffffffffffffffffff;Parent=0000000000000000;Sampled=0";
        assert_eq!(root, expected);
        assert!(is_valid_root(&root));
    }

    #[test]
    fn a_header_that_is_no_root_is_not_passed_on() {
        for bad in ["", "Root=1-x-y", "Self=1-5759e988-bd862e3fe1be46a994272793", "Root=1-5759e988-bd86"] {
            assert!(!is_valid_root(bad), "{bad}");
        }
        assert!(!is_valid_root("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=a b"));
    }
}
