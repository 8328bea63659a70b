//! What a creator's work adds up to: computed from stored facts, in the transaction that changes them.

use std::collections::{BTreeMap, BTreeSet};

use bson::doc;
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::levels;
use super::model::{Creator, Level, Stats};
use crate::applications::model::{Application, ApplicationStatus};
use crate::db::{Db, Stored, date};
use crate::deliverables::model::{Deliverable, DeliverableStatus};
use crate::failure::Failure;
use crate::metrics::model::Metrics;
use crate::reputation::model::Rating;
use crate::values::{CreatorId, Platform};

/// Everything a creator's figures are made of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// Applications in `confirmed`.
    pub confirmed: i64,
    /// All deliveries.
    pub deliverables: &'a [Deliverable],
    /// All metrics documents; archived ones are passed over.
    pub metrics: &'a [Metrics],
    /// All ratings; hidden ones are passed over.
    pub ratings: &'a [Rating],
}

/// The level before and after a recomputation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recomputed {
    /// Computed level as it was stored.
    pub before: Level,
    /// As it is now.
    pub after: Level,
}

/// The figures of these facts.
pub fn compute(facts: Facts) -> Stats {
    let counted =
        |one: &&Deliverable| !matches!(one.status, DeliverableStatus::Rejected | DeliverableStatus::Cancelled);
    let delivered: Vec<_> = facts.deliverables.iter().filter(counted).filter(|one| one.is_delivered()).collect();
    let with_metrics: Vec<_> = facts.deliverables.iter().filter(counted).filter(|one| one.has_metrics()).collect();
    let is_late = |one: &Deliverable| one.metrics_is_late == Some(true);
    let punctual = delivered.iter().filter(|one| one.is_on_time == Some(true) && !is_late(one)).count();
    let metrics_punctual = with_metrics.iter().filter(|one| !is_late(one)).count();
    let lags = facts
        .deliverables
        .iter()
        .filter(|one| one.status != DeliverableStatus::Cancelled && one.published_at.is_some())
        .filter_map(|one| one.delivery_lag_hours);
    let ratings: Vec<_> = facts.ratings.iter().filter(|one| !one.hidden).map(|one| f64::from(one.rating)).collect();
    let posts: Vec<_> = facts.metrics.iter().filter(|one| !one.archived).collect();
    let views = Figures::of(&posts, |one| one.views);
    let reach = Figures::of(&posts, |one| one.reach);
    let interactions = Figures::of(&posts, interactions);
    Stats {
        total_completed: delivered.len() as i64,
        completed_campaigns: delivered.iter().map(|one| &one.campaign_id).collect::<BTreeSet<_>>().len() as i64,
        total_campaigns: facts.confirmed,
        avg_rating: mean(ratings.iter().copied()).map_or(0.0, |mean| rounded(mean, 100.0)),
        total_ratings: ratings.len() as i64,
        delivery_on_time_rate: percent(punctual, delivered.len()),
        metrics_on_time_rate: percent(metrics_punctual, with_metrics.len()),
        avg_delivery_lag_hours: mean(lags).map(|mean| rounded(mean, 100.0)),
        total_views: views.total,
        total_reach: reach.total,
        avg_views: views.average,
        avg_reach: reach.average,
        avg_interactions: interactions.average,
        max_views: views.highest,
        max_reach: reach.highest,
        max_interactions: interactions.highest,
    }
}

/// Computes a creator's figures and level again and stores them. Called after the writes it has to see, in their
/// transaction; `None` when there is no such profile.
pub async fn recompute_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    creator: &CreatorId,
) -> Result<Option<Recomputed>, Failure> {
    let Some(profile) = super::store::find_in(session, db, creator).await? else { return Ok(None) };
    let stats = gather_in(session, db, creator).await?;
    let (level, progress) = (levels::level_of(&stats), levels::progress(&stats));
    if profile.stats != stats || profile.level != level || profile.level_progress != progress {
        let stored = bson::serialize_to_bson(&stats).map_err(anyhow::Error::from)?;
        let figures = doc! {
            "stats": stored, "level": level.as_str(), "level_progress": progress, "updated_at": date(now),
        };
        db.stored::<Creator>().update_one(doc! { "id": creator }, doc! { "$set": figures }).session(session).await?;
    }
    Ok(Some(Recomputed { before: profile.level, after: level }))
}

/// A creator's figures as a transaction sees the facts.
pub async fn gather_in(session: &mut ClientSession, db: &Db, creator: &CreatorId) -> Result<Stats, Failure> {
    let confirmed = doc! { "creator_id": creator, "status": ApplicationStatus::Confirmed.as_str() };
    let confirmed = db.stored::<Application>().count_documents(confirmed).session(&mut *session).await?;
    let unneeded = doc! { "status_history": 0, "review_notes": 0, "legacy_attempts": 0 };
    let deliverables: Vec<Deliverable> = of_creator(session, db, creator, unneeded).await?;
    let unneeded = doc! { "demographics": 0, "ai_raw_data": 0, "screenshots": 0 };
    let metrics: Vec<Metrics> = of_creator(session, db, creator, unneeded).await?;
    let ratings: Vec<Rating> = of_creator(session, db, creator, doc! { "comment": 0, "public_comment": 0 }).await?;
    Ok(compute(Facts {
        confirmed: i64::try_from(confirmed).unwrap_or(i64::MAX),
        deliverables: &deliverables,
        metrics: &metrics,
        ratings: &ratings,
    }))
}

async fn of_creator<T: Stored + serde::de::DeserializeOwned + Send + Sync>(
    session: &mut ClientSession,
    db: &Db,
    creator: &CreatorId,
    unneeded: bson::Document,
) -> Result<Vec<T>, Failure> {
    let all = db.stored::<T>();
    let found = all.find(doc! { "creator_id": creator }).projection(unneeded);
    let mut cursor = found.session(&mut *session).await?;
    Ok(cursor.stream(session).try_collect().await?)
}

/// Likes, comments, shares and saves; nothing when none of them is known.
fn interactions(of: &Metrics) -> Option<i64> {
    let is_known = [of.likes, of.comments, of.shares, of.saves].iter().any(Option::is_some);
    (is_known || of.total_interactions > 0).then_some(of.total_interactions)
}

/// One figure over all posts, by platform.
struct Figures {
    total: i64,
    average: BTreeMap<Platform, f64>,
    highest: BTreeMap<Platform, i64>,
}

impl Figures {
    fn of(posts: &[&Metrics], figure: impl Fn(&Metrics) -> Option<i64>) -> Self {
        let mut known: BTreeMap<Platform, Vec<i64>> = BTreeMap::new();
        for (platform, number) in posts.iter().filter_map(|one| Some((one.platform, figure(one)?))) {
            known.entry(platform).or_default().push(number);
        }
        let average = |numbers: &Vec<i64>| mean(numbers.iter().map(|number| *number as f64));
        Self {
            total: known.values().flatten().sum(),
            average: known.iter().filter_map(|(on, all)| Some((*on, rounded(average(all)?, 100.0)))).collect(),
            highest: known.iter().filter_map(|(on, all)| Some((*on, *all.iter().max()?))).collect(),
        }
    }
}

fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = numbers.fold((0.0, 0_u32), |(sum, count), number| (sum + number, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

fn percent(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| rounded(part as f64 / whole as f64 * 100.0, 10.0))
}

fn rounded(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts
}

#[cfg(test)]
mod tests {
    use bson::{DateTime, Document};

    use super::*;

    fn delivery(number: i32, status: &str, more: Document) -> Deliverable {
        let mut stored = doc! {
            "id": format!("d{number}"), "application_id": format!("a{number}"), "campaign_id": format!("c{}", number / 2),
            "creator_id": "c", "brand_id": "b", "platform": "instagram", "status": status,
            "instagram_url": format!("https://www.instagram.com/p/{number}/"),
            "published_at": DateTime::MIN, "is_on_time": true, "delivery_lag_hours": 0.0,
            "metrics_submitted_at": DateTime::MIN, "metrics_is_late": false, "created_at": DateTime::MIN,
        };
        stored.extend(more);
        bson::deserialize_from_document(stored).unwrap()
    }

    fn post(platform: &str, views: Option<i64>, more: Document) -> Metrics {
        let mut stored = doc! {
            "id": "m", "deliverable_id": "d", "application_id": "a", "creator_id": "c", "campaign_id": "c",
            "brand_id": "b", "platform": platform, "views": views, "submitted_at": DateTime::MIN,
            "created_at": DateTime::MIN,
        };
        stored.extend(more);
        bson::deserialize_from_document(stored).unwrap()
    }

    fn rating(stars: i32, hidden: bool) -> Rating {
        let stored = doc! {
            "id": "r", "deliverable_id": "d", "campaign_id": "c", "creator_id": "c", "brand_id": "b",
            "rating": stars, "hidden": hidden, "created_at": DateTime::MIN,
        };
        bson::deserialize_from_document(stored).unwrap()
    }

    #[test]
    fn legacy_defect_33_nothing_is_nothing_and_a_real_zero_is_zero() {
        let nothing = compare(&[]);
        assert_eq!((nothing.delivery_on_time_rate, nothing.metrics_on_time_rate), (None, None));
        assert_eq!((nothing.total_completed, nothing.avg_delivery_lag_hours), (0, None));
        let late = compare(&[delivery(1, "metrics_late", doc! { "metrics_is_late": true })]);
        assert_eq!((late.delivery_on_time_rate, late.metrics_on_time_rate), (Some(0.0), Some(0.0)));
        assert_eq!(late.total_completed, 1);
    }

    fn compare(deliverables: &[Deliverable]) -> Stats {
        compute(Facts { deliverables, ..Facts::default() })
    }

    #[test]
    fn delivered_work_counts_and_what_was_refused_or_ended_does_not() {
        let stats = compare(&[
            delivery(0, "completed", doc! {}),
            delivery(1, "metrics_submitted", doc! { "is_on_time": false, "delivery_lag_hours": 3.0 }),
            delivery(2, "metrics_verified", doc! {}),
            delivery(3, "published", doc! { "metrics_submitted_at": null, "delivery_lag_hours": 1.0 }),
            delivery(4, "rejected", doc! {}),
            delivery(5, "cancelled", doc! { "delivery_lag_hours": 99.0 }),
        ]);
        assert_eq!((stats.total_completed, stats.completed_campaigns), (3, 2));
        assert_eq!(stats.delivery_on_time_rate, Some(66.7));
        assert_eq!(stats.metrics_on_time_rate, Some(100.0));
        assert_eq!(stats.avg_delivery_lag_hours, Some(0.8), "over what was published, on time or not");
    }

    #[test]
    fn figures_skip_what_is_not_known_and_what_is_archived() {
        let metrics = [
            post("instagram", Some(100), doc! { "likes": 10_i64, "total_interactions": 10_i64 }),
            post("instagram", Some(301), doc! {}),
            post("instagram", None, doc! { "reach": 50_i64 }),
            post("tiktok", Some(0), doc! {}),
            post("tiktok", Some(9_000), doc! { "archived": true }),
        ];
        let ratings = [rating(5, false), rating(4, false), rating(4, false), rating(1, true)];
        let stats = compute(Facts { confirmed: 7, metrics: &metrics, ratings: &ratings, ..Facts::default() });
        assert_eq!((stats.total_campaigns, stats.avg_rating, stats.total_ratings), (7, 4.33, 3));
        assert_eq!((stats.total_views, stats.total_reach), (401, 50));
        assert_eq!(stats.avg_views[&Platform::Instagram], 200.5);
        assert_eq!((stats.avg_views[&Platform::Tiktok], stats.max_views[&Platform::Instagram]), (0.0, 301));
        assert_eq!(stats.avg_interactions.get(&Platform::Instagram), Some(&10.0));
        assert_eq!(stats.avg_interactions.get(&Platform::Tiktok), None);
    }
}
