//! An answer's text as it grows: bytes, decoded once.

use revops_core::ports::{AgentError, AgentErrorCode};

use super::{permanent, retryable};

/// The longest answer; one above it would not be read by anybody, and does not fit elsewhere.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// The bytes so far, never more than the longest answer.
#[derive(Debug, Default)]
pub(crate) struct AnswerText(Vec<u8>);

impl AnswerText {
    /// Adds a piece at the end.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Result<(), AgentError> {
        if self.0.len().saturating_add(piece.len()) > MAX_ANSWER_BYTES {
            return Err(too_large());
        }
        self.0.extend_from_slice(piece);
        Ok(())
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text. Decoded here and only here: a character may be spread over two pieces. White space alone
    /// answers nothing.
    pub(crate) fn decode(self) -> Result<String, AgentError> {
        let text = String::from_utf8(self.0)
            .map_err(|cause| retryable(AgentErrorCode::NotText, cause.utf8_error().to_string()))?;
        if text.trim().is_empty() {
            return Err(retryable(AgentErrorCode::EmptyAnswer, "the answer ended without a text"));
        }
        Ok(text)
    }
}

/// An answer above the bound: the next one would be as long.
pub(crate) fn too_large() -> AgentError {
    permanent(AgentErrorCode::AnswerTooLarge, format!("above {MAX_ANSWER_BYTES} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(pieces: &[&[u8]]) -> Result<String, AgentError> {
        let mut text = AnswerText::default();
        pieces.iter().try_for_each(|piece| text.push(piece))?;
        text.decode()
    }

    #[test]
    fn a_character_spread_over_two_pieces_is_one_character() {
        assert_eq!(decoded(&[b"caf\xc3", b"\xa9"]).unwrap(), "café");
    }

    #[test]
    fn nothing_and_white_space_are_no_answer() {
        for pieces in [vec![], vec![b"".as_slice()], vec![b" \n", b"\t"]] {
            let error = decoded(&pieces).unwrap_err();
            assert!(matches!(error, AgentError::Retryable { code: AgentErrorCode::EmptyAnswer, .. }));
        }
    }

    #[test]
    fn exactly_one_mebibyte_is_an_answer_and_a_byte_more_is_refused_for_good() {
        let half = vec![b'x'; MAX_ANSWER_BYTES / 2];
        assert!(decoded(&[&half, &half]).is_ok());
        let error = decoded(&[&half, &half, b"x"]).unwrap_err();
        assert!(matches!(error, AgentError::Permanent { code: AgentErrorCode::AnswerTooLarge, .. }));
    }

    #[test]
    fn bytes_that_are_not_text_are_no_answer() {
        assert_eq!(decoded(&[b"\xff"]).unwrap_err().code(), AgentErrorCode::NotText);
    }
}
