//! CreateBucket, HeadBucket, ListBuckets, GetBucketLocation, GetBucketVersioning.

use s3s::S3Result;
use s3s::dto::{
    Bucket, CreateBucketInput, CreateBucketOutput, GetBucketLocationInput, GetBucketLocationOutput,
    GetBucketVersioningInput, GetBucketVersioningOutput, HeadBucketInput, HeadBucketOutput,
    ListBucketsOutput,
};

use super::Operations;

/// The stack's region.
const REGION: &str = "us-east-1";

impl Operations {
    /// 200 also when the bucket exists: so does us-east-1 to the bucket's owner.
    pub(super) async fn create(&self, input: CreateBucketInput) -> S3Result<CreateBucketOutput> {
        let location = format!("/{}", input.bucket);
        self.blocking(move |store| Ok(store.create_bucket(&input.bucket)?)).await?;
        Ok(CreateBucketOutput { location: Some(location) })
    }

    pub(super) async fn head_of_bucket(&self, input: HeadBucketInput) -> S3Result<HeadBucketOutput> {
        self.blocking(move |store| store.require_bucket(&input.bucket)).await?;
        Ok(HeadBucketOutput { bucket_region: Some(REGION.to_owned()), ..Default::default() })
    }

    pub(super) async fn all_buckets(&self) -> S3Result<ListBucketsOutput> {
        let buckets = self.blocking(|store| Ok(store.buckets()?)).await?;
        let bucket = |(name, created): (String, std::time::SystemTime)| Bucket {
            name: Some(name),
            creation_date: Some(created.into()),
            ..Default::default()
        };
        Ok(ListBucketsOutput {
            buckets: Some(buckets.into_iter().map(bucket).collect()),
            ..Default::default()
        })
    }

    /// us-east-1 is the empty location.
    pub(super) async fn location(&self, input: GetBucketLocationInput) -> S3Result<GetBucketLocationOutput> {
        self.blocking(move |store| store.require_bucket(&input.bucket)).await?;
        Ok(GetBucketLocationOutput::default())
    }

    /// No bucket here has versions, which S3 says by leaving the status out.
    pub(super) async fn versioning(
        &self,
        input: GetBucketVersioningInput,
    ) -> S3Result<GetBucketVersioningOutput> {
        self.blocking(move |store| store.require_bucket(&input.bucket)).await?;
        Ok(GetBucketVersioningOutput::default())
    }
}
