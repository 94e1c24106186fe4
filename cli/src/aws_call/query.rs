//! AWS's query protocol: a form is sent, and XML comes back.

use http::Method;
use revops_aws::call::{Answer, Call, CallError};
use url::form_urlencoded;

use super::Caller;
use crate::error::CtlError;

/// The query protocol, as a service speaks it.
pub(crate) struct Query {
    /// The API's version.
    pub(crate) version: &'static str,
}

impl Caller<'_, Query> {
    /// Calls `operation` with `input`; the XML of its output.
    pub(crate) async fn query(&self, operation: &str, input: &[(&str, &str)]) -> Result<String, CtlError> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", operation).append_pair("Version", self.service.protocol.version);
        let answer =
            self.post(form.extend_pairs(input).finish()).await.map_err(|error| self.failed(&error))?;
        Ok(String::from_utf8_lossy(&answer.body).into_owned())
    }

    async fn post(&self, form: String) -> Result<Answer, CallError> {
        let call = Call {
            method: Method::POST,
            url: format!("{}/", self.aws.endpoint()?),
            headers: vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: form.into(),
        };
        self.aws.send(&call).await
    }
}
