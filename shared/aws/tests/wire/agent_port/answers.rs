//! What holds for every form of an answer.

use std::time::Duration;

use revops_core::ports::AgentErrorCode as Code;
use tokio::time::Instant;

use super::{DEADLINE, LONGEST_SILENCE, Service, ask, body, cases_for, failure, said, unfinished, whole};
use crate::script::{Answer, Step};

const MEBIBYTE: usize = 1024 * 1024;

cases_for!(InvokeAgent as invoke_agent, RuntimeDocument as runtime_document, RuntimeEvents as runtime_events => [
    an_answer_is_the_text_of_all_its_pieces,
    a_character_may_be_divided_over_pieces_and_a_piece_over_reads,
    a_refusal_is_told_by_its_name_and_the_call_is_not_repeated,
    a_refusal_that_is_not_the_services_own_is_told_by_its_status,
    no_answer_at_all_is_a_broken_stream,
    a_lost_connection_is_a_failure_and_never_half_an_answer,
    an_end_inside_a_piece_is_a_failure_and_never_half_an_answer,
    nothing_said_is_a_failure_and_never_an_empty_answer,
    bytes_that_are_no_text_are_no_answer,
    an_answer_of_one_mebibyte_is_taken_and_a_longer_one_refused_for_good,
    an_agent_that_does_not_answer_is_given_up_at_the_deadline,
    a_slow_answer_is_cut_at_the_deadline,
    an_answer_that_falls_silent_is_given_up_before_the_deadline,
]);

async fn an_answer_is_the_text_of_all_its_pieces<S: Service>() {
    let (answer, script) = ask::<S>(whole::<S>(&[b"one ", b"two ", b"two"])).await;
    assert_eq!((answer.unwrap().text.as_str(), script.requests().len()), ("one two two", 1));
}

async fn a_character_may_be_divided_over_pieces_and_a_piece_over_reads<S: Service>() {
    let pieces = [S::piece(b"caf\xc3"), S::piece(b"\xa9 \xe2\x82"), S::piece(b"\xac")].concat();
    for size in [1, 7, pieces.len()] {
        let reads = pieces.chunks(size).map(|read| Step::Bytes(read.to_vec()));
        let (answer, _) = ask::<S>(body::<S>(reads)).await;
        assert_eq!(answer.unwrap().text, "café €", "reads of {size} bytes");
    }
}

async fn a_refusal_is_told_by_its_name_and_the_call_is_not_repeated<S: Service>() {
    let of_all = [
        (500, "InternalServerException", Code::ServiceError, true),
        (400, "ValidationException", Code::Invalid, false),
        (403, "AccessDeniedException", Code::AccessDenied, false),
        (404, "ResourceNotFoundException", Code::NotFound, false),
    ];
    for (status, name, code, can_pass) in S::refusals().into_iter().chain(of_all) {
        let refusal = Answer::new(status, &[("x-amzn-errortype", name)], r#"{"message":"no"}"#);
        assert_eq!(failure::<S>(refusal).await, (code, can_pass), "{name}");
    }
}

async fn a_refusal_that_is_not_the_services_own_is_told_by_its_status<S: Service>() {
    for (status, expected) in [
        (503, (Code::ServiceError, true)),
        (429, (Code::Throttled, true)),
        (424, (Code::DependencyFailed, true)),
        (403, (Code::AccessDenied, false)),
    ] {
        let page = Answer::new(status, &[("content-type", "text/html")], "<html>");
        assert_eq!(failure::<S>(page).await, expected, "{status}");
    }
}

async fn no_answer_at_all_is_a_broken_stream<S: Service>() {
    assert_eq!(failure::<S>(Answer::Lost).await, (Code::BrokenStream, true));
}

async fn a_lost_connection_is_a_failure_and_never_half_an_answer<S: Service>() {
    for steps in [vec![Step::Lost], vec![said::<S>(b"half an answer"), Step::Lost]] {
        assert_eq!(failure::<S>(unfinished::<S>(steps)).await, (Code::BrokenStream, true));
    }
}

async fn an_end_inside_a_piece_is_a_failure_and_never_half_an_answer<S: Service>() {
    let mut piece = S::piece(b"the other half");
    piece.truncate(piece.len() - 1);
    let early = unfinished::<S>([said::<S>(b"half an answer"), Step::Bytes(piece)]);
    assert_eq!(failure::<S>(early).await, (Code::BrokenStream, true));
}

async fn nothing_said_is_a_failure_and_never_an_empty_answer<S: Service>() {
    assert_eq!(failure::<S>(S::response(vec![])).await, (Code::EmptyAnswer, true));
    for pieces in [vec![], vec![b"".as_slice()], vec![b"  ", b" "]] {
        assert_eq!(failure::<S>(whole::<S>(&pieces)).await, (Code::EmptyAnswer, true), "{pieces:?}");
    }
}

/// In a document such bytes are no JSON; there the failure has another name.
async fn bytes_that_are_no_text_are_no_answer<S: Service>() {
    let (code, can_pass) = failure::<S>(whole::<S>(&[b"so far", b"\xff\xfe"])).await;
    assert!(matches!(code, Code::NotText | Code::BrokenStream) && can_pass, "{code}");
}

async fn an_answer_of_one_mebibyte_is_taken_and_a_longer_one_refused_for_good<S: Service>() {
    let half = vec![b'x'; MEBIBYTE / 2];
    let (answer, _) = ask::<S>(whole::<S>(&[&half, &half])).await;
    assert_eq!(answer.unwrap().text.len(), MEBIBYTE);
    assert_eq!(failure::<S>(whole::<S>(&[&half, &half, b"x"])).await, (Code::AnswerTooLarge, false));
}

async fn an_agent_that_does_not_answer_is_given_up_at_the_deadline<S: Service>() {
    for answer in [Answer::Silence, unfinished::<S>([Step::Silence]), S::response(vec![Step::Silence])] {
        let started = Instant::now();
        assert_eq!(failure::<S>(answer).await, (Code::TimedOut, true));
        assert!(started.elapsed() <= DEADLINE + Duration::from_secs(1));
    }
}

async fn a_slow_answer_is_cut_at_the_deadline<S: Service>() {
    let started = Instant::now();
    let pause = Step::Pause(LONGEST_SILENCE - Duration::from_secs(1));
    let slow = body::<S>([said::<S>(b"one"), pause.clone(), said::<S>(b"two"), pause, said::<S>(b"three")]);
    assert_eq!(failure::<S>(slow).await, (Code::TimedOut, true));
    assert_eq!(started.elapsed().as_secs(), DEADLINE.as_secs());
}

async fn an_answer_that_falls_silent_is_given_up_before_the_deadline<S: Service>() {
    let started = Instant::now();
    let pause = Step::Pause(Duration::from_secs(10));
    let silent = unfinished::<S>([said::<S>(b"one"), pause, said::<S>(b"two"), Step::Silence]);
    assert_eq!(failure::<S>(silent).await, (Code::TimedOut, true));
    assert_eq!(started.elapsed().as_secs(), 10 + LONGEST_SILENCE.as_secs());
}
