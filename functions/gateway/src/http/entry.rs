//! Between `lambda_http` and the front door.

use lambda_http::{Body, Request, RequestExt, Response};
use revops_core::Timestamp;

use super::{Incoming, Reply};

impl Incoming {
    /// Takes a Lambda event's request apart; base64 bodies arrive decoded.
    #[must_use]
    pub fn of(request: Request) -> Self {
        let deadline = request.lambda_context_ref().map_or(0, |context| context.deadline);
        let path = request.raw_http_path().to_owned();
        let (parts, body) = request.into_parts();
        Self {
            method: parts.method,
            path,
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body: body.to_vec(),
            deadline: Timestamp::from_unix_ms(i64::try_from(deadline).unwrap_or(i64::MAX)),
        }
    }
}

impl Reply {
    /// As `lambda_http` sends it.
    #[must_use]
    pub fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::Text(self.body));
        *response.status_mut() = http::StatusCode::from_u16(self.status).unwrap_or_default();
        *response.headers_mut() = self.headers;
        response
    }
}
