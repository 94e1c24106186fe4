//! Tables from their values.

use super::super::table::{ENTRY, Place, Table, Value, check, lower};

/// There are more entries than slots can tell apart, or a text is too long or too far for its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// A table's two parts, to be kept in files or looked up in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    /// What a search begins with.
    pub(crate) slots: Vec<u8>,
    /// What it finds.
    pub(crate) entries: Vec<u8>,
}

impl Made {
    /// The table itself.
    pub(crate) fn ready(self) -> Table {
        Table::of(self.slots.into(), self.entries.into())
    }
}

/// The table of `values`. Those with the same key keep their order.
pub(crate) fn table(mut values: Vec<(u64, Value)>) -> Result<Made, TooLarge> {
    values.sort_by_key(|(key, _)| check(*key));
    // A third of the slots is taken at most: most texts that are looked up are in no table.
    let mut slots = vec![0_u16; (values.len() * 2).next_power_of_two().max(2)];
    let mut entries = Vec::with_capacity(values.len() * ENTRY);
    for (number, (key, value)) in (1..).zip(&values) {
        let number = u16::try_from(number).map_err(|_| TooLarge)?;
        take_slot(&mut slots, &values, *key, number);
        entries.extend(check(*key).to_le_bytes());
        entries.extend(value);
    }
    Ok(Made { slots: slots.into_iter().flat_map(u16::to_le_bytes).collect(), entries })
}

/// Takes the slot of a key's first entry, unless it has one already.
fn take_slot(slots: &mut [u16], values: &[(u64, Value)], key: u64, number: u16) {
    let Some(mut at) = lower(key, slots.len()) else { return };
    while slots[at] != 0 {
        if check(values[usize::from(slots[at]) - 1].0) == check(key) {
            return;
        }
        at = (at + 1) % slots.len();
    }
    slots[at] = number;
}

/// Appends `text` to `texts`; its place there.
pub(crate) fn place(text: &str, texts: &mut String) -> Result<Place, TooLarge> {
    let [start @ .., too_far] = u32::try_from(texts.len()).map_err(|_| TooLarge)?.to_le_bytes();
    let length = u8::try_from(text.len()).map_err(|_| TooLarge)?;
    texts.push_str(text);
    let [a, b, c] = start;
    if too_far == 0 { Ok([a, b, c, length]) } else { Err(TooLarge) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::table::text;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn value(number: usize) -> Value {
        let mut value = Value::default();
        value[..8].copy_from_slice(&(number as u64).to_le_bytes());
        value
    }

    fn made(values: Vec<(u64, Value)>) -> Result<Table, TooLarge> {
        table(values).map(Made::ready)
    }

    proptest! {
        #[test]
        fn a_table_gives_back_what_was_put_in_and_nothing_else(
            keys in prop::collection::vec(any::<u64>(), 0..200), other in any::<u64>(), repeat in 0_usize..3
        ) {
            let keys: Vec<u64> = keys.iter().copied().cycle().take(keys.len() * (repeat + 1)).collect();
            let values = || keys.iter().enumerate().map(|(number, key)| (*key, value(number)));
            let table = made(values().collect()).unwrap();
            let mut expected = BTreeMap::<u32, Vec<Value>>::new();
            for (key, value) in values() {
                expected.entry(check(key)).or_default().push(value);
            }
            for key in keys.iter().copied() {
                prop_assert_eq!(table.all(key).copied().collect::<Vec<_>>(), &expected[&check(key)][..]);
            }
            prop_assert!(expected.contains_key(&check(other)) || table.get(other).is_none());
        }
    }

    #[test]
    fn an_empty_table_has_nothing() {
        assert!(Table::default().get(7).is_none() && Table::default().all(7).next().is_none());
        assert!(made(Vec::new()).unwrap().get(7).is_none());
    }

    #[test]
    fn what_a_table_cannot_hold_is_refused() {
        let values = |count| (0..count).map(|number| (number as u64, value(number))).collect();
        assert!(made(values(65_535)).is_ok());
        assert_eq!(made(values(65_536)).err(), Some(TooLarge));
        assert_eq!(place(&"x".repeat(256), &mut String::new()), Err(TooLarge));
        assert_eq!(place("x", &mut " ".repeat(1 << 24)), Err(TooLarge));
    }

    #[test]
    fn a_text_is_read_where_it_was_placed() {
        let mut texts = String::new();
        let places = ["largo", "", "größe"].map(|each| place(each, &mut texts).unwrap());
        assert_eq!(places.map(|place| text(&texts, place)), ["largo", "", "größe"]);
    }
}
