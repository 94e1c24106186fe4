//! What the gateway itself knows of a request: when it came, from where, and the ids it gets.

use axum::extract::ConnectInfo;
use axum::http::Extensions;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

/// The circumstances of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Since the Unix epoch.
    pub(crate) at: Duration,
    pub(crate) source: IpAddr,
    /// Sixteen characters of base64, as AWS makes them.
    pub(crate) request_id: String,
    /// `Root=1-{8 hex}-{24 hex}`, for a request without a trace of its own.
    pub(crate) trace_id: String,
}

impl Arrival {
    /// A request that arrives now. Without a known peer it is the loopback interface's.
    pub(crate) fn now(extensions: &Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Self::new(since_epoch(), peer.unwrap_or(Ipv4Addr::LOCALHOST.into()), [Uuid::new_v4(), Uuid::new_v4()])
    }

    pub(crate) fn new(at: Duration, source: IpAddr, random: [Uuid; 2]) -> Self {
        let (seconds, trace) = (at.as_secs() & 0xffff_ffff, random[1].as_u128() >> 32);
        Self {
            at,
            source: source.to_canonical(),
            request_id: STANDARD.encode(&random[0].as_bytes()[..11]),
            trace_id: format!("Root=1-{seconds:08x}-{trace:024x}"),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock adapter")]
fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
