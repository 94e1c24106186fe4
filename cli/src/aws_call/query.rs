//! AWS's query protocol: a form is sent, and XML comes back.

use reqwest::StatusCode;
use url::form_urlencoded;

use super::{Caller, Tried, xml};
use crate::error::CtlError;

impl Caller<'_> {
    /// Calls `operation` with `input`; the XML of its output.
    pub(crate) async fn query(&self, operation: &str, input: &[(&str, &str)]) -> Result<String, CtlError> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", operation).append_pair("Version", self.service.target);
        let body = form.extend_pairs(input).finish();
        let headers = [("content-type", self.service.media_type.to_owned())];
        self.repeated(&headers, &body, |status, answer| self.judge_xml(status, answer)).await
    }

    fn judge_xml(&self, status: StatusCode, answer: &[u8]) -> Result<Tried<String>, CtlError> {
        let answer = String::from_utf8_lossy(answer);
        if status.is_success() {
            return Ok(Tried::Answered(answer.into_owned()));
        }
        let error = xml::fields(&answer, &["Error"]).unwrap_or_default();
        let text = |name: &str| error.get(name).map(String::as_str).unwrap_or_default();
        // CloudFormation's word for a stack that is not there; a name is all that could be invalid in our calls.
        if text("Code") == "ValidationError" {
            return Err(CtlError::NotFound(format!("{}: {}", self.service.name, text("Message"))));
        }
        self.refusal(status, text("Code"), text("Message"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws_call::CLOUDFORMATION;
    use aws_config::{BehaviorVersion, Region, SdkConfig};

    fn judge(status: u16, code: &str) -> Result<Tried<String>, CtlError> {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest());
        let config = config.region(Region::new("eu-central-1")).build();
        let error = format!(
            "<ErrorResponse xmlns=\"urn:x\"><Error><Type>Sender</Type><Code>{code}</Code>\
             <Message>why &amp; how</Message></Error></ErrorResponse>"
        );
        let caller = Caller::new(&CLOUDFORMATION, config).unwrap();
        caller.judge_xml(StatusCode::from_u16(status).unwrap(), error.as_bytes())
    }

    #[test]
    fn a_stack_that_is_not_there_is_not_found() {
        let answer = judge(400, "ValidationError");
        assert!(matches!(answer, Err(CtlError::NotFound(text)) if text.contains("why & how")));
    }

    #[test]
    fn a_busy_service_is_asked_again_and_a_refusal_names_the_permission() {
        assert!(matches!(judge(400, "Throttling"), Ok(Tried::Busy(_))));
        let answer = judge(403, "AccessDenied");
        assert!(matches!(answer, Err(CtlError::Failed(text)) if text.contains("cloudformation:GetTemplate")));
    }
}
