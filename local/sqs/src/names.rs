//! Queue names, URLs and ARNs.

use crate::options::SqsOptions;

/// Longest queue name (API reference, CreateQueue).
const MAXIMUM_NAME_LENGTH: usize = 80;

/// Whether SQS takes `name` for a standard queue.
pub(crate) fn is_queue_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= MAXIMUM_NAME_LENGTH
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// How this service spells the names of its queues.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) region: String,
    pub(crate) account_id: String,
    base_url: String,
}

impl Names {
    pub(crate) fn new(options: &SqsOptions) -> Self {
        Self {
            region: options.region.clone(),
            account_id: options.account_id.clone(),
            base_url: options.base_url.trim_end_matches('/').to_owned(),
        }
    }

    pub(crate) fn url(&self, queue: &str) -> String {
        format!("{}/{}/{queue}", self.base_url, self.account_id)
    }

    pub(crate) fn arn(&self, queue: &str) -> String {
        format!("arn:aws:sqs:{}:{}:{queue}", self.region, self.account_id)
    }

    /// The queue an ARN names, if it is an SQS ARN of this account and region.
    pub(crate) fn queue_of_arn<'a>(&self, arn: &'a str) -> Option<&'a str> {
        let (prefix, name) = arn.rsplit_once(':')?;
        let ours = format!("arn:aws:sqs:{}:{}", self.region, self.account_id);
        (prefix == ours && is_queue_name(name)).then_some(name)
    }
}

/// The queue a URL names. Any host is taken: one machine has several names, and a client may go through
/// a forwarded port. The last segment of the path counts, as in `…/000000000000/queries`.
pub(crate) fn queue_of_url(url: &str) -> Option<&str> {
    let name = url.trim_end_matches('/').rsplit('/').next()?;
    (url.contains('/') && is_queue_name(name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names {
            region: "us-east-1".into(),
            account_id: "000000000000".into(),
            base_url: "http://127.0.0.1:4566".into(),
        }
    }

    #[test]
    fn url_and_arn_lead_back_to_the_queue() {
        assert_eq!(queue_of_url(&names().url("queries")), Some("queries"));
        assert_eq!(names().queue_of_arn(&names().arn("queries")), Some("queries"));
    }

    #[test]
    fn an_arn_of_another_account_or_service_is_not_ours() {
        assert_eq!(names().queue_of_arn("arn:aws:sqs:us-east-1:111111111111:queries"), None);
        assert_eq!(names().queue_of_arn("arn:aws:sns:us-east-1:000000000000:queries"), None);
    }

    #[test]
    fn names_have_one_to_eighty_plain_characters() {
        assert!(is_queue_name("a-b_C9"));
        assert!(is_queue_name(&"q".repeat(80)));
        for bad in ["", "a b", "a.fifo", "ä", &"q".repeat(81)] {
            assert!(!is_queue_name(bad), "{bad}");
        }
    }
}
