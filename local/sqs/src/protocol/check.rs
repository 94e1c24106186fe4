//! Rules for what a sender may put into a message.

use super::error::ApiError;
use crate::message::{Attributes, MessageAttribute};

/// Most attributes of a message (developer guide, "Amazon SQS message metadata").
const MAXIMUM_ATTRIBUTES: usize = 10;
/// Longest name and longest type of an attribute.
const MAXIMUM_NAME: usize = 256;
/// Longest message group id.
const MAXIMUM_GROUP: usize = 128;

/// Text that SQS carries: what XML 1.0 allows.
pub(crate) fn contents(text: &str) -> Result<(), ApiError> {
    let allowed = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}');
    if text.chars().all(allowed) { Ok(()) } else { Err(ApiError::InvalidMessageContents) }
}

/// `MessageGroupId`: 1 to 128 visible ASCII characters.
pub(crate) fn group(group: &str) -> Result<(), ApiError> {
    if (1..=MAXIMUM_GROUP).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(ApiError::invalid(
        "MessageGroupId",
        group,
        "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
    ))
}

/// Names, types and values of all attributes.
pub(crate) fn attributes(attributes: &Attributes) -> Result<(), ApiError> {
    if attributes.len() > MAXIMUM_ATTRIBUTES {
        let count = attributes.len();
        return Err(ApiError::InvalidParameter(format!(
            "Number of message attributes [{count}] exceeds the allowed maximum [{MAXIMUM_ATTRIBUTES}]."
        )));
    }
    attributes.iter().try_for_each(|(name, attribute)| {
        attribute_name(name)?;
        attribute_value(name, attribute)
    })
}

fn attribute_name(name: &str) -> Result<(), ApiError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let lower = name.to_ascii_lowercase();
    let good = !name.is_empty()
        && name.len() <= MAXIMUM_NAME
        && name.bytes().all(plain)
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && !lower.starts_with("aws.")
        && !lower.starts_with("amazon.");
    if good {
        return Ok(());
    }
    Err(ApiError::InvalidParameter(format!("The message attribute name '{name}' is invalid.")))
}

fn attribute_value(name: &str, attribute: &MessageAttribute) -> Result<(), ApiError> {
    let refuse =
        |reason: &str| Err(ApiError::InvalidParameter(format!("The message attribute '{name}' {reason}")));
    let MessageAttribute { data_type, string_value, binary_value } = attribute;
    if data_type.len() > MAXIMUM_NAME {
        return refuse("has an invalid type: it is longer than 256 bytes.");
    }
    let logical = data_type.split('.').next().unwrap_or_default();
    match (logical, string_value, binary_value) {
        ("String" | "Number", Some(text), None) if text.is_empty() => {
            refuse("must contain a non-empty value.")
        }
        ("String", Some(text), None) => contents(text),
        ("Number", Some(text), None) if text.parse::<f64>().is_ok_and(f64::is_finite) => Ok(()),
        ("Number", Some(_), None) => refuse("has a value that is not a number."),
        ("Binary", None, Some(bytes)) if bytes.as_slice().is_empty() => {
            refuse("must contain a non-empty value.")
        }
        ("Binary", None, Some(_)) => Ok(()),
        ("String" | "Number" | "Binary", _, _) => refuse("must have a value of its type, and no other."),
        _ => refuse(
            "has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(data_type: &str, value: &str) -> Attributes {
        let attribute = MessageAttribute {
            data_type: data_type.into(),
            string_value: Some(value.into()),
            binary_value: None,
        };
        Attributes::from([("name".into(), attribute)])
    }

    #[test]
    fn xml_characters_pass_and_control_characters_do_not() {
        assert_eq!(contents("tab\t line\r\n ä 漢 \u{FFFD} 🚀"), Ok(()));
        for bad in ["\0", "\u{1b}", "\u{FFFE}", "\u{FFFF}"] {
            assert_eq!(contents(bad), Err(ApiError::InvalidMessageContents), "{bad:?}");
        }
    }

    #[test]
    fn attributes_need_a_known_type_and_a_value_of_it() {
        for (data_type, value) in
            [("String", "v"), ("String.uri", "v"), ("Number", "-1.5"), ("Number.int", "7")]
        {
            assert_eq!(attributes(&text(data_type, value)), Ok(()), "{data_type} {value}");
        }
        for (data_type, value) in
            [("String", ""), ("Number", "seven"), ("Binary", "v"), ("Text", "v"), ("", "v")]
        {
            assert!(attributes(&text(data_type, value)).is_err(), "{data_type} {value}");
        }
    }

    #[test]
    fn attribute_names_follow_the_rules_of_sqs() {
        assert_eq!(attribute_name("trace-id_1.x"), Ok(()));
        for bad in ["", ".a", "a.", "a..b", "a b", "AWS.x", "amazon.x", &"n".repeat(257)] {
            assert!(attribute_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn group_ids_are_short_and_visible() {
        assert_eq!(group("tenant-1!"), Ok(()));
        for bad in ["", "a b", "ä", &"g".repeat(129)] {
            assert!(group(bad).is_err(), "{bad}");
        }
    }
}
