//! What was agreed with the brand, as pure arithmetic: M months, N slots each, M loads.
//!
//! Every date is counted from the first day, never from the one before, so that 31 January is followed by 28 February and
//! then by 31 March.

use jiff::ToSpan;

use super::model::Contract;
use crate::values::LocalDate;

/// The longest contract, in months.
pub const LONGEST: i32 = 24;
/// The most slots a month.
pub const MOST: i32 = 500;
/// Days after a contract's end until what still waits for an answer is rejected.
pub const GRACE_DAYS: i32 = 30;

/// The day so many months after the first; a month without that day has its last one.
pub fn month(start: LocalDate, months: i32) -> LocalDate {
    start.plus(months.months())
}

/// A contract as it is agreed; nothing is loaded yet.
pub fn agree(monthly: i32, months: i32, start: LocalDate) -> Contract {
    Contract {
        monthly_deliverables: monthly,
        duration_months: months,
        start_date: start,
        end_date: month(start, months),
        next_reload_date: None,
        loads_done: 0,
        is_active: true,
        renewed_at: None,
        renewal_count: 0,
    }
}

/// The day of the next pending load; none after the last.
pub fn next_load(contract: &Contract) -> Option<LocalDate> {
    (contract.loads_done < contract.duration_months).then(|| month(contract.start_date, contract.loads_done))
}

/// How many loads are due: those that haven't been made and whose day has come.
pub fn due(contract: &Contract, today: LocalDate) -> i32 {
    let pending = contract.loads_done.max(0)..contract.duration_months;
    let has_come = |load: &i32| month(contract.start_date, *load) <= today;
    i32::try_from(pending.take_while(has_come).count()).unwrap_or(i32::MAX)
}

/// Loads made at publication: the first one whenever it is, and every later one whose day has come.
pub fn at_publication(contract: &Contract, today: LocalDate) -> i32 {
    let first = i32::from(contract.loads_done == 0 && contract.duration_months > 0);
    due(contract, today).max(first)
}

/// The contract after so many more loads.
pub fn loaded(contract: &Contract, loads: i32) -> Contract {
    let mut after = Contract { loads_done: contract.loads_done + loads, ..contract.clone() };
    after.next_reload_date = next_load(&after);
    after
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> LocalDate {
        LocalDate::parse(text).unwrap()
    }

    /// What a daily job does to a contract from its publication on, missing the days `is_down` names: day and count of
    /// each load.
    fn lived(
        contract: Contract,
        published: LocalDate,
        days: i32,
        is_down: impl Fn(LocalDate) -> bool,
    ) -> (Contract, Vec<LocalDate>) {
        let mut loads = Vec::new();
        let first = at_publication(&contract, published);
        let mut contract = loaded(&contract, first);
        loads.extend((0..first).map(|_| published));
        let mut today = published;
        for _ in 0..days {
            today = today.tomorrow();
            if is_down(today) || today >= contract.end_date {
                continue;
            }
            let count = due(&contract, today);
            loads.extend((0..count).map(|_| today));
            contract = loaded(&contract, count);
        }
        (contract, loads)
    }

    #[test]
    fn worked_example_10_the_last_day_of_a_month_doesnt_drift() {
        let contract = agree(4, 3, day("2026-01-31"));
        assert_eq!(contract.end_date, day("2026-04-30"));
        let (after, loads) = lived(contract, day("2026-01-31"), 200, |_| false);
        assert_eq!(loads, [day("2026-01-31"), day("2026-02-28"), day("2026-03-31")]);
        assert_eq!((after.loads_done, after.next_reload_date), (3, None));
        assert!(after.is_in_force(day("2026-04-29")) && !after.is_in_force(day("2026-04-30")));
    }

    #[test]
    fn worked_example_11_a_job_that_was_down_makes_up_for_every_month() {
        let contract = agree(4, 3, day("2026-01-31"));
        let down = |today: LocalDate| (day("2026-02-20")..day("2026-04-02")).contains(&today);
        let (_, loads) = lived(contract, day("2026-01-31"), 200, down);
        assert_eq!(loads, [day("2026-01-31"), day("2026-04-02"), day("2026-04-02")]);
    }

    #[test]
    fn publishing_late_makes_the_loads_that_are_due() {
        let contract = agree(4, 6, day("2026-01-31"));
        assert_eq!(at_publication(&contract, day("2025-12-01")), 1, "before the first day there is the first load");
        assert_eq!(at_publication(&contract, day("2026-02-27")), 1);
        assert_eq!(at_publication(&contract, day("2026-02-28")), 2);
        let after = loaded(&contract, at_publication(&contract, day("2026-03-31")));
        assert_eq!((after.loads_done, after.next_reload_date), (3, Some(day("2026-04-30"))));
    }

    proptest! {
        #[test]
        fn a_contract_of_m_months_makes_m_loads_and_none_on_its_end(
            year in 2024_i16..2032, month_ in 1_i8..=12, day_ in 1_i8..=31, months in 1_i32..=LONGEST,
            late in 0_i32..40, outage in 0_i32..20, every in 1_i32..60,
        ) {
            let first = jiff::civil::Date::constant(year, month_, 1);
            let start = LocalDate(first.with().day(day_.min(first.days_in_month())).build().unwrap());
            let contract = agree(4, months, start);
            let published = start.plus(late.min(months * 28 - 1).days());
            // Down for a while every so often, but not to the very end.
            let is_down = |today: LocalDate| {
                let since = today.days_since(published);
                since % (every + outage) >= every && today < month(start, months - 1)
            };
            let (after, loads) = lived(contract, published, months * 31 + 40, is_down);
            prop_assert_eq!(loads.len(), usize::try_from(months).unwrap());
            prop_assert_eq!(after.loads_done, months);
            prop_assert_eq!(after.next_reload_date, None);
            prop_assert!(loads.iter().all(|load| *load < after.end_date));
            prop_assert!(loads.windows(2).all(|pair| pair[0] <= pair[1]));
            for (nth, made) in loads.iter().enumerate().skip(1) {
                prop_assert!(*made >= month(start, i32::try_from(nth).unwrap()), "never before its day");
            }
        }
    }
}
