//! What a service answered.

use aws_smithy_types::body::SdkBody;
use aws_smithy_xml::decode::{Document, ScopedDecoder, try_data};
use http::{HeaderMap, Response};
use http_body_util::BodyExt as _;
use serde_json::Value;

use super::CallError;
use super::error::Refusal;

/// More than any answer to our calls: a query is at most 256 KiB, an agent's answer 1 MiB, a reply of Lambda 6 MB.
const LARGEST: usize = 32 * 1024 * 1024;

/// A whole answer that says that the work was done.
#[derive(Debug)]
pub struct Answer {
    headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The header called `name`, in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        text(&self.headers, name)
    }
}

/// The whole of `response`, or why it is none that was wished for.
pub(super) async fn read(response: Response<SdkBody>) -> Result<Answer, CallError> {
    let (head, body) = response.into_parts();
    let body = read_body(body, &head.headers).await?;
    if head.status.is_success() {
        return Ok(Answer { headers: head.headers, body });
    }
    let (said, status) = (said(&head.headers, &body), head.status.as_u16());
    Err(CallError::Refused(Refusal { status, code: said.code, message: said.message, was_repeated: false }))
}

/// The value of the header called `name`, in lower case.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

async fn read_body(mut body: SdkBody, headers: &HeaderMap) -> Result<Vec<u8>, CallError> {
    let announced = text(headers, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut whole = Vec::with_capacity(announced.min(LARGEST));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(CallError::NoAnswer)?;
        let Some(chunk) = frame.data_ref() else { continue };
        if whole.len().saturating_add(chunk.len()) > LARGEST {
            return Err(CallError::TooLarge(LARGEST));
        }
        whole.extend_from_slice(chunk);
    }
    Ok(whole)
}

/// A service's error.
#[derive(Debug, Default)]
struct Said {
    code: String,
    message: String,
}

/// The error in XML, as S3 sends it, or in JSON, as the others do. A header's code comes before the body's:
/// `x-amzn-query-error` is how SQS says the codes of its older protocol, by which everybody knows them.
fn said(headers: &HeaderMap, body: &[u8]) -> Said {
    let mut said = match body.first() {
        Some(b'<') => str::from_utf8(body).ok().and_then(in_xml),
        _ => serde_json::from_slice(body).as_ref().ok().map(in_json),
    }
    .unwrap_or_default();
    if let Some(code) = text(headers, "x-amzn-query-error").or_else(|| text(headers, "x-amzn-errortype")) {
        code.clone_into(&mut said.code);
    }
    said.code = bare(&said.code).to_owned();
    said
}

/// `QueueDoesNotExist` of `com.amazonaws.sqs#QueueDoesNotExist`; nothing of `;Sender` and `:http://…`, which may follow.
fn bare(code: &str) -> &str {
    let code = code.rsplit('#').next().unwrap_or_default();
    code.split([';', ':']).next().unwrap_or_default()
}

fn in_json(error: &Value) -> Said {
    let text = |names: [&str; 2]| names.iter().find_map(|name| error[name].as_str()).unwrap_or_default();
    Said { code: text(["__type", "code"]).to_owned(), message: text(["message", "Message"]).to_owned() }
}

fn in_xml(xml: &str) -> Option<Said> {
    let mut document = Document::new(xml);
    read_error(&mut document.root_element().ok()?)
}

/// S3's error is the root, that of the query protocol an element below it.
fn read_error(error: &mut ScopedDecoder<'_, '_>) -> Option<Said> {
    let mut said = Said::default();
    while let Some(mut field) = error.next_tag() {
        let into = match field.start_el().local() {
            "Error" => return read_error(&mut field),
            "Code" => &mut said.code,
            "Message" => &mut said.message,
            _ => continue,
        };
        *into = try_data(&mut field).ok()?.into_owned();
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(header: Option<(&'static str, &'static str)>, body: &str) -> String {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(name, value.parse().unwrap());
        }
        said(&headers, body.as_bytes()).code
    }

    #[test]
    fn an_error_is_found_in_whichever_form_a_service_sends_it() {
        let xml = "<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code><Message>a &amp; b</Message><RequestId>1</RequestId></Error>";
        assert_eq!(code(None, xml), "SlowDown");
        let query = "<ErrorResponse xmlns=\"urn:x\"><Error><Type>Sender</Type><Code>Throttling</Code></Error></ErrorResponse>";
        assert_eq!(code(None, query), "Throttling");
        assert_eq!(code(None, r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}"#), "QueueDoesNotExist");
        let query = ("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender");
        assert_eq!(code(Some(query), r#"{"__type":"x"}"#), "AWS.SimpleQueueService.NonExistentQueue");
        let kind = ("x-amzn-errortype", "TooManyRequestsException:http://internal.amazon.com/");
        assert_eq!(code(Some(kind), "{}"), "TooManyRequestsException");
    }

    #[test]
    fn its_words_are_unescaped() {
        let headers = HeaderMap::new();
        assert_eq!(said(&headers, b"<Error><Message>a &amp; b</Message></Error>").message, "a & b");
        assert_eq!(said(&headers, br#"{"Message":"no such function"}"#).message, "no such function");
    }

    #[test]
    fn what_is_no_error_of_a_service_has_no_code() {
        for body in ["", "<html>", "<", "null", "\u{1f9fe}"] {
            assert_eq!(code(None, body), "", "{body}");
        }
    }
}
