//! Where a secret setting comes from.

use std::fmt;
use std::str::FromStr;

use crate::config::Reader;

/// Where a secret setting comes from. `Debug` shows what `T` shows.
#[derive(Clone, Debug)]
pub enum SecretSource<T> {
    /// In the environment.
    Given(T),
    /// In Secrets Manager, under this ARN: fetched when first needed.
    Arn(String),
}

impl<T: FromStr<Err: fmt::Display>> SecretSource<T> {
    /// Reads `name` or `name`_ARN; none where neither is set, or after a complaint that both are, or that the
    /// value is wrong. The errors of `T` quote nothing of a secret.
    pub fn read(reader: &mut Reader<'_>, name: &str, example: &str) -> Option<Self> {
        let arn_name = format!("{name}_ARN");
        let arn = reader.variables().get(&arn_name).map(str::to_owned);
        match (reader.variables().get(name), arn) {
            (Some(_), Some(_)) => {
                reader.complain(name, &format!("is set, and so is {arn_name}: set one"), example);
                None
            }
            (Some(_), None) => reader.optional(name, example).map(Self::Given),
            (None, arn) => arn.map(Self::Arn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigError, Variables};

    fn read(pairs: &[(&str, &str)]) -> Result<Option<SecretSource<u8>>, ConfigError> {
        let variables = Variables::new(pairs.iter().copied());
        let mut reader = Reader::new(&variables);
        let source = SecretSource::read(&mut reader, "KEYS", "7");
        reader.finish(source)
    }

    #[test]
    fn a_secret_is_given_or_named_or_neither() {
        assert!(matches!(read(&[("KEYS", "7")]), Ok(Some(SecretSource::Given(7)))));
        assert!(matches!(read(&[("KEYS_ARN", "arn:x")]), Ok(Some(SecretSource::Arn(arn))) if arn == "arn:x"));
        assert!(matches!(read(&[]), Ok(None)));
    }

    #[test]
    fn both_at_once_and_a_wrong_value_are_complained_of() {
        for pairs in [[("KEYS", "7"), ("KEYS_ARN", "arn:x")], [("KEYS", "seven"), ("OTHER", "")]] {
            assert!(read(&pairs).unwrap_err().0[0].starts_with("KEYS "));
        }
    }
}
