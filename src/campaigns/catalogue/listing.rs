//! Order, pages and options of the catalogue: pure, over the campaigns that take applications.

use std::collections::BTreeMap;
use std::fmt;

use super::model::Candidate;
use crate::values::{Category, fold};

/// Campaigns of a page.
pub(super) const ROWS: usize = 20;

/// A place in the list: newest first, and among those of one instant by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    published: i64,
    id: String,
}

impl Key {
    /// Reads what [`Key::to_string`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (published, id) = text.split_once('.')?;
        Some(Self { published: published.parse().ok()?, id: id.to_owned() })
    }

    fn of(candidate: &Candidate) -> Self {
        Self { published: candidate.published(), id: candidate.id.as_str().to_owned() }
    }

    /// Newest first.
    fn rank(&self) -> (std::cmp::Reverse<i64>, &str) {
        (std::cmp::Reverse(self.published), &self.id)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.published, self.id)
    }
}

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum From {
    #[default]
    Newest,
    Before(Key),
    After(Key),
}

/// One page of the list.
#[derive(Debug)]
pub(super) struct Window {
    pub rows: Vec<Candidate>,
    /// Which place the first row has, from 1.
    pub first: usize,
    pub total: usize,
    pub previous: Option<Key>,
    pub next: Option<Key>,
}

/// Puts the newest first.
pub(super) fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| {
        let order = b.published().cmp(&a.published());
        order.then_with(|| a.id.cmp(&b.id))
    });
}

/// Cuts a page out of the sorted list. A place that left the list meanwhile still divides it.
pub(super) fn window(sorted: Vec<Candidate>, from: &From) -> Window {
    let total = sorted.len();
    let keys: Vec<Key> = sorted.iter().map(Key::of).collect();
    let start = match from {
        From::Newest => 0,
        From::After(key) => keys.partition_point(|own| own.rank() <= key.rank()),
        From::Before(key) => keys.partition_point(|own| own.rank() < key.rank()).saturating_sub(ROWS),
    };
    let end = (start + ROWS).min(total);
    let previous = (start > 0 && start < total).then(|| keys[start].clone());
    let next = (end < total).then(|| keys[end - 1].clone());
    let rows = sorted.into_iter().skip(start).take(ROWS).collect();
    Window { rows, first: start + 1, total, previous, next }
}

/// What the filters offer: only what is in the list, each city as most campaigns write it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Categories, in the order of the closed list.
    pub categories: Vec<Category>,
    /// Cities, in alphabetical order.
    pub cities: Vec<String>,
}

impl Options {
    pub(super) fn of(listed: &[Candidate]) -> Self {
        let has = |category: &Category| listed.iter().any(|one| one.category == *category);
        let mut cities: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
        for city in listed.iter().filter_map(|one| one.city.as_deref()).map(str::trim).filter(|city| !city.is_empty()) {
            *cities.entry(fold(city)).or_default().entry(city).or_default() += 1;
        }
        let usual = |spellings: BTreeMap<&str, usize>| {
            spellings.into_iter().max_by_key(|(_, count)| *count).map(|(city, _)| city.to_owned())
        };
        Self {
            categories: Category::ALL.into_iter().filter(has).collect(),
            cities: cities.into_values().filter_map(usual).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::{DateTime, doc};

    fn list(published: &[i64]) -> Vec<Candidate> {
        let one = |(n, at): (usize, &i64)| {
            bson::deserialize_from_document(doc! {
                "id": format!("c{n:02}"), "brand_id": "b", "category": "food", "city": "Asunción",
                "total_slots_loaded": 3, "slots_filled": 1, "canje": { "type": "product" },
                "published_at": DateTime::from_millis(*at), "created_at": DateTime::from_millis(*at),
            })
            .unwrap()
        };
        let mut made: Vec<Candidate> = published.iter().enumerate().map(one).collect();
        sort(&mut made);
        made
    }

    fn ids(window: &Window) -> Vec<&str> {
        window.rows.iter().map(|row| row.id.as_str()).collect()
    }

    #[test]
    fn pages_follow_each_other_both_ways_without_gap_or_repetition() {
        // Ties in time, so that the id has to divide them.
        let all = list(&(0..45).map(|n| n / 3).collect::<Vec<_>>());
        let first = window(all.clone(), &From::Newest);
        let second = window(all.clone(), &From::After(first.next.clone().unwrap()));
        let third = window(all.clone(), &From::After(second.next.clone().unwrap()));
        let walked: Vec<&str> = [&first, &second, &third].into_iter().flat_map(ids).collect();
        assert_eq!(walked, all.iter().map(|row| row.id.as_str()).collect::<Vec<_>>());
        assert_eq!((first.first, second.first, third.first, third.total), (1, 21, 41, 45));
        assert!(first.previous.is_none() && third.next.is_none());
        let back = window(all, &From::Before(third.previous.unwrap()));
        assert_eq!(ids(&back), ids(&second));
    }

    #[test]
    fn a_place_that_left_the_list_still_divides_it() {
        let mut all = list(&[50, 40, 30, 20, 10]);
        let key = Key::of(&all[2]);
        all.remove(2);
        assert_eq!(ids(&window(all, &From::After(key.clone()))), ["c03", "c04"]);
        assert_eq!(Key::parse(&key.to_string()), Some(key));
        assert_eq!(Key::parse("nothing"), None);
    }

    #[test]
    fn a_city_is_offered_once_however_it_is_written() {
        let mut all = list(&[1, 2, 3]);
        all[0].city = Some("ASUNCION ".into());
        assert_eq!(Options::of(&all).cities, ["Asunción"]);
        assert_eq!(Options::of(&all).categories, [Category::Food]);
    }
}
