//! From the body on the wire to the object's bytes, with headers that describe those bytes.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use s3s::{S3Error, S3ErrorCode};

use super::aws_chunked;

const PAYLOAD_HASH: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const DECODED_LENGTH: HeaderName = HeaderName::from_static("x-amz-decoded-content-length");
const TRAILER: HeaderName = HeaderName::from_static("x-amz-trailer");

/// Unwraps an aws-chunked body, moves its trailing checksums among the headers, and corrects the
/// headers that spoke of the wrapping.
pub(super) fn unwrap(headers: &mut HeaderMap, body: Bytes) -> Result<Bytes, S3Error> {
    let body = if is_chunked(headers) { unwrap_chunked(headers, &body)? } else { body };
    if body.len() > crate::MAX_OBJECT_BYTES {
        return Err(S3Error::with_message(
            S3ErrorCode::EntityTooLarge,
            "Your proposed upload exceeds the maximum allowed object size.",
        ));
    }
    for name in [PAYLOAD_HASH, DECODED_LENGTH, TRAILER, header::TRANSFER_ENCODING] {
        headers.remove(name);
    }
    if !body.is_empty() || headers.contains_key(header::CONTENT_LENGTH) {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    Ok(body)
}

fn is_chunked(headers: &HeaderMap) -> bool {
    let hash = headers.get(PAYLOAD_HASH).map(HeaderValue::as_bytes).unwrap_or_default();
    hash.starts_with(b"STREAMING-") || content_codings(headers).any(|coding| coding == "aws-chunked")
}

fn content_codings(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let value = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().split(',').map(str::trim).filter(|coding| !coding.is_empty())
}

fn unwrap_chunked(headers: &mut HeaderMap, body: &[u8]) -> Result<Bytes, S3Error> {
    let incomplete = || S3Error::new(S3ErrorCode::IncompleteBody);
    let unwrapped = aws_chunked::unwrap(body).map_err(|_| incomplete())?;
    let announced = headers.get(DECODED_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length != unwrapped.content.len()) {
        return Err(incomplete());
    }
    for (name, value) in unwrapped.trailers {
        let pair = (HeaderName::try_from(name), HeaderValue::try_from(value));
        if let (Ok(name), Ok(value)) = pair
            && name.as_str().starts_with("x-amz-checksum-")
        {
            headers.insert(name, value);
        }
    }
    keep_other_codings(headers);
    Ok(unwrapped.content)
}

/// `aws-chunked` is of the transfer, anything else is of the object.
fn keep_other_codings(headers: &mut HeaderMap) {
    let others: Vec<&str> = content_codings(headers).filter(|coding| *coding != "aws-chunked").collect();
    match HeaderValue::try_from(others.join(",")) {
        Ok(value) if !others.is_empty() => headers.insert(header::CONTENT_ENCODING, value),
        Ok(_) | Err(_) => headers.remove(header::CONTENT_ENCODING),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_chunked_upload_looks_like_a_plain_one_with_a_checksum_header() {
        let mut headers = headers(&[
            ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
            ("x-amz-decoded-content-length", "4"),
            ("x-amz-trailer", "x-amz-checksum-crc32"),
            ("content-encoding", "aws-chunked, gzip"),
            ("content-length", "50"),
        ]);
        let body = Bytes::from("4\r\nwiki\r\n0\r\nx-amz-checksum-crc32:abcd==\r\n\r\n");
        assert_eq!(unwrap(&mut headers, body).unwrap(), "wiki");
        assert_eq!(headers["x-amz-checksum-crc32"], "abcd==");
        assert_eq!(headers["content-encoding"], "gzip");
        assert_eq!(headers["content-length"], "4");
        assert!(!headers.contains_key("x-amz-trailer"));
    }

    #[test]
    fn a_chunked_upload_shorter_than_announced_is_refused() {
        let mut headers =
            headers(&[("content-encoding", "aws-chunked"), ("x-amz-decoded-content-length", "5")]);
        let error = unwrap(&mut headers, Bytes::from("4\r\nwiki\r\n0\r\n\r\n")).unwrap_err();
        assert_eq!(error.code(), &S3ErrorCode::IncompleteBody);
    }

    #[test]
    fn an_object_above_the_limit_is_refused() {
        let body = Bytes::from(vec![0; crate::MAX_OBJECT_BYTES + 1]);
        let error = unwrap(&mut HeaderMap::new(), body).unwrap_err();
        assert_eq!(error.code(), &S3ErrorCode::EntityTooLarge);
    }
}
