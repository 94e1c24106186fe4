//! Markdown and numbers as the answers write them. Pure.

use time::{Date, Duration};

/// `$1,234,567`
pub(crate) fn money(dollars: u64) -> String {
    let digits = dollars.to_string();
    let mut text = String::from("$");
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A part of a whole in percent, with one decimal.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0.0 %".to_owned();
    }
    let tenths = part.saturating_mul(1000) / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// `2026-12-16`
pub(crate) fn day(today: Date, days: i64) -> String {
    let date = today.saturating_add(Duration::days(days));
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// A table; cells must not contain a bar.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        text.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    text
}

/// One item a line.
pub(crate) fn bullets<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| format!("- {}\n", item.as_ref())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_reading() {
        assert_eq!(
            [money(0), money(999), money(1000), money(1_234_567)],
            ["$0", "$999", "$1,000", "$1,234,567"]
        );
        assert_eq!([percent(1, 3), percent(5, 0), percent(3, 2)], ["33.3 %", "0.0 %", "150.0 %"]);
    }
}
