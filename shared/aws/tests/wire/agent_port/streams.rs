//! What holds for answers that come as events.

use std::time::Duration;

use revops_core::ports::AgentErrorCode as Code;

use super::{LONGEST_SILENCE, Stream, ask, body, cases_for, failure, said};
use crate::script::Step;

cases_for!(InvokeAgent as invoke_agent, RuntimeEvents as runtime_events => [
    events_of_unknown_kinds_are_passed_over,
    megabytes_of_what_the_agent_does_are_no_part_of_the_answer,
    a_stream_of_work_without_a_word_is_no_answer,
    thinking_before_the_first_event_is_no_silence,
    a_failure_in_the_stream_ends_it_before_and_after_the_first_piece,
]);

async fn events_of_unknown_kinds_are_passed_over<S: Stream>() {
    let unknown = || Step::Bytes(S::unknown_event(10));
    let steps = [unknown(), said::<S>(b"one "), unknown(), said::<S>(b"two"), unknown()];
    assert_eq!(ask::<S>(body::<S>(steps)).await.0.unwrap().text, "one two");
}

/// Far more than an answer may have.
async fn megabytes_of_what_the_agent_does_are_no_part_of_the_answer<S: Stream>() {
    let work = (0..20).map(|_| Step::Bytes(S::working(200_000)));
    let (answer, _) = ask::<S>(body::<S>(work.chain([said::<S>(b"ok")]))).await;
    assert_eq!(answer.unwrap().text, "ok");
}

async fn a_stream_of_work_without_a_word_is_no_answer<S: Stream>() {
    let work = (0..3).map(|_| Step::Bytes(S::working(10)));
    assert_eq!(failure::<S>(body::<S>(work)).await, (Code::EmptyAnswer, true));
}

async fn thinking_before_the_first_event_is_no_silence<S: Stream>() {
    let thinks = Step::Pause(LONGEST_SILENCE + Duration::from_secs(10));
    assert_eq!(ask::<S>(body::<S>([thinks, said::<S>(b"ok")])).await.0.unwrap().text, "ok");
}

async fn a_failure_in_the_stream_ends_it_before_and_after_the_first_piece<S: Stream>() {
    for (exception, expected) in [
        ("ThrottlingException", (Code::Throttled, true)),
        ("InternalServerException", (Code::ServiceError, true)),
        ("DependencyFailedException", (Code::DependencyFailed, true)),
        ("BrandNewException", (Code::ServiceError, true)),
        ("ValidationException", (Code::Invalid, false)),
        ("AccessDeniedException", (Code::AccessDenied, false)),
        ("ResourceNotFoundException", (Code::NotFound, false)),
    ] {
        let fails = || Step::Bytes(S::failure(exception));
        assert_eq!(failure::<S>(body::<S>([fails()])).await, expected, "{exception} first");
        let after = [said::<S>(b"half an answer"), fails(), said::<S>(b"more")];
        assert_eq!(failure::<S>(body::<S>(after)).await, expected, "{exception} after a piece");
    }
}
