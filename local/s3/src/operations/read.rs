//! GetObject and HeadObject.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use s3s::dto::{
    Checksum, ChecksumMode, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, Range,
    StreamingBlob,
};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::conditions::{etag, of_read};
use super::write::checksum_type;
use super::{Operations, checksums, errors};
use crate::condition::{ReadCondition, ReadVerdict};
use crate::store::ObjectInfo;

/// What S3 says of an object whose writer named no type.
const DEFAULT_CONTENT_TYPE: &str = "binary/octet-stream";

impl Operations {
    pub(super) async fn get(&self, input: GetObjectInput) -> S3Result<GetObjectOutput> {
        let (bucket, key) = (input.bucket, input.key);
        let condition =
            of_read(input.if_match, input.if_none_match, input.if_modified_since, input.if_unmodified_since);
        let (info, content) = self.blocking(move |store| store.get(&bucket, &key)).await?;
        allow(&condition, &info)?;
        let (content, content_range) = cut(Bytes::from(content), input.range)?;
        // The checksum is of the whole object: with a part it would be a wrong one.
        let asked = content_range.is_none() && wants_checksum(input.checksum_mode.as_ref());
        let checksum = if asked { checksums::kept(&info.attributes.checksums) } else { Checksum::default() };
        Ok(GetObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: Some(length(content.len())),
            content_range,
            body: Some(StreamingBlob::from(s3s::Body::from(content))),
            checksum_type: if asked { checksum_type(&info.attributes) } else { None },
            checksum_crc32: checksum.checksum_crc32,
            checksum_crc32c: checksum.checksum_crc32c,
            checksum_crc64nvme: checksum.checksum_crc64nvme,
            checksum_sha1: checksum.checksum_sha1,
            checksum_sha256: checksum.checksum_sha256,
            e_tag: Some(etag(info.etag)),
            last_modified: Some(info.modified.into()),
            content_type: info.attributes.content_type.or_else(|| Some(DEFAULT_CONTENT_TYPE.to_owned())),
            content_encoding: info.attributes.content_encoding,
            content_disposition: info.attributes.content_disposition,
            content_language: info.attributes.content_language,
            cache_control: info.attributes.cache_control,
            metadata: Some(info.attributes.user.into_iter().collect()),
            ..Default::default()
        })
    }

    pub(super) async fn head(&self, input: HeadObjectInput) -> S3Result<HeadObjectOutput> {
        let (bucket, key) = (input.bucket, input.key);
        let condition =
            of_read(input.if_match, input.if_none_match, input.if_modified_since, input.if_unmodified_since);
        let info = self.blocking(move |store| store.head(&bucket, &key)).await?;
        allow(&condition, &info)?;
        let asked = wants_checksum(input.checksum_mode.as_ref());
        let checksum = if asked { checksums::kept(&info.attributes.checksums) } else { Checksum::default() };
        Ok(HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: i64::try_from(info.size).ok(),
            checksum_type: if asked { checksum_type(&info.attributes) } else { None },
            checksum_crc32: checksum.checksum_crc32,
            checksum_crc32c: checksum.checksum_crc32c,
            checksum_crc64nvme: checksum.checksum_crc64nvme,
            checksum_sha1: checksum.checksum_sha1,
            checksum_sha256: checksum.checksum_sha256,
            e_tag: Some(etag(info.etag)),
            last_modified: Some(info.modified.into()),
            content_type: info.attributes.content_type.or_else(|| Some(DEFAULT_CONTENT_TYPE.to_owned())),
            content_encoding: info.attributes.content_encoding,
            content_disposition: info.attributes.content_disposition,
            content_language: info.attributes.content_language,
            cache_control: info.attributes.cache_control,
            metadata: Some(info.attributes.user.into_iter().collect()),
            ..Default::default()
        })
    }
}

fn wants_checksum(mode: Option<&ChecksumMode>) -> bool {
    mode.is_some_and(|mode| mode.as_str() == ChecksumMode::ENABLED)
}

fn allow(condition: &ReadCondition, info: &ObjectInfo) -> S3Result<()> {
    match condition.judge(info) {
        ReadVerdict::Send => Ok(()),
        ReadVerdict::PreconditionFailed => Err(errors::precondition_failed()),
        ReadVerdict::NotModified => Err(not_modified(info)),
    }
}

/// RFC 9110 section 15.4.5: a 304 bears the ETag that a 200 would have borne.
fn not_modified(info: &ObjectInfo) -> S3Error {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::try_from(format!("\"{}\"", info.etag)) {
        headers.insert(header::ETAG, value);
    }
    let mut error = S3Error::new(S3ErrorCode::NotModified);
    error.set_headers(headers);
    error
}

/// The part that was asked for and its `Content-Range`.
fn cut(content: Bytes, range: Option<Range>) -> S3Result<(Bytes, Option<String>)> {
    let Some(range) = range else { return Ok((content, None)) };
    let full = content.len();
    let part = range.check(full as u64).map_err(|_| {
        S3Error::with_message(S3ErrorCode::InvalidRange, "The requested range is not satisfiable")
    })?;
    let position = |at: u64| usize::try_from(at).unwrap_or(full).min(full);
    let header = format!("bytes {}-{}/{full}", part.start, part.end.saturating_sub(1));
    Ok((content.slice(position(part.start)..position(part.end)), Some(header)))
}

fn length(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
