//! The embedded SQS and S3 pass the suites, on the wire and through the product's own adapters. They have
//! no list of known differences: what the product relies on, its own stack does as AWS does.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use local_s3::ObjectStore;
use local_sqs::{Sqs, SqsOptions};
use tests::conformance::{Endpoint, Report, object_store, queue, queue_port, records_port};

/// An emulator on a port of its own, and the folder that it keeps its state in.
struct Served {
    endpoint: Endpoint,
    _state: tempfile::TempDir,
}

async fn sqs() -> Served {
    let state = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let sqs = Sqs::open(SqsOptions {
        database: state.path().join("sqs.db"),
        base_url: url.clone(),
        region: "us-east-1".to_owned(),
        account_id: "000000000000".to_owned(),
        time_scale: 1.0,
    });
    let router = sqs.unwrap().router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Served { endpoint: Endpoint::new(&url), _state: state }
}

async fn s3() -> Served {
    let state = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = ObjectStore::open(state.path().join("s3")).unwrap().router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Served { endpoint: Endpoint::new(&url), _state: state }
}

/// All of the suite, or the lines that say what is missing.
fn assert_conforms(report: &Report) {
    assert!(report.passed() > 0);
    assert_eq!((report.failed(), report.differing()), (0, 0), "\n{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_sqs_conforms() {
    let served = sqs().await;
    assert_conforms(&queue::suite().run(served.endpoint.sqs(), &[]).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_s3_conforms() {
    let served = s3().await;
    assert_conforms(&object_store::suite().run(served.endpoint.s3(), &[]).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sqs_adapter_over_the_embedded_sqs_conforms_to_the_queue_ports() {
    let served = sqs().await;
    assert_conforms(&queue_port::suite().run(queue_port::Sqs::new(&served.endpoint), &[]).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_s3_adapter_over_the_embedded_s3_conforms_to_the_record_ports() {
    let served = s3().await;
    assert_conforms(&records_port::suite().run(records_port::S3::new(&served.endpoint), &[]).await);
}
