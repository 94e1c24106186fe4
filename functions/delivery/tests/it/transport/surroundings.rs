//! What the environment of the process must not change.

use super::{answering, child, status_of};

const NAME: &str = "transport::surroundings::proxies_of_the_environment_are_ignored";

#[test]
fn proxies_of_the_environment_are_ignored() {
    if child::is_inside() {
        return post_past_the_proxy();
    }
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let mut variables: Vec<_> = names.iter().map(|name| (*name, url.as_str())).collect();
    variables.extend([("NO_PROXY", ""), ("no_proxy", "")]);
    child::run(NAME, &variables);
    assert!(proxy.accept().is_err(), "the proxy was asked");
}

#[tokio::main(flavor = "current_thread")]
async fn post_past_the_proxy() {
    let address = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(status_of(address).await, Ok(200));
    // https as well: nobody listens, so an answer could only be a proxy's.
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = super::post_to(&super::transport(&["127.0.0.0/8"]), &format!("https://{nobody}/")).await;
    assert_eq!(refused, Err(revops_core::retry::NoAnswer::Connection));
}
