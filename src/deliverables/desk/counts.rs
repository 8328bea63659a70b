//! The counts over a campaign's or a person's deliveries.

use serde::Deserialize;

use crate::deliverables::model::{BrandRating, DeliverableStatus};
use crate::deliverables::urls;
use crate::values::Platform;

/// A delivery as far as the counts need it.
#[derive(Clone, Debug, Deserialize)]
pub struct Counted {
    /// Where it stands.
    pub status: DeliverableStatus,
    /// Its address there.
    #[serde(default)]
    pub instagram_url: Option<String>,
    /// Its address there.
    #[serde(default)]
    pub tiktok_url: Option<String>,
    /// When its metrics arrived.
    #[serde(default)]
    pub metrics_submitted_at: Option<bson::DateTime>,
    /// Its rating.
    #[serde(default)]
    pub brand_rating: Option<BrandRating>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not completed, rejected or cancelled.
    pub open: u64,
    /// Open ones that lack something.
    pub pending: u64,
    /// Delivered ones nobody rated, also when they are closed.
    pub unrated: u64,
    /// Closed.
    pub completed: u64,
    /// With a stored address that isn't a post's.
    pub problems: u64,
    /// Participations that ended.
    pub cancelled: u64,
}

impl Counts {
    /// Counts them.
    pub fn of(all: &[Counted]) -> Self {
        let count = |which: fn(&Counted) -> bool| all.iter().filter(|one| which(one)).count() as u64;
        Self {
            open: count(|one| one.status.is_open()),
            pending: count(|one| one.status.is_open() && !one.is_delivered()),
            unrated: count(Counted::awaits_rating),
            completed: count(|one| one.status == DeliverableStatus::Completed),
            problems: count(|one| one.status != DeliverableStatus::Cancelled && one.has_problem()),
            cancelled: count(|one| one.status == DeliverableStatus::Cancelled),
        }
    }
}

impl Counted {
    fn awaits_rating(&self) -> bool {
        let is_ended = matches!(self.status, DeliverableStatus::Rejected | DeliverableStatus::Cancelled);
        !is_ended && self.is_delivered() && self.brand_rating.is_none()
    }

    fn is_delivered(&self) -> bool {
        (self.instagram_url.is_some() || self.tiktok_url.is_some()) && self.metrics_submitted_at.is_some()
    }

    fn has_problem(&self) -> bool {
        is_broken(Platform::Instagram, self.instagram_url.as_deref())
            || is_broken(Platform::Tiktok, self.tiktok_url.as_deref())
    }
}

/// Whether a stored address isn't a post's.
pub fn is_broken(platform: Platform, url: Option<&str>) -> bool {
    url.is_some_and(|url| urls::parse(platform, url).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_delivery_is_counted_where_it_belongs() {
        let made = |status, url: Option<&str>, has_metrics: bool| Counted {
            status,
            instagram_url: url.map(Into::into),
            tiktok_url: None,
            metrics_submitted_at: has_metrics.then_some(bson::DateTime::MIN),
            brand_rating: None,
        };
        let good = Some("https://www.instagram.com/reel/ABC123");
        let all = [
            made(DeliverableStatus::AwaitingPublish, None, false),
            made(DeliverableStatus::Published, good, false),
            made(DeliverableStatus::MetricsSubmitted, good, true),
            made(DeliverableStatus::Completed, Some("https://www.instagram.com/ana"), true),
            made(DeliverableStatus::Cancelled, Some("x"), false),
            made(DeliverableStatus::Rejected, good, true),
        ];
        let expected = Counts { open: 3, pending: 2, unrated: 2, completed: 1, problems: 1, cancelled: 1 };
        assert_eq!(Counts::of(&all), expected);
    }
}
