//! Which gateway is meant.

use std::collections::BTreeMap;

use revops_core::secret::Secret;
use serde::Deserialize;

use crate::args::Args;
use crate::error::CtlError;

/// A gateway, and how to reach it.
#[derive(Debug)]
pub(crate) struct Target {
    /// The front door, without a slash at its end; none where nobody says, since queues and records are reached
    /// without it.
    gateway_url: Option<String>,
    /// The caller's key; none for a gateway that runs open.
    pub(crate) api_key: Option<Secret>,
    /// The one-machine stack's AWS endpoint; none for AWS itself.
    pub(crate) aws_endpoint_url: Option<String>,
    /// Names and URLs of the one-machine stack's queues.
    pub(crate) queue_urls: BTreeMap<String, String>,
    /// The one-machine stack's bucket; none for the variables' one.
    pub(crate) bucket: Option<String>,
}

/// What `cargo local` writes when it is ready.
#[derive(Deserialize)]
struct Ready {
    gateway_url: String,
    api_key: Option<Secret>,
    aws_endpoint_url: String,
    #[serde(default)]
    queue_urls: BTreeMap<String, String>,
    bucket: String,
}

impl Target {
    /// The gateway of `--local`, or of the environment.
    pub(crate) fn find(args: &Args) -> Result<Self, CtlError> {
        if args.local { Self::on_this_machine(args) } else { Ok(Self::of_environment()) }
    }

    /// Whether it is the stack of this machine.
    pub(crate) const fn is_local(&self) -> bool {
        self.bucket.is_some()
    }

    /// The front door's URL.
    pub(crate) fn gateway_url(&self) -> Result<&str, CtlError> {
        self.gateway_url.as_deref().ok_or_else(|| {
            CtlError::Usage(
                "set GATEWAY_URL (and GATEWAY_API_KEY), or use --local for `cargo local`".to_owned(),
            )
        })
    }

    fn on_this_machine(args: &Args) -> Result<Self, CtlError> {
        let path = args.state.join("ready.json");
        let file = path.display();
        let text = std::fs::read_to_string(&path)
            .map_err(|cause| CtlError::Failed(format!("{file}: {cause}; is `cargo local` running?")))?;
        let ready: Ready = serde_json::from_str(&text).map_err(|cause| {
            CtlError::Failed(format!("{file} is not readable: {cause}; restart `cargo local`"))
        })?;
        let key_of_environment = || std::env::var("GATEWAY_API_KEY").ok().map(Secret::new);
        Ok(Self {
            gateway_url: Some(ready.gateway_url),
            api_key: ready.api_key.or_else(key_of_environment),
            aws_endpoint_url: Some(ready.aws_endpoint_url),
            queue_urls: ready.queue_urls,
            bucket: Some(ready.bucket),
        })
    }

    fn of_environment() -> Self {
        let url = std::env::var("GATEWAY_URL").ok();
        Self {
            gateway_url: url.map(|url| url.trim_end_matches('/').to_owned()),
            api_key: std::env::var("GATEWAY_API_KEY").ok().map(Secret::new),
            aws_endpoint_url: None,
            queue_urls: BTreeMap::new(),
            bucket: None,
        }
    }
}
