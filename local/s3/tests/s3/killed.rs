//! A store whose process is killed keeps every answered write, and each object is one whole version.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::support::{BUCKET, client, serve};
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;

const ROOT: &str = "LOCAL_S3_TEST_ROOT";
const TEST: &str = "killed::answered_writes_survive_kill_9_and_no_object_is_torn";

/// This test's own binary again, as the process that serves until it is killed.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(root: &std::path::Path) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([TEST, "--exact", "--nocapture"])
            .env(ROOT, root)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url =
            lines.map_while(Result::ok).find_map(|line| Some(line.split_once("serving ")?.1.to_owned()));
        Self { process, url: url.unwrap() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Version `n` of an object: content and metadata name the same number.
async fn write(client: &Client, key: &str, n: u32) -> bool {
    let body = ByteStream::from(n.to_string().repeat(3000).into_bytes());
    let put = client.put_object().bucket(BUCKET).key(key).body(body).metadata("n", n.to_string());
    put.send().await.is_ok()
}

async fn read(client: &Client, key: &str) -> Option<u32> {
    let object = client.get_object().bucket(BUCKET).key(key).send().await.ok()?;
    let n: u32 = object.metadata().unwrap()["n"].parse().unwrap();
    let content = object.body.collect().await.unwrap().to_vec();
    assert_eq!(content, n.to_string().repeat(3000).into_bytes());
    Some(n)
}

/// Overwrites one key until the server is gone, telling of every answered write; returns the last
/// version that was answered.
async fn overwrite(client: Client, key: String, mut n: u32, answered: UnboundedSender<()>) -> u32 {
    while write(&client, &key, n + 1).await {
        n += 1;
        answered.send(()).unwrap();
    }
    n
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answered_writes_survive_kill_9_and_no_object_is_torn() {
    if let Some(root) = std::env::var_os(ROOT) {
        println!("serving {}", serve(root.as_ref()).await);
        return std::future::pending().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut answered = [0u32; 4];
    for round in 0..4 {
        let server = Server::start(folder.path());
        let client = client(&server.url);
        for (index, n) in answered.iter_mut().enumerate().filter(|(_, n)| **n > 0) {
            let kept = read(&client, &format!("k/{index}")).await.unwrap();
            assert!(kept == *n || kept == *n + 1, "{n} was answered, {kept} is there");
            *n = kept;
        }
        let (told, mut hears) = unbounded_channel();
        let writer = |(index, n): (usize, &u32)| {
            tokio::spawn(overwrite(client.clone(), format!("k/{index}"), *n, told.clone()))
        };
        let writers: Vec<_> = answered.iter().enumerate().map(writer).collect();
        // Killed at a moment that no writer can know.
        for _ in 0..50 + 7 * round {
            hears.recv().await.unwrap();
        }
        drop(server);
        for (index, writer) in writers.into_iter().enumerate() {
            answered[index] = writer.await.unwrap();
        }
    }
    assert!(answered.iter().sum::<u32>() >= 200, "{answered:?}");
}
