//! Percent-decoding, strict and lenient.

/// Decodes `text`; none if it has an escape that is not two hex digits, or is no UTF-8 afterwards.
pub(crate) fn decode_strictly(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' { escaped(bytes.next()?, bytes.next()?)? } else { byte });
    }
    String::from_utf8(decoded).ok()
}

/// Decodes a part of a query: `+` is a space, a broken escape stays as it is, and what is no UTF-8 is replaced.
pub(crate) fn decode_query(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        decoded.push(match (byte, after) {
            (b'+', _) => b' ',
            (b'%', &[high, low, ref after @ ..]) => match escaped(high, low) {
                Some(byte) => {
                    rest = after;
                    byte
                }
                None => b'%',
            },
            _ => byte,
        });
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn escaped(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(decode_strictly("a%20b%CE%BB%2f").as_deref(), Some("a bλ/"));
        assert_eq!(decode_query("a+b%2Bc%CE%BB"), "a b+cλ");
    }

    #[test]
    fn a_broken_escape_is_an_error_in_a_path_and_itself_in_a_query() {
        for broken in ["%", "%2", "a%zz", "%+1"] {
            assert_eq!(decode_strictly(broken), None, "{broken}");
        }
        assert_eq!(decode_query("100%&%2&%zz"), "100%&%2&%zz");
        assert_eq!(decode_strictly("%FF"), None);
    }
}
