//! DeleteObject and DeleteObjects.

use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject,
    ETagCondition, Error,
};
use s3s::{S3ErrorCode, S3Result};

use super::Operations;
use super::conditions::of_write;
use crate::condition::WriteCondition;

/// AWS's limit of DeleteObjects.
const MAX_DELETES: usize = 1000;

impl Operations {
    /// 204, also when there was nothing; with `If-Match` a present object must match.
    pub(super) async fn delete(&self, input: DeleteObjectInput) -> S3Result<DeleteObjectOutput> {
        let condition = of_write(input.if_match, None)?;
        let (bucket, key) = (input.bucket, input.key);
        self.blocking(move |store| store.delete(&bucket, &key, &condition)).await?;
        Ok(DeleteObjectOutput::default())
    }

    /// Each key's fate is its own.
    pub(super) async fn delete_many(&self, input: DeleteObjectsInput) -> S3Result<DeleteObjectsOutput> {
        if input.delete.objects.len() > MAX_DELETES {
            return Err(S3ErrorCode::MalformedXML.into());
        }
        let bucket = input.bucket.clone();
        self.blocking(move |store| store.require_bucket(&bucket)).await?;
        let quiet = input.delete.quiet.unwrap_or(false);
        let (mut deleted, mut failed) = (Vec::new(), Vec::new());
        for object in input.delete.objects {
            let if_match = object.e_tag.map(ETagCondition::ETag);
            match self.delete_one(&input.bucket, &object.key, of_write(if_match, None)?).await {
                Ok(()) if quiet => {}
                Ok(()) => deleted.push(DeletedObject { key: Some(object.key), ..Default::default() }),
                Err(error) => failed.push(Error {
                    code: Some(error.code().as_str().to_owned()),
                    key: Some(object.key),
                    message: error.message().map(str::to_owned),
                    version_id: None,
                }),
            }
        }
        Ok(DeleteObjectsOutput { deleted: Some(deleted), errors: Some(failed), ..Default::default() })
    }

    async fn delete_one(&self, bucket: &str, key: &str, condition: WriteCondition) -> S3Result<()> {
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        self.blocking(move |store| store.delete(&bucket, &key, &condition)).await
    }
}
