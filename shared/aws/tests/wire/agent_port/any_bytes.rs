//! Whatever a service sends, the adapter neither panics nor makes an empty answer of it.

use proptest::prelude::*;

use super::services::raw_event;
use super::{InvokeAgent, RuntimeDocument, RuntimeEvents, Service, Stream, ask};
use crate::script::Step;

/// A body, divided as a network might divide it.
fn divided(body: &[u8], cuts: &[prop::sample::Index]) -> Vec<Step> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
    cuts.extend([0, body.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|cut| Step::Bytes(body[cut[0]..cut[1]].to_vec())).collect()
}

/// A whole call: an answer is never blank, and all else is an error.
fn is_text_or_failure<S: Service>(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let (answer, _) = runtime.unwrap().block_on(ask::<S>(S::response(steps)));
    prop_assert!(answer.is_err() || answer.is_ok_and(|answer| !answer.text.trim().is_empty()));
    Ok(())
}

fn cuts() -> impl Strategy<Value = Vec<prop::sample::Index>> {
    prop::collection::vec(any::<prop::sample::Index>(), 0..6)
}

/// Bytes replaced, put in, and taken out.
fn mutations() -> impl Strategy<Value = Vec<(u8, prop::sample::Index, u8)>> {
    prop::collection::vec((0_u8..3, any::<prop::sample::Index>(), any::<u8>()), 0..6)
}

fn mutated(mut body: Vec<u8>, mutations: &[(u8, prop::sample::Index, u8)]) -> Vec<u8> {
    for (kind, place, byte) in mutations {
        let place = place.index(body.len() + 1);
        match (kind, place < body.len()) {
            (0, true) => body[place] = *byte,
            (1, true) => drop(body.remove(place)),
            _ => body.insert(place, *byte),
        }
    }
    body
}

fn stream_of<S: Stream>() -> Vec<u8> {
    let events =
        [S::working(5), S::piece(b"caf\xc3"), S::unknown_event(3), S::piece(b"\xa9"), S::piece(b" ")];
    events.concat()
}

/// Payloads as they are, nearly are, and never were.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(br#"{"bytes":"aGk="}"#.to_vec()),
        Just(br#"{"bytes":""}"#.to_vec()),
        Just(br#"{"bytes":"not base64"}"#.to_vec()),
        Just(br#"{"trace":{"guardrailTrace":{"action":7}},"collaboratorName":""}"#.to_vec()),
        "[\\[\\]{}\",:a-z0-9 \\\\]{0,40}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..40),
    ]
}

/// Data of events that look like those of frameworks, and nearly so.
fn event_data() -> impl Strategy<Value = String> {
    let text = "[a-z \u{e9}\"\\\\\\[\\]{}:,0-9]{0,12}";
    let member = "(data|delta|text|content|result|message|error|error_type|type|event)";
    prop_oneof![
        text.prop_map(|text| text),
        text.prop_map(|text| serde_json::json!(text).to_string()),
        (member, text).prop_map(|(member, text)| serde_json::json!({ member: text }).to_string()),
        (member, member, text)
            .prop_map(|(outer, inner, text)| serde_json::json!({ outer: { inner: [text] } }).to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn arbitrary_bytes(body in prop::collection::vec(any::<u8>(), 0..400), cuts in cuts()) {
        is_text_or_failure::<InvokeAgent>(divided(&body, &cuts))?;
        is_text_or_failure::<RuntimeEvents>(divided(&body, &cuts))?;
        is_text_or_failure::<RuntimeDocument>(divided(&body, &cuts))?;
    }

    #[test]
    fn mutated_streams(mutations in mutations(), cuts in cuts()) {
        let body = mutated(stream_of::<InvokeAgent>(), &mutations);
        is_text_or_failure::<InvokeAgent>(divided(&body, &cuts))?;
        let body = mutated(stream_of::<RuntimeEvents>(), &mutations);
        is_text_or_failure::<RuntimeEvents>(divided(&body, &cuts))?;
        let body = mutated(br#"{"output":{"message":{"content":[{"text":"caf\u00e9"}]}}}"#.to_vec(), &mutations);
        is_text_or_failure::<RuntimeDocument>(divided(&body, &cuts))?;
    }

    #[test]
    fn well_formed_frames_with_any_payload(
        events in prop::collection::vec(("(chunk|trace|returnControl|files|novelty)", payload()), 0..5),
        cuts in cuts(),
    ) {
        let body: Vec<u8> = events.into_iter().flat_map(|(name, payload)| raw_event(&name, payload)).collect();
        is_text_or_failure::<InvokeAgent>(divided(&body, &cuts))?;
    }

    #[test]
    fn well_formed_events_with_any_data(
        events in prop::collection::vec(("(|event: error\n|event: message\n|event: x\n|: c\n)", event_data()), 0..6),
        cuts in cuts(),
    ) {
        let body: String = events.iter().map(|(field, data)| format!("{field}data: {data}\n\n")).collect();
        is_text_or_failure::<RuntimeEvents>(divided(body.as_bytes(), &cuts))?;
    }
}
