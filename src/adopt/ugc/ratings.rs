//! The rules for ratings: three places of the previous system to one.
//!
//! Ratings stand in the delivery they speak of, in `ugc_ratings` and in `ugc_reviews`. A delivery has one: of several the
//! newest counts, and the others become part of it.

use std::collections::BTreeMap;

use bson::{Bson, DateTime, Document, RawDocument, doc};

use super::super::leaf::id_bytes;
use super::super::rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Outcome, Rule};
use super::super::shift::Shift;
use super::deliverables;
use super::made::{derived_id, document, refused};
use super::row::{Codes, Row};
use super::world::World;
use crate::db::Declared;
use crate::reputation::Rating;
use crate::values::{ApplicationId, BrandId, DeliverableId};

/// How rows of `ugc_ratings` are told.
const RATINGS: Codes = Codes { key: "rating_id", date: "rating.date_invalid", unreadable: "rating.value_unreadable" };
/// How rows of `ugc_reviews` are told.
const REVIEWS: Codes = Codes { key: "review_id", date: "rating.date_invalid", unreadable: "rating.value_unreadable" };

/// A rule for ratings in one place.
pub struct Ratings {
    name: &'static str,
    source: &'static str,
}

/// Ratings in the delivery they speak of.
pub const EMBEDDED: Ratings = Ratings { name: "embedded_ratings", source: "ugc_deliverables" };
/// Ratings in their own collection.
pub const OWN: Ratings = Ratings { name: "ratings", source: "ugc_ratings" };
/// Reviews, an older twin.
pub const OLDER: Ratings = Ratings { name: "reviews", source: "ugc_reviews" };

impl Rule for Ratings {
    fn name(&self) -> &'static str {
        self.name
    }

    fn source(&self) -> &'static str {
        self.source
    }

    fn filter(&self) -> Document {
        if self.source == EMBEDDED.source {
            doc! { "brand_rating": { "$type": "object" } }
        } else {
            Document::new()
        }
    }

    fn target(&self) -> Declared {
        Declared::of::<Rating>()
    }

    fn version(&self) -> i32 {
        1
    }

    fn look_ups(&self) -> &'static [LookUp] {
        &super::world::LOOK_UPS
    }

    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[&["id"], &["deliverable_id"]]
    }

    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        Box::new(Prepared { world: World::from(frozen), source: self.source })
    }
}

struct Prepared {
    world: World,
    source: &'static str,
}

impl Adopt for Prepared {
    fn adopt(&self, raw: &RawDocument) -> Adopted {
        let mut row = row_of(raw, self.source, self.world.shift);
        row.notice_if(self.source == EMBEDDED.source, Noticed::converted("rating.embedded"));
        let Some((application, rating)) = read(&mut row, self.source, &self.world) else {
            let is_known = find(&mut row, self.source, &self.world).is_some();
            return refused(row, if is_known { "rating.value_unreadable" } else { "rating.dangling" });
        };
        let outcome = match self.world.ratings.0.get(&application) {
            Some(winner) if winner.is(raw, self.source) => {
                document(row.row_id(), &rating).map_or(Outcome::Refuse, Outcome::Write)
            }
            Some(winner) => {
                row.notice(Noticed::converted("rating.superseded"));
                Outcome::Fold { into: winner.row_id.clone() }
            }
            None => return refused(row, "rating.came_meanwhile"),
        };
        Adopted { id: row.shown(), outcome, findings: row.into_findings() }
    }
}

/// The rating that counts for each application's delivery.
#[derive(Debug, Default)]
pub struct Winners(BTreeMap<ApplicationId, Winner>);

#[derive(Debug)]
struct Winner {
    source: &'static str,
    row: Vec<u8>,
    row_id: Bson,
    at: DateTime,
    rating: Rating,
}

impl Winner {
    fn is(&self, raw: &RawDocument, source: &str) -> bool {
        self.source == source && self.row == id_bytes(raw)
    }
}

impl Winners {
    /// Decides over all three places. Of equally new ones the one in its own collection counts.
    pub fn of(frozen: &Frozen, world: &World) -> Self {
        let mut winners = BTreeMap::<ApplicationId, Winner>::new();
        for source in [OWN.source, EMBEDDED.source, OLDER.source] {
            for raw in frozen.source(source) {
                let mut row = row_of(raw, source, frozen.shift());
                let Some((application, rating)) = read(&mut row, source, world) else { continue };
                let at = rating.updated_at.unwrap_or(rating.created_at);
                if winners.get(&application).is_none_or(|winner| at > winner.at) {
                    let winner = Winner { source, row: id_bytes(raw), row_id: row.row_id(), at, rating };
                    winners.insert(application, winner);
                }
            }
        }
        Self(winners)
    }

    /// The rating of an application's delivery.
    pub fn of_application(&self, application: &ApplicationId) -> Option<&Rating> {
        self.0.get(application).map(|winner| &winner.rating)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Rating> {
        self.0.values().map(|winner| &winner.rating)
    }
}

fn row_of<'a>(raw: &'a RawDocument, source: &str, shift: Shift) -> Row<'a> {
    let codes = match source {
        "ugc_deliverables" => &deliverables::CODES,
        "ugc_reviews" => &REVIEWS,
        _ => &RATINGS,
    };
    Row::of(raw, shift, codes)
}

/// The delivery a row speaks of: its key as adopted, and its application's.
fn find(row: &mut Row<'_>, source: &str, world: &World) -> Option<(DeliverableId, ApplicationId)> {
    let key = match source {
        "ugc_deliverables" => row.key().map(str::to_owned),
        _ => row.text("deliverable_id"),
    }?;
    let (delivery, _) = world.survivors.find(&key)?;
    Some((delivery.clone(), world.survivors.application_of(delivery.as_str())?.clone()))
}

/// The rating of a row, and the application it belongs to.
fn read(row: &mut Row<'_>, source: &'static str, world: &World) -> Option<(ApplicationId, Rating)> {
    let (delivery, application) = find(row, source, world)?;
    let fact = world.applications.find(application.as_str())?;
    let offer = world.offers.campaign(fact.campaign_id.as_str())?;
    let id = match source {
        "ugc_deliverables" => derived_id(&["rating", row.key()?]),
        _ => row.key().map_or_else(|| derived_id(&["rating", &row.shown()]), str::to_owned),
    };
    let mut part = match source {
        "ugc_deliverables" => row.part("brand_rating")?,
        _ => Row::of(row.raw(), world.shift, &RATINGS),
    };
    let stars = part.small("rating").filter(|stars| (1..=5).contains(stars))?;
    let given = part.text("rated_by_brand").or_else(|| part.text("brand_id"));
    let brand = given.and_then(|key| world.offers.brand_keys.resolve(&key).map(BrandId::of));
    let brand_id = brand.unwrap_or_else(|| offer.brand_id.clone());
    let rating = Rating {
        id,
        deliverable_id: delivery,
        campaign_id: fact.campaign_id.clone(),
        creator_id: fact.creator_id.clone(),
        brand_name: part
            .text("brand_name")
            .or_else(|| world.offers.company(brand_id.as_str()).map(|name| name.trim().to_owned())),
        brand_id,
        rating: stars,
        comment: part.text("comment"),
        public_comment: part.text("public_comment"),
        hidden: part.flag("hidden").unwrap_or(false),
        rated_by: part.text("rated_by"),
        created_at: part.moment("rated_at").or_else(|| part.moment("created_at")).or_else(|| row.made_at(&[]))?,
        updated_at: part.moment("updated_at"),
    };
    Some((application, rating))
}
