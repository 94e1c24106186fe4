//! `/_local/agent`: the faults' control endpoint.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde::de::Error as _;
use serde_json::Value;

use super::{Fault, Faults, Report, Script};

/// `GET` shows the count of invocations and the fault in force, `PUT` scripts a fault, `DELETE`
/// clears it (the count goes on). A body is at most axum's default of 2 MB.
///
/// ```json
/// {"delay_ms":200,"exception":"throttlingException","after_chunks":1,"count":2}
/// ```
/// Further members: `http_status`, `end_without_chunk`, `return_control`, `cut`, `split_utf8`. The same faults
/// befall InvokeAgentRuntime, where an event or the document is a chunk; `return_control` means nothing there.
pub fn control_router(faults: Faults) -> Router {
    Router::new().route("/_local/agent", get(show).put(script).delete(clear)).with_state(faults)
}

async fn show(State(faults): State<Faults>) -> Json<Report> {
    Json(faults.report())
}

async fn script(
    State(faults): State<Faults>,
    Json(body): Json<Value>,
) -> Result<Json<Report>, (StatusCode, String)> {
    let script = parse(body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    faults.set(Some(script));
    Ok(Json(faults.report()))
}

async fn clear(State(faults): State<Faults>) -> Json<Report> {
    faults.set(None);
    Json(faults.report())
}

/// The count apart, so that misspelt members are refused (serde cannot do that across a flatten).
fn parse(mut body: Value) -> Result<Script, serde_json::Error> {
    let members = body.as_object_mut().ok_or_else(|| serde_json::Error::custom("an object is expected"))?;
    let count = members.remove("count");
    let count = count.map_or(Ok(None), Option::<u32>::deserialize)?;
    Ok(Script { fault: Fault::deserialize(body)?, count })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_script_is_read_and_a_misspelt_member_is_refused() {
        let script = parse(json!({"exception":"throttlingException","delay_ms":5,"count":3})).unwrap();
        assert_eq!((script.fault.delay_ms, script.count), (5, Some(3)));
        assert!(script.fault.exception.is_some());
        for wrong in
            [json!({"dealy_ms":5}), json!({"exception":"Throttling"}), json!([]), json!({"count":-1})]
        {
            assert!(parse(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
