//! A listener whose connections are encrypted.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

pub(super) struct Listener {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener {
    pub(super) async fn bind(config: ServerConfig) -> io::Result<Self> {
        let tcp = TcpListener::bind(("127.0.0.1", 0)).await?;
        Ok(Self { tcp, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    async fn connection(&self) -> io::Result<(TlsStream<TcpStream>, SocketAddr)> {
        let (stream, address) = self.tcp.accept().await?;
        stream.set_nodelay(true)?;
        Ok((self.acceptor.accept(stream).await?, address))
    }
}

impl axum::serve::Listener for Listener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    /// One handshake after the other: there is one client.
    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match self.connection().await {
                Ok(connection) => return connection,
                // That connection is lost; the next one may do.
                Err(_) => tokio::task::yield_now().await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}
