//! A question as words. Pure.

/// A question's words in lower case, without punctuation.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    words: Vec<String>,
}

impl Words {
    pub(crate) fn of(text: &str) -> Self {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self { words: words.map(str::to_lowercase).collect() }
    }

    /// Whether the words of the phrase follow each other in the question.
    pub(crate) fn has(&self, phrase: &str) -> bool {
        self.find(phrase).is_some()
    }

    /// Whether it has any of the phrases.
    pub(crate) fn any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.has(phrase))
    }

    /// Where the phrase begins.
    pub(crate) fn find(&self, phrase: &str) -> Option<usize> {
        let phrase = Self::of(phrase).words;
        if phrase.is_empty() {
            return None;
        }
        self.words.windows(phrase.len()).position(|window| window == phrase)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        self.words.get(index).map(String::as_str)
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }
}

/// Edits (insert, delete, replace, swap of neighbours counted as two) from one word to another.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_whole_words() {
        let words = Words::of("What's IXIS's win-rate, and the lead time?");
        assert!(words.has("win rate") && words.has("ixis") && words.has("lead time"));
        assert!(!words.has("win") || words.any(&["win rate"]));
        assert!(!words.has("rat") && !words.has(""));
    }

    #[test]
    fn distance_counts_edits() {
        for (a, b, edits) in [("ixis", "ixis", 0), ("ixsi", "ixis", 2), ("akme", "acme", 1), ("", "ab", 2)] {
            assert_eq!(distance(a, b), edits, "{a} {b}");
        }
    }
}
