//! InvokeAgent on the wire. Sources: the service's API model (operation InvokeAgent) and the AWS
//! event stream encoding.

pub(crate) mod exception;
pub(crate) mod frame;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod stream;
pub(crate) mod trace;
