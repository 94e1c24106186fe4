//! The two ports, on the loopback interface only.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::map_request;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::StackError;
use crate::connection::{Connections, Peer};
use crate::console;

/// A port that is ours, not yet served.
pub(super) struct Port {
    listener: TcpListener,
    address: SocketAddr,
}

impl Port {
    /// Takes `port`, or any free one for 0. `flag` is the flag that chose it, for the error.
    pub(super) async fn take(port: u16, flag: &'static str) -> Result<Self, StackError> {
        let failed = |source: io::Error| {
            if source.kind() == io::ErrorKind::AddrInUse {
                StackError::PortTaken { port, flag }
            } else {
                StackError::Port { port, flag, source }
            }
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// Base URL without a trailing slash.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves `router` until the task is aborted.
    pub(super) fn serve(self, router: Router) -> JoinHandle<()> {
        // Handlers of other crates know the other side by its address alone.
        let router =
            router.layer(map_request(|ConnectInfo(peer): ConnectInfo<Peer>, mut request: Request| {
                request.extensions_mut().insert(ConnectInfo(peer.address));
                std::future::ready(request)
            }));
        let (listener, service) =
            (Connections(self.listener), router.into_make_service_with_connect_info::<Peer>());
        let address = self.address;
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, service).await {
                console::note(&format!("{address} is no longer served: {error}"));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_together_with_its_flag() {
        let first = Port::take(0, "--port").await.unwrap();
        let port = first.address.port();
        let Err(error) = Port::take(port, "--aws-port").await else { panic!("taken twice") };
        let expected = format!(
            "port {port} of this machine is taken; choose another with --aws-port PORT, or --aws-port 0 for any free one"
        );
        assert_eq!(error.to_string(), expected);
    }
}
