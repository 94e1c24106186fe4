//! What a conditional request demands of the object that is there now. Pure.
//!
//! Sources: RFC 9110 section 13 and AWS "Add preconditions to S3 operations with conditional requests".

use std::time::SystemTime;

use crate::store::ObjectInfo;

/// The condition of a write (PutObject, CopyObject, DeleteObject).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum WriteCondition {
    /// No condition: the last writer wins.
    #[default]
    Always,
    /// `If-None-Match: *`: create only.
    MustNotExist,
    /// `If-Match: *`: replace only.
    MustExist,
    /// `If-Match: "<etag>"`: compare and swap. The ETag is without quotes.
    MustBe(String),
}

/// Why a conditional write is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// 412 `PreconditionFailed`: the object is not as demanded.
    PreconditionFailed,
    /// 404 `NoSuchKey`: there is no object to compare with.
    NoSuchKey,
}

impl WriteCondition {
    /// Whether judging needs the ETag of the current object, not only its existence.
    pub(crate) fn compares_etags(&self) -> bool {
        matches!(self, Self::MustBe(_))
    }

    /// Judges the condition against the current object's ETag (`None`: there is no object).
    pub(crate) fn judge(&self, current: Option<&str>) -> Result<(), Refusal> {
        match (self, current) {
            (Self::Always, _) | (Self::MustNotExist, None) | (Self::MustExist, Some(_)) => Ok(()),
            (Self::MustNotExist, Some(_)) => Err(Refusal::PreconditionFailed),
            (Self::MustExist | Self::MustBe(_), None) => Err(Refusal::NoSuchKey),
            (Self::MustBe(etag), Some(current)) if etag == current => Ok(()),
            (Self::MustBe(_), Some(_)) => Err(Refusal::PreconditionFailed),
        }
    }
}

/// An entity-tag condition of a read: any object, or the one with this ETag (without quotes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tag {
    /// `*`
    Any,
    /// `"<etag>"`
    Is(String),
}

impl Tag {
    fn matches(&self, etag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Is(tag) => tag == etag,
        }
    }
}

/// The conditions of a read (GetObject, HeadObject, the source of CopyObject).
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadCondition {
    pub(crate) if_match: Option<Tag>,
    pub(crate) if_none_match: Option<Tag>,
    pub(crate) if_modified_since: Option<SystemTime>,
    pub(crate) if_unmodified_since: Option<SystemTime>,
}

/// What a read's conditions come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadVerdict {
    /// Send the object.
    Send,
    /// 304: the caller has it already.
    NotModified,
    /// 412: it is not the object the caller meant.
    PreconditionFailed,
}

impl ReadCondition {
    /// Judges in the order of RFC 9110 section 13.2.2: tags win over dates. Dates on the wire have
    /// whole seconds, so the object's time is cut to them.
    pub(crate) fn judge(&self, object: &ObjectInfo) -> ReadVerdict {
        let modified = seconds(object.modified);
        let meant = match (&self.if_match, self.if_unmodified_since) {
            (Some(tag), _) => tag.matches(&object.etag),
            (None, Some(since)) => modified <= seconds(since),
            (None, None) => true,
        };
        if !meant {
            return ReadVerdict::PreconditionFailed;
        }
        let known = match (&self.if_none_match, self.if_modified_since) {
            (Some(tag), _) => tag.matches(&object.etag),
            (None, Some(since)) => modified <= seconds(since),
            (None, None) => false,
        };
        if known { ReadVerdict::NotModified } else { ReadVerdict::Send }
    }
}

fn seconds(time: SystemTime) -> u64 {
    crate::clock::nanoseconds(time) / 1_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    fn object() -> ObjectInfo {
        let modified = UNIX_EPOCH + Duration::from_millis(1_700_000_000_900);
        ObjectInfo { etag: "abc".into(), size: 1, modified, attributes: Default::default() }
    }

    fn tag(etag: &str) -> Option<Tag> {
        Some(Tag::Is(etag.into()))
    }

    #[test]
    fn a_create_only_write_needs_an_absent_object() {
        assert_eq!(WriteCondition::MustNotExist.judge(None), Ok(()));
        assert_eq!(WriteCondition::MustNotExist.judge(Some("abc")), Err(Refusal::PreconditionFailed));
    }

    #[test]
    fn compare_and_swap_needs_the_same_etag_and_an_object() {
        let condition = WriteCondition::MustBe("abc".into());
        assert_eq!(condition.judge(Some("abc")), Ok(()));
        assert_eq!(condition.judge(Some("abd")), Err(Refusal::PreconditionFailed));
        assert_eq!(condition.judge(None), Err(Refusal::NoSuchKey));
    }

    #[test]
    fn tags_of_a_read_win_over_its_dates() {
        let past = Some(UNIX_EPOCH);
        let condition =
            ReadCondition { if_match: tag("abc"), if_unmodified_since: past, ..Default::default() };
        assert_eq!(condition.judge(&object()), ReadVerdict::Send);
        let condition = ReadCondition { if_none_match: tag("abc"), ..Default::default() };
        assert_eq!(condition.judge(&object()), ReadVerdict::NotModified);
        let condition = ReadCondition { if_match: tag("other"), ..Default::default() };
        assert_eq!(condition.judge(&object()), ReadVerdict::PreconditionFailed);
    }

    #[test]
    fn an_object_is_not_newer_than_its_own_last_modified_in_whole_seconds() {
        let since = Some(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
        let condition = ReadCondition { if_modified_since: since, ..Default::default() };
        assert_eq!(condition.judge(&object()), ReadVerdict::NotModified);
        let condition = ReadCondition { if_unmodified_since: since, ..Default::default() };
        assert_eq!(condition.judge(&object()), ReadVerdict::Send);
    }
}
