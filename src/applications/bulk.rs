//! Many applications of one campaign at once, in the transaction of what ends them.

use bson::{Bson, doc};
use jiff::Timestamp;
use mongodb::ClientSession;

use super::cancel::{Ending, end_in};
use super::model::{Application, ApplicationStatus, CancelledBy};
use super::staff::entry;
use super::state::{Moment, Step};
use super::store;
use crate::app::App;
use crate::audit::{self, Action, Who};
use crate::campaigns::{DeliveryRules, tally};
use crate::db::{Lost, date};
use crate::deliverables::{DeliverableStatus, store as delivery_store};
use crate::failure::Failure;
use crate::news::{self, News, Rejection};
use crate::values::CampaignId;
use crate::waits;

/// More than any campaign has.
const ALL: i64 = 1_000_000;

/// Rejects a campaign's pending applications, at most so many, and tells their creators. How many there were. What the team
/// does is on record for each of them.
#[allow(clippy::too_many_arguments, reason = "each says something else about the same rejection")]
pub async fn reject_pending_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    who: &Who,
    campaign: &CampaignId,
    reason: &str,
    because: Rejection,
    limit: u32,
) -> Result<u64, Failure> {
    let db = &app.db;
    let calendar = &waits::calendar_in(session, db).await?;
    let moment = Moment { now, who, calendar, rules: &DeliveryRules::default() };
    let step = moment.entry(ApplicationStatus::Rejected.as_str(), Some(reason));
    let step = bson::serialize_to_bson(&step).map_err(anyhow::Error::from)?;
    let mut rejected = doc! {
        "status": ApplicationStatus::Rejected.as_str(),
        "rejected_at": date(now),
        "rejection_reason": reason,
        "updated_at": date(now),
    };
    let is_automatic = because == Rejection::Ended;
    if is_automatic {
        rejected.insert("auto_rejected", true);
    }
    let update = doc! { "$set": rejected, "$unset": { "waiting": "" }, "$push": { "status_history": step } };
    let (mut left, mut done) = (i64::from(limit), 0);
    for from in [ApplicationStatus::Applied, ApplicationStatus::Shortlisted] {
        if left == 0 {
            break;
        }
        let found = store::of_campaign_in(session, db, campaign, from, left).await?;
        if found.is_empty() {
            continue;
        }
        let ids: Vec<Bson> = found.iter().map(|one| one.id.clone().into()).collect();
        let expected = doc! { "id": { "$in": ids }, "status": from.as_str() };
        let written = db.stored::<Application>().update_many(expected, update.clone()).session(&mut *session).await?;
        if written.matched_count != found.len() as u64 {
            return Err(Lost.into());
        }
        let count = i32::try_from(found.len()).unwrap_or(i32::MAX);
        tally::move_in(session, db, campaign, from, ApplicationStatus::Rejected, count).await?;
        let mut rows = Vec::new();
        for before in found.iter().filter(|_| who.user_id.is_some()) {
            let mut after = before.clone();
            after.take(&Step::Reject(Some(reason), is_automatic), &moment)?;
            rows.push(entry(Action::UgcApplicationRejected, before, &after));
        }
        audit::record_all_in(session, db, now, who, rows).await?;
        let told: Vec<_> = found
            .iter()
            .map(|one| News::Rejected {
                application: one.id.clone(),
                reason: Some(reason.to_owned()),
                because,
                at: now,
            })
            .collect();
        news::tell_in(session, app, now, &told).await?;
        left -= i64::from(count);
        done += found.len() as u64;
    }
    Ok(done)
}

/// Ends a campaign's participations that aren't delivered, and tells their creators. How many there were. What the team
/// does is on record for each of them.
pub async fn cancel_confirmed_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    who: &Who,
    campaign: &CampaignId,
    reason: &str,
) -> Result<u64, Failure> {
    let db = &app.db;
    let calendar = &waits::calendar_in(session, db).await?;
    let ending = Ending { now, who, calendar, by: CancelledBy::Admin, reason: Some(reason) };
    let (mut told, mut rows) = (Vec::new(), Vec::new());
    for before in store::of_campaign_in(session, db, campaign, ApplicationStatus::Confirmed, ALL).await? {
        let delivery = delivery_store::of_application_in(session, db, &before.id).await?;
        let stays = delivery.as_ref().is_some_and(|one| {
            one.status == DeliverableStatus::Completed || one.may_cancel(CancelledBy::Admin).is_err()
        });
        if stays {
            continue;
        }
        let Some(after) = end_in(session, db, &ending, &before, delivery.as_ref()).await? else { continue };
        if who.user_id.is_some() {
            rows.push(entry(Action::UgcApplicationCancelled, &before, &after));
        }
        let (reason, with_campaign) = (reason.to_owned(), true);
        told.push(News::CancelledByStaff { application: before.id, reason, with_campaign, at: now });
    }
    audit::record_all_in(session, db, now, who, rows).await?;
    news::tell_in(session, app, now, &told).await?;
    Ok(told.len() as u64)
}
