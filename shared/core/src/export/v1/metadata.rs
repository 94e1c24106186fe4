//! `metadata.json`: everything about a conversation but its texts, of which only the beginnings are kept.

use serde::Serialize;

use super::about::About;
use super::response_plain;
use crate::conversation::Conversation;

/// How much of the question is kept, in characters.
const QUERY_PREVIEW: usize = 200;

/// How much of the answer is kept, in characters.
const ANSWER_PREVIEW: usize = 300;

/// A conversation without its texts.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(title = "metadata.json"))]
pub(in crate::export) struct Metadata<'a> {
    #[serde(flatten)]
    about: About<'a>,
    /// At most 200 characters of the question; `…` after them where it was cut.
    #[cfg_attr(feature = "schema", schemars(length(max = QUERY_PREVIEW + 1)))]
    query_preview: String,
    /// At most 300 characters of the answer as readable text; `…` after them where it was cut; null without one.
    #[cfg_attr(feature = "schema", schemars(length(max = ANSWER_PREVIEW + 1)))]
    response_preview: Option<String>,
}

impl<'a> Metadata<'a> {
    pub(in crate::export) fn of(conversation: &'a Conversation) -> Self {
        Self {
            about: About::of(conversation),
            query_preview: cut(&conversation.query.query, QUERY_PREVIEW),
            response_preview: response_plain(conversation).map(|text| cut(&text, ANSWER_PREVIEW)),
        }
    }
}

/// The first `most` characters; a cut is shown.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
