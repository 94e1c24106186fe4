//! Checksums that a writer sends: verified, kept, and given back to a reader who asks for them.
//! Pure.

use std::collections::BTreeMap;

use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use s3s::dto::{Checksum, PutObjectInput};
use s3s::{S3Error, S3ErrorCode, S3Result};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Checks every digest that the request bears; those that are not Content-MD5 are returned, by
/// algorithm.
pub(super) fn verified(input: &PutObjectInput, content: &[u8]) -> S3Result<BTreeMap<String, String>> {
    if let Some(md5) = &input.content_md5 {
        verify_md5(md5, content)?;
    }
    let sent = by_algorithm(Checksum {
        checksum_crc32: input.checksum_crc32.clone(),
        checksum_crc32c: input.checksum_crc32c.clone(),
        checksum_crc64nvme: input.checksum_crc64nvme.clone(),
        checksum_sha1: input.checksum_sha1.clone(),
        checksum_sha256: input.checksum_sha256.clone(),
        ..Default::default()
    });
    let computed = compute(&sent, content);
    match sent.iter().find(|(algorithm, value)| computed.get(*algorithm) != Some(*value)) {
        None => Ok(sent),
        Some((algorithm, _)) => Err(S3Error::with_message(
            S3ErrorCode::BadDigest,
            format!("The {algorithm} you specified did not match the calculated checksum."),
        )),
    }
}

fn verify_md5(sent: &str, content: &[u8]) -> S3Result<()> {
    let digest = STANDARD.decode(sent).ok().filter(|digest| digest.len() == 16);
    let digest = digest.ok_or(S3ErrorCode::InvalidDigest)?;
    if digest == Md5::checksum(content) {
        return Ok(());
    }
    Err(S3Error::with_message(
        S3ErrorCode::BadDigest,
        "The Content-MD5 you specified did not match what we received.",
    ))
}

fn compute(wanted: &BTreeMap<String, String>, content: &[u8]) -> BTreeMap<String, String> {
    let mut hasher = ChecksumHasher {
        crc32: wanted.contains_key("crc32").then(Crc32::new),
        crc32c: wanted.contains_key("crc32c").then(Crc32c::new),
        crc64nvme: wanted.contains_key("crc64nvme").then(Crc64Nvme::new),
        sha1: wanted.contains_key("sha1").then(Sha1::new),
        sha256: wanted.contains_key("sha256").then(Sha256::new),
    };
    hasher.update(content);
    by_algorithm(hasher.finalize())
}

fn by_algorithm(checksum: Checksum) -> BTreeMap<String, String> {
    let named = [
        ("crc32", checksum.checksum_crc32),
        ("crc32c", checksum.checksum_crc32c),
        ("crc64nvme", checksum.checksum_crc64nvme),
        ("sha1", checksum.checksum_sha1),
        ("sha256", checksum.checksum_sha256),
    ];
    named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The kept checksums in the protocol's shape.
pub(super) fn kept(checksums: &BTreeMap<String, String>) -> Checksum {
    let of = |algorithm: &str| checksums.get(algorithm).cloned();
    Checksum {
        checksum_crc32: of("crc32"),
        checksum_crc32c: of("crc32c"),
        checksum_crc64nvme: of("crc64nvme"),
        checksum_sha1: of("sha1"),
        checksum_sha256: of("sha256"),
        ..Default::default()
    }
}
