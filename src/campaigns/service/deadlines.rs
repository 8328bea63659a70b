//! Moving the deadlines of everybody confirmed, on their applications and on their deliveries, in one transaction.

use std::collections::HashMap;

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;

use crate::applications::model::{Application, ApplicationStatus};
use crate::campaigns::propagation::{Confirmed, Delivery, Participant};
use crate::campaigns::tally;
use crate::db::{Db, Lost, Stored, date};
use crate::deliverables::model::{Deliverable, DeliverableStatus};
use crate::failure::Failure;
use crate::news::DeadlineMove;
use crate::values::{ApplicationId, CampaignId};
use crate::waits::Period;

/// Updates sent in one command.
const BATCH: usize = 500;

/// Everybody confirmed in a campaign with their delivery, in two queries.
pub(super) async fn participants_in(
    session: &mut ClientSession,
    db: &Db,
    id: &CampaignId,
) -> Result<Vec<Participant>, Failure> {
    let confirmed = doc! { "campaign_id": id, "status": ApplicationStatus::Confirmed };
    let mut cursor = db
        .live
        .collection::<Confirmed>(Application::COLLECTION)
        .find(confirmed)
        .projection(doc! { "_id": 0, "id": 1, "creator_id": 1, "confirmed_at": 1 })
        .session(&mut *session)
        .await?;
    let applications: Vec<Confirmed> = cursor.stream(&mut *session).try_collect().await?;
    if applications.is_empty() {
        return Ok(Vec::new());
    }
    let fields = doc! {
        "_id": 0, "id": 1, "application_id": 1, "status": 1, "instagram_url": 1, "tiktok_url": 1,
        "metrics_submitted_at": 1, "url_deadline": 1, "metrics_deadline": 1, "waiting": 1,
    };
    let mut cursor = db
        .live
        .collection::<Delivery>(Deliverable::COLLECTION)
        .find(doc! { "campaign_id": id })
        .projection(fields)
        .session(&mut *session)
        .await?;
    let deliveries: Vec<Delivery> = cursor.stream(session).try_collect().await?;
    let mut by_application: HashMap<ApplicationId, Delivery> =
        deliveries.into_iter().map(|one| (one.application_id.clone(), one)).collect();
    let mut people: Vec<_> = applications
        .into_iter()
        .filter_map(|application| {
            let delivery = by_application.remove(&application.id)?;
            Some(Participant { application, delivery })
        })
        .collect();
    people.sort_by(|a, b| a.application.id.cmp(&b.application.id));
    Ok(people)
}

/// What one person's deadlines become.
pub(super) struct Write<'a> {
    pub person: &'a Participant,
    pub url: Option<DateTime>,
    pub metrics: Option<DateTime>,
}

/// The writes of a change: only the kinds that move.
pub(super) fn writes<'a>(people: &'a [Participant], moved: &[DeadlineMove]) -> Vec<Write<'a>> {
    let by_id: HashMap<_, _> = moved.iter().map(|one| (&one.application_id, one)).collect();
    let write = |person: &'a Participant| {
        let one = by_id.get(&person.application.id)?;
        let moves = |(before, after): (DateTime, DateTime)| (before != after).then_some(after);
        Some(Write { person, url: moves(one.url), metrics: moves(one.metrics) })
    };
    people.iter().filter_map(write).collect()
}

/// Writes deadlines on both documents of each person, and the campaign's next ones.
pub(super) async fn write_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    id: &CampaignId,
    writes: &[Write<'_>],
) -> Result<(), Failure> {
    for batch in writes.chunks(BATCH) {
        let deliveries = batch.iter().map(|write| delivery_update(write, now)).collect();
        send(session, db, Deliverable::COLLECTION, deliveries).await?;
        let applications = batch.iter().map(|write| application_update(write, now)).collect();
        send(session, db, Application::COLLECTION, applications).await?;
    }
    if writes.is_empty() {
        return Ok(());
    }
    tally::record_in(session, db, id, tally::Change { dues: true, ..tally::Change::default() }).await
}

fn delivery_update(write: &Write<'_>, now: Timestamp) -> Document {
    let delivery = &write.person.delivery;
    let mut set = doc! { "updated_at": date(now) };
    if let Some(url) = write.url {
        set.extend(doc! { "url_deadline": url, "owes_url_by": url });
    }
    if let Some(metrics) = write.metrics {
        set.extend(doc! { "metrics_deadline": metrics, "metrics_window_closes": metrics, "owes_metrics_by": metrics });
    }
    // Whoever waits for the deadline itself waits for the new one.
    let waits_for = match delivery.status {
        DeliverableStatus::AwaitingPublish => write.url,
        _ => write.metrics,
    };
    let waits = delivery.waiting.as_ref().is_some_and(|waiting| waiting.period == Period::Deadline);
    if let Some(due) = waits_for.filter(|_| waits) {
        set.extend(doc! { "waiting.due_at": due, "waiting.promised_at": due, "waiting.escalations": 0 });
    }
    doc! { "q": { "id": &delivery.id, "status": delivery.status }, "u": { "$set": set } }
}

fn application_update(write: &Write<'_>, now: Timestamp) -> Document {
    let application = &write.person.application;
    let mut set = doc! { "updated_at": date(now) };
    if let Some(url) = write.url {
        set.insert("url_deadline", url);
    }
    if let Some(metrics) = write.metrics {
        set.insert("metrics_deadline", metrics);
    }
    let expected = doc! {
        "id": &application.id,
        "status": ApplicationStatus::Confirmed,
        "confirmed_at": application.confirmed_at,
    };
    doc! { "q": expected, "u": { "$set": set } }
}

/// One command for many documents; all of them have to be as they were read.
async fn send(session: &mut ClientSession, db: &Db, collection: &str, updates: Vec<Document>) -> Result<(), Failure> {
    let wanted = i64::try_from(updates.len()).unwrap_or(i64::MAX);
    let command = doc! { "update": collection, "updates": updates, "ordered": true };
    let answer = db.live.run_command(command).session(session).await?;
    let matched = match answer.get("n") {
        Some(bson::Bson::Int32(n)) => i64::from(*n),
        Some(bson::Bson::Int64(n)) => *n,
        _ => 0,
    };
    let has_errors = answer.get_array("writeErrors").is_ok_and(|errors| !errors.is_empty());
    if matched == wanted && !has_errors { Ok(()) } else { Err(Lost.into()) }
}
