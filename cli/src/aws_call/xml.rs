//! What is read of an answer in XML: texts, and lists of them, by the names on the way to them.

use std::collections::BTreeMap;

use aws_smithy_xml::decode::{Document, ScopedDecoder, XmlDecodeError, try_data};

/// The texts directly below an element, by name.
pub(crate) type Fields = BTreeMap<String, String>;

/// The texts below the first element at `path`, which begins below the root; none where it is absent.
pub(crate) fn fields(xml: &str, path: &[&str]) -> Result<Fields, XmlDecodeError> {
    let mut document = Document::new(xml);
    Ok(descend(&mut document.root_element()?, path, texts).unwrap_or_default())
}

/// The texts below each `member` of the list at `path`.
pub(crate) fn members(xml: &str, path: &[&str]) -> Result<Vec<Fields>, XmlDecodeError> {
    let mut document = Document::new(xml);
    Ok(descend(&mut document.root_element()?, path, each_member).unwrap_or_default())
}

fn descend<T>(
    tag: &mut ScopedDecoder<'_, '_>,
    path: &[&str],
    read: fn(&mut ScopedDecoder<'_, '_>) -> T,
) -> Option<T> {
    let Some((name, rest)) = path.split_first() else { return Some(read(tag)) };
    while let Some(mut child) = tag.next_tag() {
        if child.start_el().local() == *name {
            return descend(&mut child, rest, read);
        }
    }
    None
}

fn each_member(list: &mut ScopedDecoder<'_, '_>) -> Vec<Fields> {
    let mut members = Vec::new();
    while let Some(mut member) = list.next_tag() {
        members.push(texts(&mut member));
    }
    members
}

/// An element that has others inside is passed over.
fn texts(tag: &mut ScopedDecoder<'_, '_>) -> Fields {
    let mut fields = Fields::new();
    while let Some(mut child) = tag.next_tag() {
        let name = child.start_el().local().to_owned();
        if let Ok(text) = try_data(&mut child) {
            fields.insert(name, text.into_owned());
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"<?xml version="1.0"?>
        <R xmlns="urn:x"><Result><Body>a: "1"
b: &lt;2 &amp;amp; 3&gt;&#10;</Body><List><member><Key>one</Key><Deep><Value>x</Value></Deep><Value/></member>
        <member><Key>two</Key><Value> ****</Value></member></List><Token>t</Token></Result></R>"#;

    #[test]
    fn texts_are_found_by_their_path_and_unescaped_once() {
        let fields = fields(ANSWER, &["Result"]).unwrap();
        assert_eq!(fields["Body"], "a: \"1\"\nb: <2 &amp; 3>\n");
        assert_eq!(fields["Token"], "t");
    }

    #[test]
    fn each_member_of_a_list_has_its_own_texts() {
        let members = members(ANSWER, &["Result", "List"]).unwrap();
        assert_eq!(members.len(), 2);
        assert_eq!((members[0]["Key"].as_str(), members[0]["Value"].as_str()), ("one", ""));
        assert_eq!((members[1]["Key"].as_str(), members[1]["Value"].as_str()), ("two", " ****"));
    }

    #[test]
    fn what_is_not_there_is_empty_and_what_is_no_xml_is_refused() {
        assert_eq!(fields(ANSWER, &["Result", "Other"]).unwrap(), Fields::new());
        assert!(fields("not xml", &[]).is_err());
    }
}
