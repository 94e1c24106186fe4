//! The `aws-chunked` content encoding. Pure.
//!
//! SDKs wrap a body like so when its checksum or signature follows it (AWS "Signature calculations:
//! transferring payload in multiple chunks" and "Working with trailing headers"):
//!
//! ```text
//! <hex size>[;chunk-signature=…]\r\n <bytes> \r\n   …once a chunk
//! 0[;chunk-signature=…]\r\n
//! [<trailer name>:<value>\r\n …]
//! \r\n
//! ```

use bytes::{Bytes, BytesMut};

/// What was inside.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unwrapped {
    pub(super) content: Bytes,
    /// Names in lower case. Signatures are among them and mean nothing here.
    pub(super) trailers: Vec<(String, String)>,
}

/// The body ended early or is no aws-chunked body.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed aws-chunked body")]
pub(super) struct Malformed;

/// Takes a whole body apart.
pub(super) fn unwrap(body: &[u8]) -> Result<Unwrapped, Malformed> {
    let mut content = BytesMut::with_capacity(body.len());
    let mut rest = body;
    loop {
        let (line, after) = split_line(rest).ok_or(Malformed)?;
        let size = chunk_size(line)?;
        if size == 0 {
            let trailers = trailers(after)?;
            return Ok(Unwrapped { content: content.freeze(), trailers });
        }
        let (chunk, after) = after.split_at_checked(size).ok_or(Malformed)?;
        content.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").ok_or(Malformed)?;
    }
}

fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.windows(2).position(|pair| pair == b"\r\n")?;
    Some((&bytes[..end], &bytes[end + 2..]))
}

fn chunk_size(line: &[u8]) -> Result<usize, Malformed> {
    let line = std::str::from_utf8(line).map_err(|_| Malformed)?;
    let digits = line.split(';').next().unwrap_or(line);
    usize::from_str_radix(digits, 16).map_err(|_| Malformed)
}

fn trailers(bytes: &[u8]) -> Result<Vec<(String, String)>, Malformed> {
    let text = std::str::from_utf8(bytes).map_err(|_| Malformed)?;
    // Some clients divide the trailer's lines by a bare line feed.
    let lines = text.split('\n').map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, value) = line.split_once(':').ok_or(Malformed)?;
            Ok((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_unsigned_body_with_a_trailing_checksum_is_unwrapped() {
        let body = b"4\r\nwiki\r\n5\r\npedia\r\n0\r\nx-amz-checksum-crc32:abcd==\r\n\r\n";
        let unwrapped = unwrap(body).unwrap();
        assert_eq!(unwrapped.content, "wikipedia");
        assert_eq!(unwrapped.trailers, [("x-amz-checksum-crc32".to_owned(), "abcd==".to_owned())]);
    }

    #[test]
    fn signed_chunks_are_unwrapped_and_their_signatures_ignored() {
        let body = b"a;chunk-signature=ad80c7\r\n0123456789\r\n0;chunk-signature=b6c6ea\r\n\r\n";
        assert_eq!(unwrap(body).unwrap(), Unwrapped { content: "0123456789".into(), trailers: vec![] });
    }

    #[test]
    fn a_body_that_ends_early_is_malformed() {
        for body in
            ["", "4", "4\r\n", "4\r\nwik", "4\r\nwiki", "4\r\nwiki\r\n", "4\r\nwikix\r\n0\r\n\r\n", "g\r\n"]
        {
            assert_eq!(unwrap(body.as_bytes()), Err(Malformed), "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_wrapped_comes_out_again(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 0..5)) {
            let mut body = Vec::new();
            for chunk in &chunks {
                body.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                body.extend_from_slice(chunk);
                body.extend_from_slice(b"\r\n");
            }
            body.extend_from_slice(b"0\r\n\r\n");
            prop_assert_eq!(unwrap(&body).unwrap().content, chunks.concat());
        }

        #[test]
        fn no_body_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = unwrap(&body);
        }
    }
}
