//! Order, pages and options of the catalogue: pure, over the campaigns that take applications.

use std::collections::BTreeMap;
use std::fmt;

use bson::DateTime;

use super::model::Listed;
use crate::values::{CampaignId, Category};

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

    pub(super) fn new(published: DateTime, id: &CampaignId) -> Self {
        Self { published: published.timestamp_millis(), id: id.as_str().to_owned() }
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
pub(super) struct Window<'a> {
    pub rows: Vec<&'a Listed>,
    /// Which place the first row has, from 1.
    pub first: usize,
    pub total: usize,
    pub previous: Option<Key>,
    pub next: Option<Key>,
}

/// Puts the newest first.
pub(super) fn sort(listed: &mut [Listed]) {
    listed.sort_by(|a, b| a.key.rank().cmp(&b.key.rank()));
}

/// Cuts a page out of the sorted list. A place that left the list meanwhile still divides it.
pub(super) fn window<'a>(sorted: &[&'a Listed], from: &From) -> Window<'a> {
    let total = sorted.len();
    let start = match from {
        From::Newest => 0,
        From::After(key) => sorted.partition_point(|own| own.key.rank() <= key.rank()),
        From::Before(key) => sorted.partition_point(|own| own.key.rank() < key.rank()).saturating_sub(ROWS),
    };
    let end = (start + ROWS).min(total);
    let previous = (start > 0 && start < total).then(|| sorted[start].key.clone());
    let next = (end < total).then(|| sorted[end - 1].key.clone());
    let rows = sorted[start.min(total)..end].to_vec();
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
    pub(super) fn of(open: &[&Listed]) -> Self {
        let has = |category: &Category| open.iter().any(|one| one.campaign.category == *category);
        let mut cities: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for (one, city) in open.iter().filter_map(|one| Some((one, one.public.city.as_deref()?.trim()))) {
            *cities.entry(&one.city).or_default().entry(city).or_default() += 1;
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
    use crate::campaigns::Campaign;
    use bson::doc;
    use jiff::Timestamp;

    fn list(published: &[i64]) -> Vec<Listed> {
        let one = |(n, at): (usize, &i64)| {
            let campaign = bson::deserialize_from_document(doc! {
                "id": format!("c{n:02}"), "brand_id": "b", "name": "Una", "description": "d", "category": "food",
                "city": "Asunción", "total_slots_loaded": 3, "slots_filled": 1, "status": "live",
                "url_delivery_days": 7, "metrics_delivery_days": 14,
                "canje": { "type": "product", "description": "d", "delivery_method": "pickup" },
                "timeline": { "applications_deadline": "2026-01-01", "publish_start": "2026-01-01", "publish_end": "2026-01-01" },
                "published_at": DateTime::from_millis(*at), "created_at": DateTime::from_millis(*at),
            });
            Listed::new(campaign.unwrap(), Timestamp::UNIX_EPOCH)
        };
        let mut made: Vec<Listed> = published.iter().enumerate().map(one).collect();
        sort(&mut made);
        made
    }

    fn all(made: &[Listed]) -> Vec<&Listed> {
        made.iter().collect()
    }

    fn ids<'a>(window: &Window<'a>) -> Vec<&'a str> {
        window.rows.iter().map(|row| row.campaign.id.as_str()).collect()
    }

    #[test]
    fn pages_follow_each_other_both_ways_without_gap_or_repetition() {
        // Ties in time, so that the id has to divide them.
        let made = list(&(0..45).map(|n| n / 3).collect::<Vec<_>>());
        let all = all(&made);
        let first = window(&all, &From::Newest);
        let second = window(&all, &From::After(first.next.clone().unwrap()));
        let third = window(&all, &From::After(second.next.clone().unwrap()));
        let walked: Vec<&str> = [&first, &second, &third].into_iter().flat_map(ids).collect();
        assert_eq!(walked, all.iter().map(|row| row.campaign.id.as_str()).collect::<Vec<_>>());
        assert_eq!((first.first, second.first, third.first, third.total), (1, 21, 41, 45));
        assert!(first.previous.is_none() && third.next.is_none());
        let back = window(&all, &From::Before(third.previous.unwrap()));
        assert_eq!(ids(&back), ids(&second));
    }

    #[test]
    fn a_place_that_left_the_list_still_divides_it() {
        let mut made = list(&[50, 40, 30, 20, 10]);
        let key = made[2].key.clone();
        made.remove(2);
        assert_eq!(ids(&window(&all(&made), &From::After(key.clone()))), ["c03", "c04"]);
        assert_eq!(Key::parse(&key.to_string()), Some(key));
        assert_eq!(Key::parse("nothing"), None);
    }

    #[test]
    fn a_city_is_offered_once_however_it_is_written() {
        let mut made = list(&[1, 2, 3]);
        let otherwise = Campaign { city: Some("ASUNCION ".into()), ..made.remove(0).campaign };
        made.push(Listed::new(otherwise, Timestamp::UNIX_EPOCH));
        assert_eq!(Options::of(&all(&made)).cities, ["Asunción"]);
        assert_eq!(Options::of(&all(&made)).categories, [Category::Food]);
    }
}
