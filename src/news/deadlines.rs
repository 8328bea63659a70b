//! Deadlines that moved: the notice at once, the mail once the change can no longer be undone.

use std::collections::BTreeMap;

use bson::doc;
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::event::DeadlineMove;
use super::facts::{Facts, Stage, Wanted};
use super::told::{Outgoing, Told, Ways};
use crate::app::App;
use crate::db::{Db, Stored};
use crate::deliverables::Deliverable;
use crate::failure::Failure;
use crate::i18n::news::{self as shared, creator as words};
use crate::mail::templates::{CampaignCode as Code, LetterRow};
use crate::notifications::{self, PersonalType as Kind};
use crate::values::CampaignId;

/// Deliveries in one query.
const TOGETHER: usize = 500;

/// What the notices of a change begin with.
fn prefix(change: &str) -> String {
    format!("{}:{change}", Code::E18.as_str())
}

/// Old and new of what moved.
pub(super) fn told(facts: &Facts, stage: Stage<'_>, change: &str, one: &DeadlineMove) -> Told {
    let said = |(before, after): (bson::DateTime, bson::DateTime)| words::moved(&facts.by(before), &facts.by(after));
    let (url, metrics) = (said(one.url), said(one.metrics));
    let (mut short, mut rows) = (Vec::new(), Vec::new());
    if one.moves_url() {
        short.push(words::url_moved(&url));
        rows.push(LetterRow::new(shared::URL_DEADLINE, url));
    }
    if one.moves_metrics() {
        short.push(words::metrics_moved(&metrics));
        rows.push(LetterRow::new(shared::METRICS_DEADLINE, metrics));
    }
    Told::coded(Code::E18, Kind::DeadlineChanged, format!("{change}:{}", one.application_id))
        .saying(words::deadlines_changed(&stage.campaign.name), short.join(" "))
        .leading(words::DEADLINES_CHANGED_BODY)
        .facts(None, rows)
        .to(format!("/ugc/creator/deliverable/{}", one.deliverable_id), shared::SEE_DELIVERY)
        .about("deliverable", &one.deliverable_id)
}

/// Queues E-18 for a change of deadlines that can no longer be undone. Who left meanwhile isn't written to, and a deadline
/// that another change moved again isn't said: what a letter says has to be true when it leaves.
pub async fn deadline_mails_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    change: &str,
    campaign: &CampaignId,
    moved: &[DeadlineMove],
) -> Result<(), Failure> {
    let current = current_in(session, &app.db, moved).await?;
    let still = |one: &DeadlineMove| {
        let (url, metrics) = current.get(one.deliverable_id.as_str())?;
        one.clone().only(*url == Some(one.url.1), *metrics == Some(one.metrics.1))
    };
    let moved: Vec<_> = moved.iter().filter_map(still).collect();
    if moved.is_empty() {
        return Ok(());
    }
    let wanted = Wanted::default().campaign(campaign).creators(moved.iter().map(|one| &one.creator_id));
    let facts = Facts::load_in(session, &app.db, now, wanted).await?;
    let mut out = Outgoing::default();
    if let Some(stage) = facts.stage(campaign) {
        for one in &moved {
            if let Some(creator) = facts.creator(&one.creator_id) {
                out.creator(&facts, creator, &told(&facts, stage, change, one), Ways::Mail);
            }
        }
    }
    out.write_in(session, app, now, &facts).await
}

/// The deadlines of deliveries that are still open, as they are now.
async fn current_in(
    session: &mut ClientSession,
    db: &Db,
    moved: &[DeadlineMove],
) -> Result<BTreeMap<String, (Option<bson::DateTime>, Option<bson::DateTime>)>, Failure> {
    #[derive(serde::Deserialize)]
    struct Slim {
        id: String,
        status: crate::deliverables::DeliverableStatus,
        #[serde(default)]
        url_deadline: Option<bson::DateTime>,
        #[serde(default)]
        metrics_deadline: Option<bson::DateTime>,
    }
    let all = db.live.collection::<Slim>(Deliverable::COLLECTION);
    let slim = doc! { "_id": 0, "id": 1, "status": 1, "url_deadline": 1, "metrics_deadline": 1 };
    let mut current = BTreeMap::new();
    for some in moved.chunks(TOGETHER) {
        let ids: Vec<_> = some.iter().map(|one| one.deliverable_id.as_str()).collect();
        let found = all.find(doc! { "id": { "$in": ids } }).projection(slim.clone());
        let mut found = found.session(&mut *session).await?;
        while let Some(one) = found.stream(&mut *session).try_next().await? {
            if one.status.is_open() {
                current.insert(one.id, (one.url_deadline, one.metrics_deadline));
            }
        }
    }
    Ok(current)
}

/// Takes the notices of an undone change of deadlines out of the bells.
pub async fn withdraw_deadline_notices_in(session: &mut ClientSession, db: &Db, change: &str) -> Result<(), Failure> {
    notifications::take_back_in(session, db, &prefix(change)).await.map(drop)
}
