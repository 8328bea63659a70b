//! All campaign collections of the previous system at once: what each row is, and what it means for the others.
//!
//! Every rule sees the same world, built in one order: people, campaigns, applications, which deliveries stay, ratings,
//! deliveries, metrics.

use std::collections::BTreeMap;

use bson::{DateTime, Document};

use super::super::rule::{Frozen, LookUp};
use super::super::shift::Shift;
use super::applications::{Fact, Facts};
use super::campaigns::Offers;
use super::deliverables::{Around, Deliveries, Survivors, computed};
use super::people::{self, People};
use super::{metrics, ratings};
use crate::applications::ApplicationStatus;
use crate::campaigns::model::Tally;
use crate::creators::stats;
use crate::db::date;
use crate::deliverables::Deliverable;
use crate::metrics::Metrics;
use crate::reputation::Rating;
use crate::values::{ApplicationId, CampaignId, CreatorId};

/// What the world is made from.
pub const LOOK_UPS: [LookUp; 9] = [
    people::LOOK_UPS[0],
    people::LOOK_UPS[1],
    LookUp::Rows { collection: "ugc_brands" },
    LookUp::Rows { collection: "ugc_campaigns" },
    LookUp::Rows { collection: "ugc_applications" },
    LookUp::Rows { collection: "ugc_deliverables" },
    LookUp::Rows { collection: "ugc_ratings" },
    LookUp::Rows { collection: "ugc_reviews" },
    LookUp::Rows { collection: "ugc_metrics" },
];

/// The world and one thing more.
pub const fn and(one: LookUp) -> [LookUp; 10] {
    let [a, b, c, d, e, f, g, h, i] = LOOK_UPS;
    [a, b, c, d, e, f, g, h, i, one]
}

/// What the rules know of each other's rows.
#[derive(Debug, Default)]
pub struct World {
    /// By how much business dates move.
    pub shift: Shift,
    /// Accounts and creators.
    pub people: People,
    /// Campaigns and brands.
    pub offers: Offers,
    /// Applications.
    pub applications: Facts,
    /// Which deliveries stay.
    pub survivors: Survivors,
    /// Which rating counts for each delivery.
    pub ratings: ratings::Winners,
    /// The deliveries that stay.
    pub deliveries: Deliveries,
    /// The statistics of their posts.
    pub posts: metrics::Posts,
    work: BTreeMap<CreatorId, Work>,
}

/// What one creator did.
#[derive(Debug, Default)]
struct Work {
    confirmed: i64,
    deliverables: Vec<Deliverable>,
    metrics: Vec<Metrics>,
    ratings: Vec<Rating>,
}

impl From<&Frozen> for World {
    fn from(frozen: &Frozen) -> Self {
        let (people, offers) = (People::from(frozen), Offers::from(frozen));
        let applications = Facts::of(frozen, &people, &offers);
        let survivors = Survivors::of(frozen, &applications);
        let mut world = Self { shift: frozen.shift(), people, offers, applications, survivors, ..Self::default() };
        world.ratings = ratings::Winners::of(frozen, &world);
        world.deliveries = Deliveries::of(frozen, &world);
        world.posts = metrics::Posts::of(frozen, &world);
        let mut work: BTreeMap<CreatorId, Work> = BTreeMap::new();
        for fact in world.applications.facts().filter(|fact| fact.status == ApplicationStatus::Confirmed) {
            work.entry(fact.creator_id.clone()).or_default().confirmed += 1;
        }
        for made in world.deliveries.iter() {
            work.entry(made.creator_id.clone()).or_default().deliverables.push(made.clone());
        }
        for made in world.posts.iter() {
            work.entry(made.creator_id.clone()).or_default().metrics.push(made.clone());
        }
        for rating in world.ratings.iter() {
            work.entry(rating.creator_id.clone()).or_default().ratings.push(rating.clone());
        }
        world.work = work;
        world
    }
}

impl World {
    /// What a creator's figures are made of.
    pub fn facts_of(&self, creator: &CreatorId) -> stats::Facts<'_> {
        let Some(work) = self.work.get(creator) else { return stats::Facts::default() };
        stats::Facts {
            confirmed: work.confirmed,
            deliverables: &work.deliverables,
            metrics: &work.metrics,
            ratings: &work.ratings,
        }
    }

    /// Whether a creator has a confirmed application.
    pub fn is_confirmed_anywhere(&self, creator: &str) -> bool {
        self.work.get(&CreatorId::of(creator)).is_some_and(|work| work.confirmed > 0)
    }

    /// What the delivery of an application is made of besides its row.
    pub fn around(&self, application: &ApplicationId, past: Vec<Document>) -> Option<Around<'_>> {
        let application = self.applications.find(application.as_str())?;
        let offer = self.offers.campaign(application.campaign_id.as_str())?;
        let person = self.people.creator(application.creator_id.as_str())?;
        Some(Around { application, offer, person, rating: self.ratings.of_application(&application.id), past })
    }

    /// The deadlines of an application: its delivery's, else the promised ones, else the campaign's.
    pub fn deadlines_of(&self, fact: &Fact) -> (Option<DateTime>, Option<DateTime>) {
        if let Some(made) = self.deliveries.of_application(&fact.id) {
            return (made.url_deadline, made.metrics_deadline);
        }
        let offer = self.offers.campaign(fact.campaign_id.as_str());
        let due = offer.and_then(|offer| computed(offer, fact.confirmed_at));
        (fact.url_deadline.or(due.map(|due| date(due.url))), fact.metrics_deadline.or(due.map(|due| date(due.metrics))))
    }

    /// The counts of a campaign.
    pub fn tally(&self, campaign: &CampaignId) -> Tally {
        let mut tally = Tally::default();
        for fact in self.applications.facts().filter(|fact| fact.campaign_id == *campaign) {
            *match fact.status {
                ApplicationStatus::Applied => &mut tally.applied,
                ApplicationStatus::Shortlisted => &mut tally.shortlisted,
                ApplicationStatus::Confirmed => &mut tally.confirmed,
                ApplicationStatus::Rejected => &mut tally.rejected,
                ApplicationStatus::Withdrawn => &mut tally.withdrawn,
                ApplicationStatus::Cancelled => &mut tally.cancelled,
            } += 1;
            let made = self.deliveries.of_application(&fact.id);
            if let Some(made) = made.filter(|_| fact.status == ApplicationStatus::Confirmed) {
                tally.with_url += i32::from(made.has_url());
                tally.with_metrics += i32::from(made.has_metrics());
            }
            if let Some(made) = made {
                tally.next_url_due = earliest(tally.next_url_due, made.owes_url_by);
                tally.next_metrics_due = earliest(tally.next_metrics_due, made.owes_metrics_by);
            }
        }
        tally
    }
}

fn earliest(a: Option<DateTime>, b: Option<DateTime>) -> Option<DateTime> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}
