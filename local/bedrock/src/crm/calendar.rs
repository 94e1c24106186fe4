//! Calendar quarters.

use std::fmt;

use time::Date;

/// A quarter of a calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quarter {
    pub(crate) year: i32,
    /// 1 to 4.
    pub(crate) number: u8,
}

impl Quarter {
    pub(crate) fn of(date: Date) -> Self {
        Self { year: date.year(), number: (u8::from(date.month()) - 1) / 3 + 1 }
    }

    /// The quarter this many quarters before.
    pub(crate) fn back(self, quarters: u8) -> Self {
        let index = self.year * 4 + i32::from(self.number) - 1 - i32::from(quarters);
        let number = u8::try_from(index.rem_euclid(4)).unwrap_or(0) + 1;
        Self { year: index.div_euclid(4), number }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Q{} {}", self.number, self.year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Month;

    #[test]
    fn quarters_go_back_over_the_year() {
        let today = Quarter::of(Date::from_calendar_date(2026, Month::February, 3).unwrap());
        assert_eq!(today, Quarter { year: 2026, number: 1 });
        assert_eq!(today.back(1), Quarter { year: 2025, number: 4 });
        assert_eq!(today.back(5).to_string(), "Q4 2024");
    }
}
