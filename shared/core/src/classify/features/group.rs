//! The kinds of features, and how much each can say.

/// Where a feature comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Words of the question and their pairs and triples.
    QuestionWords,
    /// Letters of the question's words.
    QuestionLetters,
    /// Concepts of the lexicon in the question.
    QuestionConcepts,
    /// The form of the question.
    QuestionShape,
    /// Words of the answer's headings.
    HeadingWords,
    /// Words of the answer's running text.
    BodyWords,
    /// Words of the answer's tables.
    TableWords,
    /// Concepts of the lexicon in the answer.
    AnswerConcepts,
    /// The form of the answer.
    AnswerShape,
    /// Collaborators in the trace, by class.
    Collaborators,
}

impl Group {
    /// All groups, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::QuestionWords,
        Self::QuestionLetters,
        Self::QuestionConcepts,
        Self::QuestionShape,
        Self::HeadingWords,
        Self::BodyWords,
        Self::TableWords,
        Self::AnswerConcepts,
        Self::AnswerShape,
        Self::Collaborators,
    ];

    /// The length of the group's vector: how much it can say, however many features it has. Chosen by
    /// cross-validation.
    #[must_use]
    pub const fn length(self) -> f64 {
        match self {
            Self::QuestionWords => 1.0,
            Self::QuestionLetters => 1.1,
            Self::QuestionConcepts => 0.8,
            Self::QuestionShape => 0.4,
            Self::HeadingWords => 0.3,
            Self::BodyWords => 0.6,
            Self::TableWords => 0.2,
            Self::AnswerConcepts => 1.0,
            Self::AnswerShape => 0.3,
            Self::Collaborators => 0.3,
        }
    }

    /// The heading of the group's part of `data/model.tsv`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::QuestionWords => "question words",
            Self::QuestionLetters => "question letters",
            Self::QuestionConcepts => "question concepts",
            Self::QuestionShape => "question shape",
            Self::HeadingWords => "heading words",
            Self::BodyWords => "body words",
            Self::TableWords => "table words",
            Self::AnswerConcepts => "answer concepts",
            Self::AnswerShape => "answer shape",
            Self::Collaborators => "collaborators",
        }
    }

    /// Whether the group's words are the answer's.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        matches!(
            self,
            Self::HeadingWords
                | Self::BodyWords
                | Self::TableWords
                | Self::AnswerConcepts
                | Self::AnswerShape
        )
    }
}
