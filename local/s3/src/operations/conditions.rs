//! Conditions as the protocol's types have them, turned into the crate's own. Pure.

use std::time::SystemTime;

use http::{HeaderMap, HeaderName, header};
use s3s::dto::{ETag, ETagCondition, Timestamp};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::errors::condition_not_implemented;
use crate::condition::{ReadCondition, Tag, WriteCondition};

/// The condition of a write. AWS takes `If-None-Match` with `*` only, and not both at once.
pub(super) fn of_write(
    if_match: Option<ETagCondition>,
    if_none_match: Option<ETagCondition>,
) -> S3Result<WriteCondition> {
    match (if_match, if_none_match) {
        (None, None) => Ok(WriteCondition::Always),
        (None, Some(ETagCondition::Any)) => Ok(WriteCondition::MustNotExist),
        (Some(ETagCondition::Any), None) => Ok(WriteCondition::MustExist),
        (Some(ETagCondition::ETag(etag)), None) => Ok(WriteCondition::MustBe(etag.into_value())),
        (None, Some(ETagCondition::ETag(_))) | (Some(_), Some(_)) => Err(condition_not_implemented()),
    }
}

/// The same from the headers, for an operation whose input does not have them.
pub(super) fn of_headers(headers: &HeaderMap) -> S3Result<WriteCondition> {
    of_write(tag(headers, header::IF_MATCH)?, tag(headers, header::IF_NONE_MATCH)?)
}

fn tag(headers: &HeaderMap, name: HeaderName) -> S3Result<Option<ETagCondition>> {
    let parse = |value: &http::HeaderValue| ETagCondition::parse_http_header(value.as_bytes());
    let parsed = headers.get(&name).map(parse).transpose();
    parsed.map_err(|_| S3Error::with_message(S3ErrorCode::InvalidRequest, format!("invalid header: {name}")))
}

/// The conditions of a read.
pub(super) fn of_read(
    if_match: Option<ETagCondition>,
    if_none_match: Option<ETagCondition>,
    if_modified_since: Option<Timestamp>,
    if_unmodified_since: Option<Timestamp>,
) -> ReadCondition {
    ReadCondition {
        if_match: if_match.map(read_tag),
        if_none_match: if_none_match.map(read_tag),
        if_modified_since: if_modified_since.map(system_time),
        if_unmodified_since: if_unmodified_since.map(system_time),
    }
}

fn read_tag(condition: ETagCondition) -> Tag {
    match condition {
        ETagCondition::Any => Tag::Any,
        ETagCondition::ETag(etag) => Tag::Is(etag.into_value()),
    }
}

fn system_time(timestamp: Timestamp) -> SystemTime {
    time::OffsetDateTime::from(timestamp).into()
}

/// An MD5 as S3 sends it.
pub(super) fn etag(md5_hex: String) -> ETag {
    ETag::Strong(md5_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag_of(text: &str) -> Option<ETagCondition> {
        Some(ETagCondition::parse_http_header(text.as_bytes()).unwrap())
    }

    #[test]
    fn create_only_takes_a_star_and_nothing_else() {
        assert_eq!(of_write(None, tag_of("*")).unwrap(), WriteCondition::MustNotExist);
        let error = of_write(None, tag_of("\"abc\"")).unwrap_err();
        assert_eq!(error.code(), &S3ErrorCode::NotImplemented);
        assert!(of_write(tag_of("\"abc\""), tag_of("*")).is_err());
    }

    #[test]
    fn an_etag_is_compared_with_or_without_its_quotes() {
        for text in ["\"abc\"", "abc"] {
            assert_eq!(of_write(tag_of(text), None).unwrap(), WriteCondition::MustBe("abc".into()));
        }
    }
}
