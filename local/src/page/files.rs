//! The page's own files.

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::header;

/// Nothing from elsewhere, no inline script, no frame around it: what a conversation contains cannot act here.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where the page is, and the two files that it loads.
pub(super) fn routes() -> Router {
    let page = || async { file("text/html; charset=utf-8", include_str!("assets/page.html")) };
    let style = || async { file("text/css; charset=utf-8", include_str!("assets/page.css")) };
    let script = || async { file("text/javascript; charset=utf-8", include_str!("assets/page.js")) };
    Router::new()
        .route("/_local", get(|| async { Redirect::permanent("/_local/") }))
        .route("/_local/", get(page))
        .route("/_local/page.css", get(style))
        .route("/_local/page.js", get(script))
}

fn file(media_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, text).into_response()
}
