//! Reading deliveries, and storing one with everything that follows from its change.

use bson::doc;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::model::Deliverable;
use super::posts;
use crate::applications::model::{Application, ApplicationStatus};
use crate::campaigns::tally::{self, Change};
use crate::creators::stats;
use crate::db::{Db, date, write_change_in};
use crate::failure::Failure;
use crate::values::{ApplicationId, DeliverableId};
use crate::{metrics, reputation};

/// A delivery by its id.
pub async fn find(db: &Db, id: &DeliverableId) -> Result<Option<Deliverable>, Failure> {
    Ok(db.stored::<Deliverable>().find_one(doc! { "id": id }).await?)
}

/// A delivery by its id, as a transaction sees it.
pub async fn find_in(session: &mut ClientSession, db: &Db, id: &DeliverableId) -> Result<Option<Deliverable>, Failure> {
    Ok(db.stored::<Deliverable>().find_one(doc! { "id": id }).session(session).await?)
}

/// The delivery of an application, as a transaction sees it.
pub async fn of_application_in(
    session: &mut ClientSession,
    db: &Db,
    application: &ApplicationId,
) -> Result<Option<Deliverable>, Failure> {
    Ok(db.stored::<Deliverable>().find_one(doc! { "application_id": application }).session(session).await?)
}

/// Stores a delivery as a step left it: its posts are exchanged, the application's copy of the deadlines follows, and what
/// it no longer has is archived or hidden. The counts and the creator's figures are [`settle_in`]'s.
pub async fn save_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    before: &Deliverable,
    after: &Deliverable,
) -> Result<(), Failure> {
    posts::exchange_in(session, db, now, before, after).await?;
    write_change_in(session, db, before, after).await?;
    if (before.url_deadline, before.metrics_deadline) != (after.url_deadline, after.metrics_deadline) {
        let deadlines = doc! {
            "url_deadline": after.url_deadline,
            "metrics_deadline": after.metrics_deadline,
            "updated_at": date(now),
        };
        let applications = db.stored::<Application>();
        let copy = applications.update_one(doc! { "id": &after.application_id }, doc! { "$set": deadlines });
        if copy.session(&mut *session).await?.matched_count == 0 {
            return Err(anyhow::anyhow!("the delivery {} has no application", after.id).into());
        }
    }
    if before.has_metrics() && !after.has_metrics() {
        metrics::store::archive_in(session, db, now, &after.id).await?;
        reputation::store::hide_in(session, db, now, &after.id).await?;
    }
    Ok(())
}

/// Where an application and its delivery stand, as far as counts go.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// None: there is no application yet.
    pub application: Option<ApplicationStatus>,
    /// None: there is no delivery.
    pub deliverable: Option<&'a Deliverable>,
}

impl Standing<'_> {
    fn counts(&self) -> (i32, i32) {
        let counted = self.deliverable.filter(|_| self.application == Some(ApplicationStatus::Confirmed));
        counted.map_or((0, 0), |one| (i32::from(one.has_url()), i32::from(one.has_metrics())))
    }

    fn owed(&self) -> (Option<bson::DateTime>, Option<bson::DateTime>) {
        self.deliverable.map_or((None, None), |one| (one.owes_url_by, one.owes_metrics_by))
    }

    /// What going from here to there changes in the campaign's counts.
    pub fn change_to(&self, after: &Self) -> Change {
        let (has, had) = (after.counts(), self.counts());
        let is_moved = self.application != after.application;
        Change {
            from: self.application.filter(|_| is_moved),
            to: after.application.filter(|_| is_moved),
            with_url: has.0 - had.0,
            with_metrics: has.1 - had.1,
            dues: self.owed() != after.owed(),
        }
    }
}

/// Brings the campaign's counts and the creator's figures up to date, after everything else was written.
pub async fn settle_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    of: &Deliverable,
    change: Change,
) -> Result<(), Failure> {
    tally::record_in(session, db, &of.campaign_id, change).await?;
    stats::recompute_in(session, db, now, &of.creator_id).await?;
    Ok(())
}
