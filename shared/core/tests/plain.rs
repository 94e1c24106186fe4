//! `response_plain`: exact texts for every form of Markdown that agents write.

use revops_core::plain::render;

fn check(markdown: &str, expected: &str) {
    assert_eq!(render(markdown), expected, "of {markdown:?}");
}

#[test]
fn identifiers_keep_their_underscores() {
    check("See deal_analysis_report and __init__ or `a_b`.", "See deal_analysis_report and init or a_b.");
    check("snake_case_name, *deal_analysis_report*", "snake_case_name, deal_analysis_report");
}

#[test]
fn a_negative_percentage_keeps_its_sign() {
    check("-5% decline", "-5% decline");
    check("Q3:\n-5% decline", "Q3:\n-5% decline");
    check("- 5% decline\n- 2% growth", "- 5% decline\n- 2% growth");
    check("+ 5% in EMEA\n+ 2% in APAC", "+ 5% in EMEA\n+ 2% in APAC");
    check("\\- 5%, −5%, +3%, ±2", "- 5%, −5%, +3%, ±2");
}

#[test]
fn signs_between_figures_stay_although_they_could_be_marks() {
    check("5*3 and 4*2", "5*3 and 4*2");
    check("x**2 + y**2", "x**2 + y**2");
    check("(5)*3 and 4*2, 20%*3 and 4*2", "(5)*3 and 4*2, 20%*3 and 4*2");
    check("price*quantity*rate, 5~10% and 3~4%", "price*quantity*rate, 5~10% and 3~4%");
    check("**5*3** and 这是*重点*内容", "5*3 and 这是重点内容");
}

#[test]
fn comparisons_are_no_html() {
    check("if a<b and c>d, or x <b and y> z", "if a<b and c>d, or x <b and y> z");
    check("<a href=x>deal</a> <details open>more</details>", "deal \nmore");
}

#[test]
fn footnotes_are_numbered_where_they_stand() {
    check("Up 5%[^1].\n\n[^1]: Without *Hollin*.", "Up 5%[1].\n\n[1] Without Hollin.");
    check("a[^x]\n\n[^x]: one\n    two\n\nb", "a[x]\n\n[x] one\n    two\n\nb");
    check("a[^1] and [^2]", "a[^1] and [^2]");
}

#[test]
fn a_decimal_at_the_start_of_a_line_is_no_list_number() {
    check("3.5% growth", "3.5% growth");
    check("3.5% growth\n1,204.50 EUR", "3.5% growth\n1,204.50 EUR");
    check("1986. A great year.", "1986. A great year.");
}

#[test]
fn a_sql_block_survives_word_for_word() {
    check(
        "Use this:\n\n```sql\nselect *\n  from deals\n\nwhere a_b = '**x**' -- note\n```\nDone.",
        "Use this:\n\nselect *\n  from deals\n\nwhere a_b = '**x**' -- note\n\nDone.",
    );
    check("    indented code\n      deeper", "indented code\n  deeper");
    check("Run `SELECT count(*) FROM x_y` now.", "Run SELECT count(*) FROM x_y now.");
}

#[test]
fn table_cells_survive_as_rows() {
    check(
        "| Deal | Amount |\n|:--|--:|\n| **Hollin** | $45K |\n| a \\| b | |\n\nTotal: 2",
        "Deal | Amount\nHollin | $45K\na | b\n\nTotal: 2",
    );
    check("| a | b | c |\n|--|--|--|\n| | 2 | |\n| x<br>y | z |", "a | b | c\n | 2\nx; y | z");
}

#[test]
fn images_show_their_text_and_address() {
    check("![win rate](https://x.example/a.png)", "win rate (https://x.example/a.png)");
    check("![](https://x.example/a.png)", "https://x.example/a.png");
    check("[![logo](l.png)](https://x.example)", "logo (l.png) (https://x.example)");
}

#[test]
fn quotes_are_marked_line_by_line() {
    check("He said:\n\n> one\n> two\n>\n> three\n\nEnd", "He said:\n\n> one\n> two\n>\n> three\n\nEnd");
    check("> a\n> > b\n> > - c", "> a\n>\n> > b\n> >\n> > - c");
}

#[test]
fn links_keep_their_address_in_parentheses() {
    check("See [the deal](https://crm.example/d/1).", "See the deal (https://crm.example/d/1).");
    check("See [the *deal*][1].\n\n[1]: https://crm.example/1", "See the deal (https://crm.example/1).");
    check("[the deal]()", "the deal");
}

#[test]
fn an_address_that_is_its_own_text_appears_once() {
    check("<https://x.example/a_b> and <jo@x.example>", "https://x.example/a_b and jo@x.example");
    check("[https://x.example](https://x.example)", "https://x.example");
    check("[x.example](https://x.example/)", "x.example");
    check("[jo@x.example](mailto:jo@x.example)", "jo@x.example");
    check("https://x.example/a_b_c?d=*e*", "https://x.example/a_b_c?d=*e*");
    check("https://x.example/_a_/**b**", "https://x.example/_a_/**b**");
}

#[test]
fn slack_style_marks_stay_readable() {
    check("*bold* and _italic_ and ~gone~", "bold and italic and gone");
    check("*Deal:* Hollin\n*Stage:* 3", "Deal: Hollin\nStage: 3");
    check("<https://x.example|deal>", "deal (https://x.example)");
    check("<https://x.example|the deal>", "<https://x.example|the deal>");
    check("2 * 3 * 4 and a*b", "2 * 3 * 4 and a*b");
}

#[test]
fn headings_are_lines_of_their_own() {
    check("# Risk\ntext\n## Next *steps* ##\n1. Call", "Risk\n\ntext\n\nNext steps\n\n1. Call");
    check("Title\n===\n#1 priority", "Title\n\n#1 priority");
}

#[test]
fn nested_lists_are_indented_and_numbers_count_on_from_their_start() {
    check("- a\n  - b\n    - c\n- d", "- a\n  - b\n    - c\n- d");
    check("3. a\n3. b\n   - c\n   - d\n4. e", "3. a\n4. b\n   - c\n   - d\n5. e");
    check("1. a\n\n   more\n2. b", "1. a\n\n   more\n\n2. b");
    check("2) a\n3) b", "2) a\n3) b");
    check("- - a\n-\n- b", "- - a\n-\n- b");
    check("* a\n\n* b\n\ntext", "- a\n\n- b\n\ntext");
}

#[test]
fn code_and_quotes_stay_inside_their_list_item() {
    check("1. run\n\n   ```\n   a\n\n   b\n   ```\n2. wait", "1. run\n\n   a\n\n   b\n\n2. wait");
    check("- > quoted\n  > twice", "- > quoted\n  > twice");
}

#[test]
fn task_lists_show_what_is_done() {
    check("- [x] call\n- [ ] write", "- [x] call\n- [ ] write");
}

#[test]
fn emphasis_and_strikethrough_lose_their_marks_only() {
    check("**Bold**, *it*, ***both***, ~~old~~, \\*not\\*", "Bold, it, both, old, *not*");
    check("**Amount:** $5 (**-3%**)", "Amount: $5 (-3%)");
}

#[test]
fn hard_breaks_and_line_breaks_are_kept() {
    check("a  \nb\\\nc\nd", "a\nb\nc\nd");
    check("a\n\n---\n\nb", "a\n\n---\n\nb");
}

#[test]
fn entities_are_decoded() {
    check("Sable &amp; Finch &lt;3 &euro;5 &#8364;", "Sable & Finch <3 €5 €");
    check("<p>Sable &amp; Finch</p>", "Sable & Finch");
}

#[test]
fn html_elements_go_and_their_text_stays() {
    check("a <b>bold</b> move<br>next<br/>last", "a bold move\nnext\nlast");
    check("<div>\n<b>Total</b>: 5\n</div>\n\nend", "Total: 5\n\nend");
    check("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b \nc");
    check("<!-- hidden -->\n\nseen<!-- hidden -->", "seen");
    check("<style>p { x: y }</style>\n\nseen", "seen");
}

#[test]
fn what_is_no_html_element_is_text() {
    check("Hi <first name>, from <company>", "Hi <first name>, from <company>");
    check("Vec<String> and a < b > c and <3", "Vec<String> and a < b > c and <3");
    check("<account>\n\n<unclosed", "<account>\n\n<unclosed");
}

#[test]
fn a_script_that_never_ends_hides_its_own_paragraph_at_most() {
    check("a <script>b\n\nc", "a \n\nc");
}

#[test]
fn nothing_is_nothing() {
    for text in ["", " ", "\n\n", "<!-- -->", "****\n"] {
        assert!(render(text).len() <= 4, "{text:?}");
    }
}

#[test]
fn other_scripts_and_emoji_are_left_alone() {
    check("**日本語** – „größer“ 🙌 e\u{301}", "日本語 – „größer“ 🙌 e\u{301}");
}
