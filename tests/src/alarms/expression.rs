//! Metric math, as far as our alarms use it: arithmetic, comparisons and `IF`, point by point.
//!
//! Source: CloudWatch User Guide, "Using math expressions with CloudWatch metrics": where one of two series has no
//! value it counts as 0; where neither has, there is no point; a division by zero drops the point.

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number.
    Scalar(f64),
    /// The metric with this id.
    Metric(String),
    /// Two operands and what is done with them.
    Binary(Box<Self>, String, Box<Self>),
    /// `IF(condition, then, otherwise)`.
    If(Box<Self>, Box<Self>, Box<Self>),
}

/// The value at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    /// A number that is no series.
    Scalar(f64),
    /// A series's point, which may be missing.
    Point(Option<f64>),
}

/// Operators, the loosest first.
const LEVELS: [&[&str]; 4] =
    [&["AND", "OR", "&&", "||"], &["==", "!=", "<=", ">=", "<", ">"], &["+", "-"], &["*", "/"]];

impl Expression {
    /// Parses `text`.
    ///
    /// # Panics
    /// The text is no expression, or one that is not understood here.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let tokens = tokens(text);
        let mut rest = tokens.as_slice();
        let parsed = parse_level(&mut rest, 0);
        assert!(rest.is_empty(), "{text}: {rest:?} is not understood");
        parsed
    }

    /// The value where the metrics have those that `point` tells; none where there is no point.
    #[must_use]
    pub fn value(&self, point: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        match self.evaluate(point) {
            Value::Scalar(value) => Some(value),
            Value::Point(point) => point,
        }
    }

    fn evaluate(&self, point: &dyn Fn(&str) -> Option<f64>) -> Value {
        match self {
            Self::Scalar(value) => Value::Scalar(*value),
            Self::Metric(id) => Value::Point(point(id)),
            Self::Binary(left, operator, right) => {
                combined(left.evaluate(point), operator, right.evaluate(point))
            }
            Self::If(condition, then, otherwise) => match condition.value(point) {
                None => Value::Point(None),
                Some(0.0) => Value::Point(otherwise.value(point)),
                Some(_) => Value::Point(then.value(point)),
            },
        }
    }
}

fn combined(left: Value, operator: &str, right: Value) -> Value {
    match (left, right) {
        (Value::Scalar(left), Value::Scalar(right)) => {
            applied(left, operator, right).map_or(Value::Point(None), Value::Scalar)
        }
        (Value::Scalar(left), Value::Point(right)) => {
            Value::Point(right.and_then(|right| applied(left, operator, right)))
        }
        (Value::Point(left), Value::Scalar(right)) => {
            Value::Point(left.and_then(|left| applied(left, operator, right)))
        }
        (Value::Point(None), Value::Point(None)) => Value::Point(None),
        (Value::Point(left), Value::Point(right)) => {
            Value::Point(applied(left.unwrap_or(0.0), operator, right.unwrap_or(0.0)))
        }
    }
}

#[expect(clippy::float_cmp, reason = "CloudWatch compares so")]
fn applied(left: f64, operator: &str, right: f64) -> Option<f64> {
    let truth = |holds: bool| Some(f64::from(u8::from(holds)));
    match operator {
        "+" => Some(left + right),
        "-" => Some(left - right),
        "*" => Some(left * right),
        "/" => (right != 0.0).then(|| left / right),
        "==" => truth(left == right),
        "!=" => truth(left != right),
        "<=" => truth(left <= right),
        ">=" => truth(left >= right),
        "<" => truth(left < right),
        ">" => truth(left > right),
        "AND" | "&&" => truth(left != 0.0 && right != 0.0),
        "OR" | "||" => truth(left != 0.0 || right != 0.0),
        _ => panic!("{operator} is no operator"),
    }
}

fn parse_level(rest: &mut &[String], level: usize) -> Expression {
    let Some(operators) = LEVELS.get(level) else { return parse_operand(rest) };
    let mut left = parse_level(rest, level + 1);
    while let Some(operator) = rest.first().filter(|token| operators.contains(&token.as_str())).cloned() {
        *rest = &rest[1..];
        left = Expression::Binary(Box::new(left), operator, Box::new(parse_level(rest, level + 1)));
    }
    left
}

fn parse_operand(rest: &mut &[String]) -> Expression {
    let token = take(rest);
    if token == "(" {
        let inner = parse_level(rest, 0);
        expect(rest, ")");
        return inner;
    }
    if token == "IF" {
        expect(rest, "(");
        let condition = parse_level(rest, 0);
        expect(rest, ",");
        let then = parse_level(rest, 0);
        expect(rest, ",");
        let otherwise = parse_level(rest, 0);
        expect(rest, ")");
        return Expression::If(Box::new(condition), Box::new(then), Box::new(otherwise));
    }
    if let Ok(number) = token.parse() {
        return Expression::Scalar(number);
    }
    // CloudWatch: ids begin with a lower-case letter, functions are upper case.
    assert!(token.starts_with(|first: char| first.is_ascii_lowercase()), "{token} is not understood");
    Expression::Metric(token)
}

fn take(rest: &mut &[String]) -> String {
    let (first, others) = rest.split_first().unwrap_or_else(|| panic!("the expression ends too early"));
    *rest = others;
    first.clone()
}

fn expect(rest: &mut &[String], token: &str) {
    assert_eq!(take(rest), token);
}

fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut joins = false;
    for letter in text.chars() {
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.';
        let last = found.last().and_then(|token| token.chars().last());
        let continues = joins
            && last.is_some_and(|last| {
                (is_word(last) && is_word(letter))
                    || (letter == '=' && "<>=!".contains(last))
                    || ("&|".contains(letter) && letter == last)
            });
        match found.last_mut() {
            Some(token) if continues => token.push(letter),
            Some(_) | None if letter.is_whitespace() => {}
            Some(_) | None => found.push(letter.to_string()),
        }
        joins = !letter.is_whitespace();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, metrics: &[(&str, Option<f64>)], expected: Option<f64>) {
        let point = |id: &str| metrics.iter().find(|(name, _)| *name == id).unwrap().1;
        assert_eq!(Expression::parse(text).value(&point), expected, "{text}");
    }

    #[test]
    fn arithmetic_binds_as_usual() {
        check("1 + 2 * 3 - 4 / 2", &[], Some(5.0));
        check("(1 + 2) * 3", &[], Some(9.0));
        check("(a > 8) + (b > 8)", &[("a", Some(9.0)), ("b", Some(7.0))], Some(1.0));
    }

    #[test]
    fn a_missing_value_beside_another_counts_as_zero() {
        check("a - b", &[("a", Some(3.0)), ("b", None)], Some(3.0));
        check("a + b", &[("a", None), ("b", None)], None);
        check("100 * a", &[("a", None)], None);
    }

    /// The example of the user guide: metric1 is 30, 20, 0, 0 and metric2 is 20, -, 20, -.
    #[test]
    fn comparisons_are_those_of_the_user_guides_table() {
        let points = [(30.0, Some(20.0)), (20.0, None), (0.0, Some(20.0)), (0.0, None)];
        for ((first, second), expected) in
            points.into_iter().zip([[0.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0; 3]])
        {
            let metrics = [("first", Some(first)), ("second", second)];
            check("first < second", &metrics, Some(expected[0]));
            check("first >= 30", &metrics, Some(expected[1]));
            check("first > 15 AND second > 15", &metrics, Some(expected[2]));
        }
    }

    #[test]
    fn a_division_by_zero_and_a_condition_without_a_value_drop_the_point() {
        check("a / b", &[("a", Some(1.0)), ("b", None)], None);
        check("IF(a >= 5, 100 * b / a, 0)", &[("a", None), ("b", Some(1.0))], None);
        check("IF(a >= 5, 100 * b / a, 0)", &[("a", Some(4.0)), ("b", Some(4.0))], Some(0.0));
        check("IF(a >= 5, 100 * b / a, 0)", &[("a", Some(5.0)), ("b", Some(1.0))], Some(20.0));
    }

    #[test]
    #[should_panic(expected = "is not understood")]
    fn a_function_that_is_not_known_here_is_refused() {
        let _refused = Expression::parse("RATE(a)");
    }
}
