//! AWS Lambda.

use bytes::Bytes;
use http::Method;
use percent_encoding::utf8_percent_encode;

use super::ENCODED;
use crate::call::{Call, CallError, Service, ServiceName};

/// AWS Lambda.
pub(crate) const LAMBDA: ServiceName = ServiceName { id: "Lambda", host: "lambda" };

/// How a function is invoked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Invocation {
    /// Lambda answers with the function's reply.
    RequestResponse,
    /// Lambda checks name and permission, and runs nothing.
    DryRun,
}

/// An invocation that ended.
#[derive(Debug)]
pub(crate) struct Invoked {
    pub(crate) payload: Vec<u8>,
    /// The function failed; the payload says how.
    pub(crate) failed: bool,
}

/// `Invoke` of the function with this name or ARN.
pub(crate) async fn invoke(
    lambda: &Service,
    function: &str,
    invocation: Invocation,
    payload: Vec<u8>,
) -> Result<Invoked, CallError> {
    let name = utf8_percent_encode(function, ENCODED);
    let kind = match invocation {
        Invocation::RequestResponse => "RequestResponse",
        Invocation::DryRun => "DryRun",
    };
    let call = Call {
        method: Method::POST,
        url: format!("{}/2015-03-31/functions/{name}/invocations", lambda.endpoint()?),
        headers: vec![("content-type", "application/json"), ("x-amz-invocation-type", kind)],
        body: Bytes::from(payload),
    };
    let answer = lambda.send(&call).await?;
    let failed = answer.header("x-amz-function-error").is_some();
    Ok(Invoked { payload: answer.body, failed })
}
