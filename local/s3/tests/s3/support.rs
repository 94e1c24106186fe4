//! A store served on a bound port, and the AWS SDK's client for it.

use std::path::Path;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use local_s3::ObjectStore;

/// The bucket of every test.
pub const BUCKET: &str = "records";

/// A served store; its folder goes with it.
pub struct Served {
    pub folder: tempfile::TempDir,
    pub url: String,
    pub client: Client,
}

impl Served {
    pub fn object_file(&self, key: &str) -> std::path::PathBuf {
        self.folder.path().join("s3").join(BUCKET).join(key)
    }
}

/// Serves a new store with one bucket.
pub async fn served() -> Served {
    let folder = tempfile::tempdir().unwrap();
    let url = serve(&folder.path().join("s3")).await;
    let client = client(&url);
    Served { folder, url, client }
}

/// Serves the store at `root` on a port of its own.
pub async fn serve(root: &Path) -> String {
    let store = ObjectStore::open(root.to_path_buf()).unwrap();
    store.ensure_bucket(BUCKET).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, store.router()).await });
    url
}

/// An SDK client with made-up credentials and no retries.
pub fn client(url: &str) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("any", "thing", None, None, "test"))
        .endpoint_url(url)
        .force_path_style(true)
        .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
        .build();
    Client::from_conf(config)
}

/// Stores text under the key and returns its ETag.
pub async fn put(client: &Client, key: &str, text: &str) -> String {
    let body = ByteStream::from(text.as_bytes().to_vec());
    let put = client.put_object().bucket(BUCKET).key(key).body(body).send().await.unwrap();
    put.e_tag().unwrap().to_owned()
}

/// The text under the key.
pub async fn get(client: &Client, key: &str) -> String {
    let object = client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
    String::from_utf8(object.body.collect().await.unwrap().to_vec()).unwrap()
}

/// Status and error code of a refused call.
pub fn refusal<T, E: ProvideErrorMetadata>(result: Result<T, SdkError<E>>) -> (u16, String) {
    let Err(error) = result else { panic!("the call was not refused") };
    let status = error.raw_response().unwrap().status().as_u16();
    (status, error.as_service_error().and_then(|error| error.code()).unwrap_or_default().to_owned())
}

/// What a condition that does not hold is answered with.
pub fn precondition_failed() -> (u16, String) {
    (412, "PreconditionFailed".to_owned())
}
