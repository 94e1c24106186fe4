//! What a question and an answer show.

use super::*;
use crate::classify::lexicon::lexicon;

#[derive(Default)]
struct All(Vec<(Group, String)>);

impl Sink for All {
    fn knows(&self, word: &str) -> bool {
        word != "corvane"
    }

    fn take(&mut self, group: Group, text: &str) {
        self.0.push((group, text.to_owned()));
    }
}

fn features(group: Group, query: &str, answer: Option<&str>) -> Vec<String> {
    let mut all = All::default();
    read(lexicon(), &Texts { query, answer, asked: &[] }, &mut all);
    all.0.into_iter().filter(|(from, _)| *from == group).map(|(_, text)| text).collect()
}

#[test]
fn a_question_is_words_pairs_and_triples_with_its_start_and_end() {
    assert_eq!(
        features(Group::QuestionWords, "is Corvane ok", None),
        ["is", ". is", "N", "is N", ". is N", "ok", "N ok", "is N ok", "ok .", "N ok ."]
    );
}

#[test]
fn the_letters_of_names_are_not_read() {
    assert_eq!(
        features(Group::QuestionLetters, "why Corvane", None),
        [" wh", " why", " why ", "why", "why ", "hy "]
    );
}

#[test]
fn an_answer_is_read_by_zone_and_its_code_is_not() {
    let answer = "# Risk\nsome text\n|a|\n|---|\n```\nselect\n```";
    assert_eq!(features(Group::HeadingWords, "", Some(answer)), ["risk", ". risk", "risk ."]);
    assert!(features(Group::BodyWords, "", Some(answer)).contains(&"some text".to_owned()));
    assert!(!features(Group::BodyWords, "", Some(answer)).contains(&"select".to_owned()));
    assert!(features(Group::AnswerShape, "", Some(answer)).contains(&"has code".to_owned()));
}

#[test]
fn the_end_of_a_long_question_is_read_too() {
    let query = format!("{} translate this", "é ".repeat(40_000));
    assert!(features(Group::QuestionWords, &query, None).contains(&"translate this".to_owned()));
}
