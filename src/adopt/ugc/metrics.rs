//! The rule for statistics of posts: legacy `ugc_metrics` to canonical ones.
//!
//! - Figures of a cancelled attempt, and of a delivery that was reset since, are kept as archived. The previous system left
//!   them in place, so that there may be several of one post: the newest count and the others are archived.
//! - Sums are computed again; a retention above 100 % was made of the total watch time and stays behind.

use std::collections::{BTreeMap, HashMap};

use bson::{Bson, DateTime, Document, RawDocument};

use super::super::leaf::id_bytes;
use super::super::rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Outcome, Rule};
use super::keys::Keys;
use super::lists::platform;
use super::made::{document, refused};
use super::row::{Codes, Row};
use super::world::World;
use crate::db::Declared;
use crate::metrics::Metrics;
use crate::values::{DeliverableId, Platform};

/// How these rows are told.
const CODES: Codes = Codes { key: "metric_id", date: "metrics.date_invalid", unreadable: "metrics.value_unreadable" };

/// The rule for statistics.
pub struct Statistics;

impl Rule for Statistics {
    fn name(&self) -> &'static str {
        "metrics"
    }

    fn source(&self) -> &'static str {
        "ugc_metrics"
    }

    fn target(&self) -> Declared {
        Declared::of::<Metrics>()
    }

    fn version(&self) -> i32 {
        2
    }

    fn look_ups(&self) -> &'static [LookUp] {
        &super::world::LOOK_UPS
    }

    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[&["id"]]
    }

    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        Box::new(Prepared { world: World::from(frozen) })
    }
}

struct Prepared {
    world: World,
}

impl Adopt for Prepared {
    fn adopt(&self, raw: &RawDocument) -> Adopted {
        let mut row = Row::of(raw, self.world.shift, &CODES);
        if !row.key().is_some_and(|key| self.world.posts.keys.owns(raw, key)) {
            return refused(row, "metrics.id_duplicate");
        }
        let is_multi = row.stored("platform") == Some("multi");
        match canonical(&mut row, &self.world) {
            Err(code) => refused(row, code),
            Ok(mut made) => {
                if self.world.posts.is_outdated(raw, &made) {
                    row.notice(Noticed::converted("metrics.post_duplicate"));
                    made.archived = true;
                }
                let mut made = document(row.row_id(), &made);
                if let Some(made) = made.as_mut().filter(|_| is_multi) {
                    made.insert("needs_verification", true);
                }
                let outcome = made.map_or(Outcome::Refuse, Outcome::Write);
                Adopted { id: row.shown(), outcome, findings: row.into_findings() }
            }
        }
    }
}

/// The statistics of every row that is adopted, and which of them count for each post.
#[derive(Debug, Default)]
pub struct Posts {
    keys: Keys,
    newest: HashMap<(DeliverableId, Platform), Newest>,
    made: Vec<Metrics>,
}

/// When figures arrived and whose they are; the last in this order count.
type Newest = (DateTime, DateTime, Vec<u8>);

impl Posts {
    /// Decides over all rows, by the delivery and the platform they are adopted with.
    pub fn of(frozen: &Frozen, world: &World) -> Self {
        let rows = frozen.source("ugc_metrics");
        let mut posts = Self { keys: Keys::of(rows, &CODES), ..Self::default() };
        let mut found = BTreeMap::new();
        for raw in rows {
            let mut row = Row::of(raw, frozen.shift(), &CODES);
            if !row.key().is_some_and(|key| posts.keys.owns(raw, key)) {
                continue;
            }
            let Ok(made) = canonical(&mut row, world) else { continue };
            if !made.archived {
                let arrived = (made.submitted_at, made.created_at, id_bytes(raw));
                let newest = posts.newest.entry(post(&made)).or_insert_with(|| arrived.clone());
                *newest = arrived.max(newest.clone());
            }
            found.insert(id_bytes(raw), made);
        }
        for (row, mut made) in found {
            made.archived |= posts.newest.get(&post(&made)).is_none_or(|(.., newest)| *newest != row);
            posts.made.push(made);
        }
        posts
    }

    /// Whether newer figures of the same post count instead of this row's.
    fn is_outdated(&self, raw: &RawDocument, made: &Metrics) -> bool {
        !made.archived && self.newest.get(&post(made)).is_some_and(|(.., newest)| *newest != id_bytes(raw))
    }

    /// All of them, with those archived that don't count.
    pub fn iter(&self) -> impl Iterator<Item = &Metrics> {
        self.made.iter()
    }
}

/// Which post figures are of.
fn post(made: &Metrics) -> (DeliverableId, Platform) {
    (made.deliverable_id.clone(), made.platform)
}

/// The statistics of a row, or why there are none.
fn canonical(row: &mut Row<'_>, world: &World) -> Result<Metrics, &'static str> {
    const DANGLING: &str = "metrics.dangling";
    let said = row.text("deliverable_id").ok_or(DANGLING)?;
    let (deliverable_id, is_itself) = world.survivors.find(&said).ok_or(DANGLING)?;
    let application = world.survivors.application_of(deliverable_id.as_str()).ok_or(DANGLING)?;
    let delivery = world.deliveries.of_application(application).ok_or(DANGLING)?;
    let created_at = row.made_at(&["created_at", "submitted_at"]).ok_or("metrics.created_at_absent")?;
    let key = row.key().ok_or("metrics.key_absent")?.to_owned();
    let platform = place(row, delivery.platform)?;
    let submitted_at = row.moment("submitted_at").unwrap_or(created_at);
    let was_reset = delivery.admin_reset_at.zip(delivery.metrics_submitted_at);
    let was_reset = was_reset.is_some_and(|(reset, again)| submitted_at < reset && reset < again);
    let is_of_now = is_itself && delivery.metrics_submitted_at.is_some() && !was_reset;
    let archived = row.flag("archived").unwrap_or(false) || !is_of_now;
    row.notice_if(archived, Noticed::converted("metrics.deliverable_not_submitted"));
    let mut count = |field: &str| row.integer(field).filter(|number| *number >= 0);
    let [views, reach, likes, comments, shares, saves] =
        ["views", "reach", "likes", "comments", "shares", "saves"].map(&mut count);
    let interactions = [likes, comments, shares, saves].into_iter().flatten().sum::<i64>();
    let length = row.value("video_length_seconds");
    row.notice_if(length.is_some_and(|length| length.as_f64().is_some()), Noticed::converted("metrics.length_double"));
    let (watch, length) = (row.integer("watch_time_seconds"), row.integer("video_length_seconds"));
    let made = Metrics {
        id: key,
        deliverable_id,
        application_id: delivery.application_id.clone(),
        creator_id: delivery.creator_id.clone(),
        campaign_id: delivery.campaign_id.clone(),
        brand_id: delivery.brand_id.clone(),
        platform,
        views,
        reach,
        likes,
        comments,
        shares,
        saves,
        watch_time_seconds: watch,
        video_length_seconds: length,
        retention_rate: retention(row, watch, length),
        total_interactions: interactions,
        engagement_rate: views.filter(|views| *views > 0).map(|views| hundredths(interactions, views)),
        demographics: row.part("demographics").map(|part| with_percentages(part.whole())),
        screenshots: row.texts("screenshots"),
        screenshots_count: screenshots(row),
        screenshot_day: row.integer("screenshot_day"),
        ai_status: row
            .text("ai_status")
            .or_else(|| row.flag("ai_extracted").filter(|read| *read).map(|_| "done".into())),
        ai_extracted: row.flag("ai_extracted").unwrap_or(false),
        ai_confidence: row.number("ai_confidence"),
        ai_raw_data: row.part("ai_raw_data").map(|part| part.whole()),
        manual_fields: row.texts("manual_fields"),
        manually_verified: row.flag("manually_verified").unwrap_or(false),
        verified_by: row.text("verified_by"),
        verified_at: row.moment("verified_at"),
        is_late: delivery.metrics_is_late.unwrap_or_else(|| row.flag("is_late").unwrap_or(false)),
        submitted_at,
        archived,
        created_at,
        updated_at: row.moment("updated_at"),
    };
    Ok(made)
}

/// The platform; rows that spoke of both at once are the primary one's.
fn place(row: &mut Row<'_>, primary: Platform) -> Result<Platform, &'static str> {
    match row.text("platform").as_deref() {
        Some("multi") => {
            row.notice(Noticed::converted("metrics.platform_multi"));
            Ok(primary)
        }
        Some(name) => platform(name).ok_or("metrics.platform_unknown"),
        None => Err("metrics.platform_unknown"),
    }
}

/// Percent of the video that was watched. A share above 100 is none.
fn retention(row: &mut Row<'_>, watch: Option<i64>, length: Option<i64>) -> Option<f64> {
    let stored = row.number("retention_rate");
    row.notice_if(stored.is_some_and(|rate| rate > 100.0), Noticed::refused("metrics.retention_over_100"));
    let computed = watch.zip(length.filter(|length| *length > 0)).map(|(watch, length)| hundredths(watch, length));
    computed.or(stored).filter(|rate| (0.0..=100.0).contains(rate))
}

/// Percent, two decimals.
fn hundredths(part: i64, whole: i64) -> f64 {
    (part as f64 / whole as f64 * 10_000.0).round() / 100.0
}

fn screenshots(row: &mut Row<'_>) -> i64 {
    if let Some(bson::RawBsonRef::Document(counts)) = row.value("screenshots_count") {
        row.notice(Noticed::converted("metrics.screenshots_object"));
        return counts.iter().flatten().filter_map(|(_, count)| count.as_i32().map(i64::from).or(count.as_i64())).sum();
    }
    row.integer("screenshots_count").unwrap_or(0)
}

/// Shares of an audience, whose key was once `percent`.
fn with_percentages(document: Document) -> Document {
    let renamed = document.into_iter().map(|(field, value)| {
        let field = if field == "percent" { "percentage".to_owned() } else { field };
        let value = match value {
            Bson::Document(part) => Bson::Document(with_percentages(part)),
            Bson::Array(parts) => Bson::Array(
                parts
                    .into_iter()
                    .map(|part| match part {
                        Bson::Document(part) => Bson::Document(with_percentages(part)),
                        other => other,
                    })
                    .collect(),
            ),
            other => other,
        };
        (field, value)
    });
    renamed.collect()
}

#[cfg(test)]
mod tests {
    use bson::doc;

    use super::*;

    #[test]
    fn legacy_defect_36_the_key_of_a_share_is_always_percentage() {
        let found = doc! { "countries": [{ "country": "Paraguay", "percent": 82.0 }], "gender": { "male": 40.0 } };
        let made = doc! { "countries": [{ "country": "Paraguay", "percentage": 82.0 }], "gender": { "male": 40.0 } };
        assert_eq!(with_percentages(found), made);
    }

    #[test]
    fn rates_have_two_decimals() {
        assert_eq!(hundredths(314, 5687), 5.52);
        assert_eq!(hundredths(0, 5), 0.0);
    }
}
