//! `GET /_local/conversations` and `GET /_local/conversations/{id}`: the newest, and one as a story with its
//! exports. Read from the records like `gatewayctl track`, and told by the same code.

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use local_s3::ObjectStore;
use revops_core::conversation::{Conversation, load};
use revops_core::export::{ExportFormats, key};
use revops_core::ports::{Etag, ReadRecords, StoreError, Stored};
use revops_core::records::RecordError;
use revops_core::{Timestamp, TrackingId};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use crate::{clock, json};

/// As many as a person looks at.
const NEWEST: usize = 50;

/// As much of a question as a line holds, in characters.
const EXCERPT: usize = 200;

/// Where the conversations are.
#[derive(Clone)]
pub(crate) struct Conversations {
    /// The stack's objects.
    pub(crate) objects: ObjectStore,
    /// The bucket of records and exports.
    pub(crate) bucket: String,
}

impl ReadRecords for Conversations {
    async fn get(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let found = self.objects.object(&self.bucket, key);
        let body = found.map_err(|cause| StoreError::Unavailable(cause.into()))?;
        // Nobody here replaces what was read, nor asks for its age.
        Ok(body.map(|body| Stored { body, etag: Etag(String::new()), age: Duration::ZERO }))
    }
}

pub(super) fn routes(conversations: Conversations) -> Router {
    Router::new()
        .route("/_local/conversations", get(newest))
        .route("/_local/conversations/{id}", get(one))
        .with_state(conversations)
}

async fn newest(State(conversations): State<Conversations>) -> Response {
    answer(move || conversations.newest()).await
}

async fn one(State(conversations): State<Conversations>, Path(id): Path<String>) -> Response {
    answer(move || match id.parse() {
        Ok(id) => conversations.one(id),
        Err(_) => Ok(None),
    })
    .await
}

/// Files are read on a thread of their own.
async fn answer(look: impl FnOnce() -> Result<Option<Value>, RecordError> + Send + 'static) -> Response {
    let failed = |cause: String| (StatusCode::INTERNAL_SERVER_ERROR, json!({"message": cause}));
    let (status, body) = match tokio::task::spawn_blocking(look).await {
        Ok(Ok(Some(found))) => (StatusCode::OK, found),
        Ok(Ok(None)) => (StatusCode::NOT_FOUND, json!({"message": "there is no such conversation"})),
        Ok(Err(cause)) => failed(cause.to_string()),
        Err(cause) => failed(cause.to_string()),
    };
    json::response(status, &body)
}

impl Conversations {
    /// How many there are, and the newest in short, newest first. Tracking ids begin with their time.
    fn newest(&self) -> Result<Option<Value>, RecordError> {
        let ids = self.objects.folders(&self.bucket, "conversations");
        let ids = ids.map_err(|cause| StoreError::Unavailable(cause.into()))?;
        let mut shown = Vec::new();
        for id in ids.iter().rev().filter_map(|id| id.parse::<TrackingId>().ok()).take(NEWEST) {
            // One that cannot be read hides no other.
            match self.load(id) {
                Ok(Some(conversation)) => shown.push(in_short(&conversation, now())),
                Ok(None) => {}
                Err(cause) => shown.push(json!({"tracking_id": id, "problem": cause.to_string()})),
            }
        }
        Ok(Some(json!({"total": ids.len(), "conversations": shown})))
    }

    /// One, with its exports as they were written.
    fn one(&self, id: TrackingId) -> Result<Option<Value>, RecordError> {
        let Some(conversation) = self.load(id)? else { return Ok(None) };
        let mut document = conversation.story_document(now());
        let mut exports = Vec::new();
        for format in ExportFormats::default().iter() {
            let key = key(id, format);
            let found = self.objects.object(&self.bucket, &key);
            if let Some(body) = found.map_err(|cause| StoreError::Unavailable(cause.into()))? {
                let body: Value = serde_json::from_slice(&body).unwrap_or_default();
                exports.push(json!({"name": format.as_str(), "key": key, "body": body}));
            }
        }
        document["exports"] = json!(exports);
        Ok(Some(document))
    }

    /// For a thread that may wait.
    fn load(&self, id: TrackingId) -> Result<Option<Conversation>, RecordError> {
        Handle::current().block_on(load(self, id))
    }
}

fn now() -> Timestamp {
    Timestamp::from_unix_ms(i64::try_from(clock::now().unix_timestamp_nanos() / 1_000_000).unwrap_or(0))
}

fn in_short(conversation: &Conversation, now: Timestamp) -> Value {
    let (query, story) = (&conversation.query, conversation.story(now));
    json!({
        "tracking_id": query.tracking_id,
        "status": story.status,
        "received_at": query.received_at,
        "source_system": query.source_system,
        "query": query.query.chars().take(EXCERPT).collect::<String>(),
        "header": conversation.delivery.as_ref().map(|delivery| delivery.header),
        "failed_attempts": conversation.attempts.len(),
        "attribution": story.attribution,
        "next": story.next,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b";

    fn stored() -> (tempfile::TempDir, Conversations) {
        let folder = tempfile::tempdir().unwrap();
        let objects = ObjectStore::open(folder.path().to_owned()).unwrap();
        objects.ensure_bucket("bucket").unwrap();
        let released = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/released/v1");
        let conversation = folder.path().join("bucket/conversations").join(ID);
        std::fs::create_dir_all(&conversation).unwrap();
        for name in ["query.json", "answer.json", "delivery.json"] {
            std::fs::copy(released.join(name), conversation.join(name)).unwrap();
        }
        (folder, Conversations { objects, bucket: "bucket".to_owned() })
    }

    async fn told(
        look: impl FnOnce() -> Result<Option<Value>, RecordError> + Send + 'static,
    ) -> Option<Value> {
        tokio::task::spawn_blocking(look).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_conversation_is_listed_in_short_and_told_as_a_story() {
        let (_folder, conversations) = stored();
        let (listing, telling) = (conversations.clone(), conversations);
        let listed = told(move || listing.newest()).await.unwrap();
        assert_eq!(listed["total"], 1);
        assert_eq!(listed["conversations"][0]["header"], "deal_analysis");
        let story = told(move || telling.one(ID.parse().unwrap())).await.unwrap();
        assert_eq!(story["story"].as_array().unwrap().len(), 3);
        assert_eq!(story["exports"], json!([]));
    }

    #[tokio::test]
    async fn one_that_cannot_be_read_hides_no_other() {
        let (folder, conversations) = stored();
        let other = folder.path().join("bucket/conversations/0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0c");
        std::fs::create_dir_all(&other).unwrap();
        std::fs::write(other.join("query.json"), "{").unwrap();
        let listed = told(move || conversations.newest()).await.unwrap();
        assert_eq!(listed["conversations"][1]["tracking_id"], ID, "{listed}");
        assert!(
            listed["conversations"][0]["problem"].as_str().unwrap().contains("cannot be read"),
            "{listed}"
        );
    }
}
