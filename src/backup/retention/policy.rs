//! How long what is kept: grandfather, father, son.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::i18n::backup::retention as words;

/// How many calendar buckets of each size keep their newest backup, in each store, and how many backups a store never has
/// less of. `CANJE_BACKUP_KEEP`, such as `daily=14,weekly=8,monthly=12,yearly=3,minimum=3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Days.
    pub daily: usize,
    /// Weeks, from Monday.
    pub weekly: usize,
    /// Months.
    pub monthly: usize,
    /// Years.
    pub yearly: usize,
    /// Never fewer than these, whatever the calendar says.
    pub minimum: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self { daily: 14, weekly: 8, monthly: 12, yearly: 3, minimum: 3 }
    }
}

impl FromStr for Policy {
    type Err = String;

    /// What isn't said stays as it is by default. A policy that keeps nothing is refused.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut policy = Self::default();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or_else(|| words::bad_policy(pair))?;
            let value: usize = value.trim().parse().map_err(|_| words::bad_policy(pair))?;
            match name.trim() {
                "daily" => policy.daily = value,
                "weekly" => policy.weekly = value,
                "monthly" => policy.monthly = value,
                "yearly" => policy.yearly = value,
                "minimum" => policy.minimum = value,
                _ => return Err(words::bad_policy(pair)),
            }
        }
        let keeps = policy.daily + policy.weekly + policy.monthly + policy.yearly;
        if keeps == 0 || policy.minimum == 0 { Err(words::EMPTY_POLICY.into()) } else { Ok(policy) }
    }
}

/// Why a backup stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The newest of one of the last days.
    Daily,
    /// Of one of the last weeks.
    Weekly,
    /// Of one of the last months.
    Monthly,
    /// Of one of the last years.
    Yearly,
    /// The store would have fewer than the minimum.
    Minimum,
    /// A person holds it.
    Hold,
    /// It isn't over yet, or too young to be judged.
    Young,
}

/// The reasons each of these moments has to stay, in the order given. Buckets follow the calendar of Asunción and are
/// counted over those that hold a backup, the newest first; days without one use up nothing.
pub fn reasons(policy: &Policy, moments: &[Timestamp]) -> Vec<BTreeSet<Reason>> {
    let zone = TimeZone::get("America/Asuncion").unwrap_or(TimeZone::UTC);
    let dates: Vec<_> = moments.iter().map(|at| at.to_zoned(zone.clone()).date()).collect();
    let mut newest: Vec<usize> = (0..moments.len()).collect();
    newest.sort_by_key(|place| std::cmp::Reverse((moments[*place], *place)));
    let mut kept = vec![BTreeSet::new(); moments.len()];
    let mut keep = |reason: Reason, buckets: usize, bucket: &dyn Fn(usize) -> (i16, i16)| {
        let mut seen = BTreeSet::new();
        for place in &newest {
            if seen.len() < buckets && seen.insert(bucket(*place)) {
                kept[*place].insert(reason);
            }
        }
    };
    keep(Reason::Daily, policy.daily, &|place| (dates[place].year(), dates[place].day_of_year()));
    keep(Reason::Weekly, policy.weekly, &|place| {
        let week = dates[place].iso_week_date();
        (week.year(), i16::from(week.week()))
    });
    keep(Reason::Monthly, policy.monthly, &|place| (dates[place].year(), i16::from(dates[place].month())));
    keep(Reason::Yearly, policy.yearly, &|place| (dates[place].year(), 0));
    let mut staying = kept.iter().filter(|reasons| !reasons.is_empty()).count();
    for place in newest {
        if staying >= policy.minimum {
            break;
        }
        if kept[place].is_empty() {
            kept[place].insert(Reason::Minimum);
            staying += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use proptest::prelude::*;

    use super::*;

    fn days(count: i64) -> Vec<Timestamp> {
        let first: Timestamp = "2026-01-01T06:00:00Z".parse().unwrap();
        (0..count).map(|day| first + (24 * day).hours()).collect()
    }

    #[test]
    fn two_years_of_days_leave_what_the_calendar_says() {
        let kept = reasons(&Policy::default(), &days(730));
        let count = |reason| kept.iter().filter(|reasons| reasons.contains(&reason)).count();
        assert_eq!((count(Reason::Daily), count(Reason::Weekly), count(Reason::Monthly)), (14, 8, 12));
        assert_eq!((count(Reason::Yearly), count(Reason::Minimum)), (2, 0));
        // The newest is in every bucket.
        assert_eq!(kept[729].len(), 4);
    }

    #[test]
    fn three_in_the_night_belongs_to_the_local_day() {
        // 02:30 and 03:30 UTC are two different days in Asunción, three hours behind.
        let moments = ["2026-03-05T02:30:00Z".parse().unwrap(), "2026-03-05T03:30:00Z".parse().unwrap()];
        let policy = Policy { daily: 2, weekly: 0, monthly: 0, yearly: 0, minimum: 1 };
        assert!(reasons(&policy, &moments).iter().all(|reasons| reasons.contains(&Reason::Daily)));
    }

    #[test]
    fn an_empty_policy_is_refused() {
        assert!("daily=0,weekly=0,monthly=0,yearly=0".parse::<Policy>().is_err());
        assert!("minimum=0".parse::<Policy>().is_err());
        assert!("daily=x".parse::<Policy>().is_err() && "hourly=3".parse::<Policy>().is_err());
        assert_eq!("weekly=2".parse::<Policy>().unwrap(), Policy { weekly: 2, ..Policy::default() });
    }

    proptest! {
        #[test]
        fn the_newest_stays_and_the_minimum_is_never_undercut(
            seconds in proptest::collection::vec(1_700_000_000i64..1_900_000_000, 0..60),
            daily in 0usize..4, weekly in 0usize..3, yearly in 0usize..3, minimum in 1usize..8,
        ) {
            let moments: Vec<Timestamp> = seconds.iter().map(|s| Timestamp::from_second(*s).unwrap()).collect();
            let policy = Policy { daily, weekly, monthly: 1, yearly, minimum };
            let kept = reasons(&policy, &moments);
            let staying = kept.iter().filter(|reasons| !reasons.is_empty()).count();
            prop_assert!(staying >= minimum.min(moments.len()));
            if let Some(newest) = (0..moments.len()).max_by_key(|place| moments[*place]) {
                let newest = moments[newest];
                prop_assert!((0..moments.len()).any(|place| moments[place] == newest && !kept[place].is_empty()));
            }
        }

        #[test]
        fn one_more_backup_never_brings_an_old_one_back(
            seconds in proptest::collection::vec(1_700_000_000i64..1_800_000_000, 1..40),
        ) {
            let mut moments: Vec<Timestamp> = seconds.iter().map(|s| Timestamp::from_second(*s).unwrap()).collect();
            moments.sort();
            moments.dedup();
            let policy = Policy { daily: 3, weekly: 2, monthly: 2, yearly: 1, minimum: 2 };
            let before = reasons(&policy, &moments);
            moments.push(Timestamp::from_second(1_800_000_001).unwrap());
            let after = reasons(&policy, &moments);
            for (place, reasons) in before.iter().enumerate().filter(|(_, reasons)| reasons.is_empty()) {
                prop_assert!(after[place].is_empty(), "{place} {reasons:?}");
            }
        }
    }
}
