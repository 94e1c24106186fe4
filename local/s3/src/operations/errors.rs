//! The store's errors in S3's words (AWS "Error responses").

use s3s::{S3Error, S3ErrorCode};

use crate::store::{KeyError, StoreError};

pub(super) fn s3_error(error: StoreError) -> S3Error {
    match error {
        StoreError::NoSuchBucket => {
            S3Error::with_message(S3ErrorCode::NoSuchBucket, "The specified bucket does not exist")
        }
        StoreError::NoSuchKey => {
            S3Error::with_message(S3ErrorCode::NoSuchKey, "The specified key does not exist.")
        }
        StoreError::PreconditionFailed => precondition_failed(),
        StoreError::Key(KeyError::SegmentTooLong) => {
            S3Error::with_message(S3ErrorCode::KeyTooLongError, KeyError::SegmentTooLong.to_string())
        }
        error @ (StoreError::Key(_) | StoreError::KeyIsFolder) => invalid_argument(error.to_string()),
        StoreError::Io(error) => {
            tracing::error!(%error, "the object store's file system failed");
            S3Error::with_message(S3ErrorCode::InternalError, "The object store's file system failed.")
        }
    }
}

/// 412
pub(super) fn precondition_failed() -> S3Error {
    S3Error::with_message(
        S3ErrorCode::PreconditionFailed,
        "At least one of the pre-conditions you specified did not hold",
    )
}

/// 501, as AWS answers to conditions that an operation does not know.
pub(super) fn condition_not_implemented() -> S3Error {
    S3Error::with_message(
        S3ErrorCode::NotImplemented,
        "A header you provided implies functionality that is not implemented",
    )
}

/// 400
pub(super) fn invalid_argument(message: String) -> S3Error {
    S3Error::with_message(S3ErrorCode::InvalidArgument, message)
}
