//! The MD5 digests that SQS returns and clients verify
//! (developer guide, "Calculating the MD5 message digest for message attributes").

use md5::{Digest as _, Md5};

use crate::message::{Attributes, MessageAttribute};

/// Marks a value that is text.
const STRING_TRANSPORT: u8 = 1;
/// Marks a value that is bytes.
const BINARY_TRANSPORT: u8 = 2;

/// MD5 of a body, in lower-case hexadecimal.
pub(crate) fn of_body(body: &str) -> String {
    hex::encode(Md5::digest(body.as_bytes()))
}

/// MD5 of a set of attributes, or `None` for an empty set: SQS then omits the digest.
pub(crate) fn of_attributes(attributes: &Attributes) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut hash = Md5::new();
    // The algorithm wants ascending names: a BTreeMap has them.
    for (name, attribute) in attributes {
        add_counted(&mut hash, name.as_bytes());
        add_counted(&mut hash, attribute.data_type.as_bytes());
        let (transport, value) = value_of(attribute);
        hash.update([transport]);
        add_counted(&mut hash, value);
    }
    Some(hex::encode(hash.finalize()))
}

fn value_of(attribute: &MessageAttribute) -> (u8, &[u8]) {
    match (&attribute.string_value, &attribute.binary_value) {
        (_, Some(binary)) => (BINARY_TRANSPORT, binary.as_slice()),
        (Some(text), None) => (STRING_TRANSPORT, text.as_bytes()),
        (None, None) => (STRING_TRANSPORT, &[]),
    }
}

fn add_counted(hash: &mut Md5, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    hash.update(length.to_be_bytes());
    hash.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Binary;

    fn text(data_type: &str, value: &str) -> MessageAttribute {
        MessageAttribute { data_type: data_type.into(), string_value: Some(value.into()), binary_value: None }
    }

    #[test]
    fn a_bodys_digest_is_that_of_its_utf_8_bytes() {
        // python: hashlib.md5("Hello, Wörld 🚀".encode()).hexdigest()
        assert_eq!(of_body("Hello, Wörld 🚀"), "8a38a01b2df1c794492df9dbc4c2e738");
    }

    #[test]
    fn one_number_has_the_digest_that_aws_gives_it() {
        let attributes = Attributes::from([("timestamp".into(), text("Number", "1493147359900"))]);
        assert_eq!(of_attributes(&attributes).as_deref(), Some("235c5c510d26fb653d073faed50ae77c"));
    }

    #[test]
    fn every_type_counts_in_the_order_of_the_names() {
        // Computed with python's struct and hashlib from the algorithm of the developer guide.
        let bytes = MessageAttribute {
            data_type: "Binary".into(),
            string_value: None,
            binary_value: Some(Binary::new([0, 1, 2, 255])),
        };
        let attributes = Attributes::from([
            ("b".into(), text("Number", "42.5")),
            ("a".into(), text("String", "väl")),
            ("c".into(), bytes),
            ("B.upper".into(), text("String.uri", "x")),
        ]);
        assert_eq!(of_attributes(&attributes).as_deref(), Some("97bd38cc0ecd5076297fa0e3f658f80a"));
    }

    #[test]
    fn no_attributes_have_no_digest() {
        assert_eq!(of_attributes(&Attributes::new()), None);
    }
}
