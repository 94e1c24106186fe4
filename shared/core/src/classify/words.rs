//! Text as the lexicon sees it: lower-case words without accents, one space between them.
//!
//! Lexicon and text pass through the same function, so that "Follow-up", "follow up" and "FOLLOW_UP" are
//! one phrase, and every match is bounded by words because a pattern begins and ends with a space.
//! Runs of digits become `#` (`Q3` and `Q4` are both `q#`); `%`, money signs (as `$`) and `>` in a line
//! are words of their own; the end of a sentence or line is the word `.`, which no phrase reaches across.

/// Appends the words of `text` to `out`, which ends with a space before and after. Starts with `.`.
pub(crate) fn append(text: &str, out: &mut String) {
    if out.is_empty() {
        out.push(' ');
    }
    Writer { out }.stop();
    append_inside(text, out);
    Writer { out }.stop();
}

/// The same within a sentence: without the `.` before and after. `out` must end with a space.
pub(crate) fn append_inside(text: &str, out: &mut String) {
    out.reserve(text.len() + 8);
    let mut writer = Writer { out };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let run = bytes[at..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        if run > 0 {
            writer.out.push_str(&text[at..at + run]);
            at += run;
        } else if byte.is_ascii() {
            at += 1;
            writer.ascii(byte, bytes.get(at).copied());
        } else {
            let Some(letter) = text[at..].chars().next() else { break };
            at += letter.len_utf8();
            writer.other(letter);
        }
    }
    writer.gap();
}

/// The words of one text, alone.
pub(crate) fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    append(text, &mut out);
    out
}

struct Writer<'a> {
    out: &'a mut String,
}

impl Writer<'_> {
    fn ascii(&mut self, byte: u8, next: Option<u8>) {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => self.out.push(char::from(byte.to_ascii_lowercase())),
            b'0'..=b'9' => self.digit(),
            b'.' | b',' if self.out.ends_with('#') && next.is_some_and(|next| next.is_ascii_digit()) => {}
            b'.' | b'?' | b'!' | b':' | b';' if next.is_none_or(|next| !next.is_ascii_alphanumeric()) => {
                self.stop()
            }
            b'\n' => self.stop(),
            b'%' => self.sign('%'),
            b'$' => self.sign('$'),
            b'>' => self.arrow(),
            _ => self.gap(),
        }
    }

    fn other(&mut self, letter: char) {
        match fold(letter) {
            Some(folded) => self.out.push_str(folded),
            None if matches!(letter, '€' | '£' | '¥') => self.sign('$'),
            None if matches!(letter, '…' | '。' | '？') => self.stop(),
            None if letter.is_alphanumeric() => self.out.extend(letter.to_lowercase()),
            None => self.gap(),
        }
    }

    fn digit(&mut self) {
        if !self.out.ends_with('#') {
            self.out.push('#');
        }
    }

    /// Ends the word.
    fn gap(&mut self) {
        if !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    /// Ends the sentence.
    fn stop(&mut self) {
        self.gap();
        if !self.out.ends_with(" . ") {
            self.out.push_str(". ");
        }
    }

    fn sign(&mut self, sign: char) {
        self.gap();
        self.out.push(sign);
        self.out.push(' ');
    }

    /// `>` of its own between words is a menu path; after a word it closes a tag.
    fn arrow(&mut self) {
        if self.out.ends_with(' ') { self.sign('>') } else { self.gap() }
    }
}

/// Latin letters without their accents; `None` for everything else.
fn fold(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='å' | 'À'..='Å' | 'ā' | 'Ā' | 'ă' | 'Ă' | 'ą' | 'Ą' => "a",
        'ç' | 'Ç' | 'ć' | 'Ć' | 'č' | 'Č' => "c",
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'Ē' | 'ė' | 'Ė' | 'ę' | 'Ę' | 'ě' | 'Ě' => "e",
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' | 'Ī' | 'ı' | 'İ' => "i",
        'ñ' | 'Ñ' | 'ń' | 'Ń' | 'ň' | 'Ň' => "n",
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' | 'Ō' | 'ő' | 'Ő' => "o",
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'Ū' | 'ů' | 'Ů' | 'ű' | 'Ű' => "u",
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'ś' | 'Ś' | 'š' | 'Š' | 'ş' | 'Ş' => "s",
        'ź' | 'Ź' | 'ż' | 'Ż' | 'ž' | 'Ž' => "z",
        'ł' | 'Ł' => "l",
        'ß' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_hyphens_do_not_matter() {
        assert_eq!(words("Follow-up: Größe d'été"), " . follow up . grosse d ete . ");
        assert_eq!(words("FOLLOW_UP"), words("follow up"));
    }

    #[test]
    fn numbers_are_one_sign_and_keep_their_letters() {
        assert_eq!(words("Q3 $1,204.5K -5%"), " . q# $ #k # % . ");
    }

    #[test]
    fn sentences_end_but_abbreviations_and_addresses_do_not() {
        assert_eq!(
            words("Why? jo@a.example\n\nNext"),
            " . why . jo a.example . next . ".replace("a.example", "a example")
        );
    }

    #[test]
    fn a_menu_path_is_not_a_tag() {
        assert_eq!(words("Settings > <b>Profile</b>"), " . settings > b profile b . ");
    }
}
