//! Server-sent events out of bytes that may be divided anywhere (WHATWG HTML, section 9.2.6).
//!
//! On bytes, not on text: a runtime may divide a character over two events, and the answer is decoded once.

use revops_core::ports::AgentError;

use crate::agent_call::too_large;

/// The longest event: as long as the longest piece that the service sends.
const MAX_EVENT_BYTES: usize = 10 * 1024 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One event that has data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// The field `event`; empty where there was none.
    pub(super) kind: Vec<u8>,
    /// The fields `data`, a line each.
    pub(super) data: Vec<u8>,
}

/// What was received since the last whole event.
#[derive(Debug, Default)]
pub(super) struct Parser {
    line: Vec<u8>,
    kind: Vec<u8>,
    data: Option<Vec<u8>>,
    /// The last line ended with a carriage return: a line feed that follows belongs to it.
    after_return: bool,
    has_begun: bool,
}

impl Parser {
    /// The events that `bytes` complete.
    pub(super) fn push(&mut self, mut bytes: &[u8]) -> Result<Vec<Event>, AgentError> {
        let mut events = Vec::new();
        while let Some(first) = bytes.first() {
            if std::mem::take(&mut self.after_return) && *first == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            self.add(&bytes[..end.unwrap_or(bytes.len())])?;
            let Some(end) = end else { break };
            self.after_return = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            events.extend(self.end_line());
        }
        Ok(events)
    }

    /// Whether an end here cuts nothing off.
    pub(super) const fn is_between_events(&self) -> bool {
        self.line.is_empty() && self.data.is_none()
    }

    fn add(&mut self, part: &[u8]) -> Result<(), AgentError> {
        let held = self.line.len() + self.kind.len() + self.data.as_ref().map_or(0, Vec::len);
        if held.saturating_add(part.len()) > MAX_EVENT_BYTES {
            return Err(too_large());
        }
        self.line.extend_from_slice(part);
        Ok(())
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let unmarked = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| is_first);
        let line = unmarked.unwrap_or(&line);
        if line.is_empty() {
            let kind = std::mem::take(&mut self.kind);
            return self.data.take().map(|data| Event { kind, data });
        }
        self.take_field(line);
        None
    }

    /// Comments have an empty name; they, `id`, `retry` and names to come mean nothing here.
    fn take_field(&mut self, line: &[u8]) {
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.unwrap_or(line.len()));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match (name, self.data.as_mut()) {
            (b"event", _) => self.kind = value.to_vec(),
            (b"data", None) => self.data = Some(value.to_vec()),
            (b"data", Some(data)) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(kind: &str, data: &str) -> Event {
        Event { kind: kind.into(), data: data.into() }
    }

    fn parsed(pieces: &[&[u8]]) -> (Vec<Event>, bool) {
        let mut parser = Parser::default();
        let events = pieces.iter().flat_map(|piece| parser.push(piece).unwrap()).collect();
        (events, parser.is_between_events())
    }

    fn check(text: &str, expected: &[Event]) {
        let whole = parsed(&[text.as_bytes()]);
        assert_eq!(whole.0, expected, "{text:?}");
        let bytes: Vec<_> = text.as_bytes().chunks(1).collect();
        assert_eq!(parsed(&bytes), whole, "byte by byte: {text:?}");
    }

    #[test]
    fn an_event_ends_with_an_empty_line_in_each_of_the_three_spellings() {
        for end in ["\n", "\r\n", "\r"] {
            check(&format!("data: a{end}{end}data:b{end}{end}"), &[event("", "a"), event("", "b")]);
        }
    }

    #[test]
    fn the_lines_of_an_event_are_joined_and_one_space_belongs_to_the_colon() {
        check("data:  a\ndata\ndata: b\n\n", &[event("", " a\n\nb")]);
    }

    #[test]
    fn an_event_has_a_kind_and_comments_and_other_fields_mean_nothing() {
        check(
            ": still here\nid: 7\nretry: 10\nnovelty: x\nevent: error\ndata: a\n\n",
            &[event("error", "a")],
        );
    }

    #[test]
    fn an_event_without_data_is_none_and_leaves_its_kind_to_nobody() {
        check("event: error\n\ndata: a\n\n", &[event("", "a")]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line_and_of_any_other() {
        check("\u{feff}data: a\n\n\u{feff}data: b\n\n", &[event("", "a")]);
    }

    #[test]
    fn an_end_inside_an_event_is_seen() {
        for (text, is_between) in [("", true), ("data: a\n\n", true), (": c\n", true)] {
            assert_eq!(parsed(&[text.as_bytes()]).1, is_between, "{text:?}");
        }
        for text in ["d", "data: a", "data: a\n", "data: a\n\ndata"] {
            assert!(!parsed(&[text.as_bytes()]).1, "{text:?}");
        }
    }

    #[test]
    fn an_event_without_an_end_is_refused_before_it_fills_the_memory() {
        let mut parser = Parser::default();
        let mebibyte = vec![b'x'; 1024 * 1024];
        assert!((0..10).all(|_| parser.push(&mebibyte).is_ok()));
        assert!(parser.push(b"x").is_err());
    }

    proptest! {
        #[test]
        fn the_same_bytes_make_the_same_events_however_they_are_divided(
            bytes in "([a-z:\u{e9} ]|data: |event: |\r|\n|\r\n){0,60}",
            cuts in prop::collection::vec(0_usize..200, 0..8),
        ) {
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<_> = cuts.windows(2).map(|cut| &bytes.as_bytes()[cut[0]..cut[1]]).collect();
            prop_assert_eq!(parsed(&pieces), parsed(&[bytes.as_bytes()]));
        }
    }
}
