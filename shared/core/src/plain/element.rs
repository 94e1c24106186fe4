//! What an HTML tag does to plain text, by the element's name.

/// What to write for a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It is no HTML element: the tag itself is text, such as `<String>` or `<first name>`.
    Text,
    /// Nothing.
    Nothing,
    /// The words on both sides stay apart.
    Space,
    /// A new line.
    Line,
    /// What is inside is not for readers.
    Hide(&'static str),
}

/// The effect of a tag, comment or declaration, from `<` to `>`.
pub(crate) fn effect(tag: &str) -> Effect {
    let inner = tag.trim_start_matches(['<', '/']);
    if inner.starts_with(['!', '?']) {
        return Effect::Nothing;
    }
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    // Generic types and placeholders often share a name with an element, but not its attributes.
    if !rest.starts_with(['>', '/', ' ', '\t', '\n', '\r']) {
        return Effect::Text;
    }
    if !has_attributes(rest) {
        return Effect::Text;
    }
    // Elements are written in small letters, or all in capitals; `Vec<Option>` is neither.
    let mixed = name.chars().any(|c| c.is_ascii_lowercase()) && name.chars().any(|c| c.is_ascii_uppercase());
    if mixed { Effect::Text } else { named(&name.to_ascii_lowercase()) }
}

/// Whether what follows an element's name can be its attributes: `a <b and c> d` compares.
fn has_attributes(rest: &str) -> bool {
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:@.".contains(c)).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    name.is_empty() || rest.trim_start().starts_with('=') || BARE_ATTRIBUTES.contains(&name)
}

/// Attributes that stand without a value.
const BARE_ATTRIBUTES: [&str; 8] =
    ["open", "hidden", "controls", "autoplay", "loop", "muted", "reversed", "nowrap"];

/// Elements that assistants write. `time`, `data`, `title`, `label` and their like are left out on purpose: in
/// an answer "<time>" is a placeholder to fill in.
fn named(name: &str) -> Effect {
    match name {
        "script" => Effect::Hide("script"),
        "style" => Effect::Hide("style"),
        "td" | "th" | "img" => Effect::Space,
        "br" | "hr" | "p" | "div" | "tr" | "li" | "ul" | "ol" | "dl" | "dt" | "dd" | "table" | "thead"
        | "tbody" | "tfoot" | "caption" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre"
        | "section" | "article" | "footer" | "nav" | "aside" | "details" | "summary" | "figure"
        | "figcaption" | "fieldset" | "html" | "head" | "body" => Effect::Line,
        "a" | "abbr" | "b" | "bdi" | "bdo" | "big" | "center" | "cite" | "code" | "col" | "colgroup"
        | "del" | "dfn" | "em" | "font" | "i" | "iframe" | "ins" | "kbd" | "mark" | "meta" | "q" | "rp"
        | "rt" | "ruby" | "s" | "samp" | "small" | "span" | "strike" | "strong" | "sub" | "sup" | "svg"
        | "textarea" | "tt" | "u" | "video" | "wbr" => Effect::Nothing,
        _ => Effect::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_html_elements_have_an_effect() {
        for (tag, expected) in [
            ("<b>", Effect::Nothing),
            ("</TD>", Effect::Space),
            ("<br/>", Effect::Line),
            ("<div class=\"x\">", Effect::Line),
            ("<!-- x -->", Effect::Nothing),
            ("<style>", Effect::Hide("style")),
            ("<String>", Effect::Text),
            ("<first name>", Effect::Text),
            ("<company>", Effect::Text),
            ("<time>", Effect::Text),
            ("<b and c>", Effect::Text),
            ("<b and c=d>", Effect::Text),
            ("<a href = 'x'>", Effect::Nothing),
            ("<details open>", Effect::Line),
            ("<Option>", Effect::Text),
        ] {
            assert_eq!(effect(tag), expected, "{tag}");
        }
    }
}
