//! Holidays of Paraguay, until somebody edits the list.

use crate::values::LocalDate;

/// Days of every year: new year, heroes' day, labour day, independence (two days), Chaco armistice, foundation of Asunción,
/// battle of Boquerón, Virgin of Caacupé, Christmas.
const EVERY_YEAR: [(i8, i8); 10] =
    [(1, 1), (3, 1), (5, 1), (5, 14), (5, 15), (6, 12), (8, 15), (9, 29), (12, 8), (12, 25)];
/// Maundy Thursday; Good Friday is the day after.
const MAUNDY_THURSDAYS: [(i16, i8, i8); 3] = [(2026, 4, 2), (2027, 3, 25), (2028, 4, 13)];

/// The national holidays of the years that are known, in order. Those that a decree moves are edited in the settings.
pub(super) fn national() -> Vec<LocalDate> {
    let mut days: Vec<_> = MAUNDY_THURSDAYS
        .into_iter()
        .flat_map(|(year, month, day)| {
            let thursday = LocalDate(jiff::civil::date(year, month, day));
            let fixed = EVERY_YEAR.into_iter().map(move |(month, day)| LocalDate(jiff::civil::date(year, month, day)));
            [thursday, thursday.tomorrow()].into_iter().chain(fixed)
        })
        .collect();
    days.sort_unstable();
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_years_of_twelve_days_in_order() {
        let days = national();
        assert_eq!(days.len(), 36);
        assert!(days.is_sorted());
        for day in ["2026-04-03", "2027-03-26", "2028-04-14", "2026-12-08"] {
            assert!(days.contains(&LocalDate::parse(day).unwrap()), "{day}");
        }
    }
}
