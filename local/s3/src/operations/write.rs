//! PutObject and CopyObject.

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use s3s::dto::{
    ChecksumType, CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, MetadataDirective,
    PutObjectInput, PutObjectOutput, StreamingBlob,
};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::conditions::{etag, of_read, of_write};
use super::{Operations, checksums, errors};
use crate::condition::{ReadVerdict, WriteCondition};
use crate::store::Attributes;

impl Operations {
    pub(super) async fn put(&self, mut input: PutObjectInput) -> S3Result<PutObjectOutput> {
        let content = collect(input.body.take()).await?;
        let condition = of_write(input.if_match.take(), input.if_none_match.take())?;
        let checksums = checksums::verified(&input, &content)?;
        let sent = checksums::kept(&checksums);
        let (bucket, key) = (std::mem::take(&mut input.bucket), std::mem::take(&mut input.key));
        let attributes = Attributes {
            content_type: input.content_type,
            content_encoding: input.content_encoding,
            content_disposition: input.content_disposition,
            content_language: input.content_language,
            cache_control: input.cache_control,
            user: input.metadata.unwrap_or_default().into_iter().collect(),
            checksums,
        };
        let put =
            move |store: &crate::store::Store| store.put(&bucket, &key, &content, attributes, &condition);
        let info = self.blocking(put).await?;
        Ok(PutObjectOutput {
            e_tag: Some(etag(info.etag)),
            checksum_type: checksum_type(&info.attributes),
            checksum_crc32: sent.checksum_crc32,
            checksum_crc32c: sent.checksum_crc32c,
            checksum_crc64nvme: sent.checksum_crc64nvme,
            checksum_sha1: sent.checksum_sha1,
            checksum_sha256: sent.checksum_sha256,
            ..Default::default()
        })
    }

    pub(super) async fn copy(
        &self,
        input: CopyObjectInput,
        condition: WriteCondition,
    ) -> S3Result<CopyObjectOutput> {
        let CopySource::Bucket { bucket, key, .. } = input.copy_source else {
            return Err(S3Error::with_message(S3ErrorCode::NotImplemented, "the source must be a bucket"));
        };
        let (source, content) = self.blocking(move |store| store.get(&bucket, &key)).await?;
        let source_condition = of_read(
            input.copy_source_if_match,
            input.copy_source_if_none_match,
            input.copy_source_if_modified_since,
            input.copy_source_if_unmodified_since,
        );
        if source_condition.judge(&source) != ReadVerdict::Send {
            return Err(errors::precondition_failed());
        }
        let replaces = input.metadata_directive.is_some_and(|way| way.as_str() == MetadataDirective::REPLACE);
        let attributes = if replaces {
            Attributes {
                content_type: input.content_type,
                content_encoding: input.content_encoding,
                content_disposition: input.content_disposition,
                content_language: input.content_language,
                cache_control: input.cache_control,
                user: input.metadata.unwrap_or_default().into_iter().collect(),
                checksums: source.attributes.checksums,
            }
        } else {
            source.attributes
        };
        let (bucket, key) = (input.bucket, input.key);
        let put =
            move |store: &crate::store::Store| store.put(&bucket, &key, &content, attributes, &condition);
        let info = self.blocking(put).await?;
        let result = CopyObjectResult {
            e_tag: Some(etag(info.etag)),
            last_modified: Some(info.modified.into()),
            ..Default::default()
        };
        Ok(CopyObjectOutput { copy_object_result: Some(result), ..Default::default() })
    }
}

/// The checksum type goes with checksums only; here they are of whole objects.
pub(super) fn checksum_type(attributes: &Attributes) -> Option<ChecksumType> {
    (!attributes.checksums.is_empty()).then(|| ChecksumType::from_static(ChecksumType::FULL_OBJECT))
}

/// The body was bounded when it was read from the wire.
async fn collect(body: Option<StreamingBlob>) -> S3Result<Bytes> {
    let Some(mut body) = body else { return Ok(Bytes::new()) };
    let mut content = BytesMut::new();
    while let Some(part) = body.next().await {
        let part = part.map_err(|error| S3Error::with_source(S3ErrorCode::IncompleteBody, error))?;
        content.extend_from_slice(&part);
    }
    Ok(content.freeze())
}
