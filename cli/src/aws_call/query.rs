//! AWS's query protocol: a form is sent, and XML comes back.

use url::form_urlencoded;

use super::Caller;
use crate::error::CtlError;

impl Caller<'_> {
    /// Calls `operation` with `input`; the XML of its output.
    pub(crate) async fn query(&self, operation: &str, input: &[(&str, &str)]) -> Result<String, CtlError> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", operation).append_pair("Version", self.service.target);
        let answer = self.post(Vec::new(), form.extend_pairs(input).finish()).await?;
        Ok(String::from_utf8_lossy(&answer.body).into_owned())
    }
}
