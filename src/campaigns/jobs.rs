//! Campaigns' background work: contracts every morning, and mails about deadlines that can't be undone any more.

use bson::{Document, doc};
use futures::TryStreamExt;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::changes::{ChangeState, DeadlineChange};
use super::contract::{self, GRACE_DAYS};
use super::model::{Campaign, CampaignStatus, SlotKind, SlotLoad};
use super::store;
use crate::adopt::state::{is_mirroring, refuse_while_mirroring};
use crate::app::App;
use crate::applications;
use crate::audit::Who;
use crate::db::{Lost, Stored, Transaction, date, timestamp, with_transaction};
use crate::failure::Failure;
use crate::i18n::campaigns as words;
use crate::jobs::{Job, Run, When, enqueue_in};
use crate::news::{self, News, Rejection};
use crate::values::{CampaignId, LocalDate};

/// Campaigns read at once.
const PAGE: i64 = 100;
/// Applications rejected in one transaction.
const AT_ONCE: u32 = 200;

/// Ends contracts, loads the month's slots, and answers applications nobody answered. Every morning.
#[derive(Default, Serialize, Deserialize)]
pub struct Contracts {}

impl Job for Contracts {
    const NAME: &'static str = "campaigns.contracts";
    const BUSINESS: bool = true;
    const LONGEST: std::time::Duration = std::time::Duration::from_secs(10 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let app = &run.app;
        if is_mirroring(&app.db).await? {
            run.result(words::CONTRACTS_PAUSED);
            return Ok(());
        }
        let done = run_contracts(app, app.clock.now()).await.map_err(broken)?;
        run.result(words::contracts_done(done.expired, done.loads, done.rejected));
        Ok(())
    }
}

/// What a morning did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Morning {
    /// Contracts that ended.
    pub expired: u64,
    /// Campaigns that got slots.
    pub loads: u64,
    /// Applications that were rejected.
    pub rejected: u64,
}

/// One run, in the order that matters: what has ended isn't loaded any more.
pub async fn run_contracts(app: &App, now: Timestamp) -> Result<Morning, Failure> {
    let today = LocalDate::of(now);
    let expired = expire(app, now, today).await?;
    let loads = reload(app, now, today).await?;
    let rejected = reject(app, now, today).await?;
    Ok(Morning { expired, loads, rejected })
}

async fn expire(app: &App, now: Timestamp, today: LocalDate) -> Result<u64, Failure> {
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(&app.db, &mut *session).await?;
            // A draft's contract can still be typed: hiding it now would hide what is published later.
            let over = doc! {
                "contract.end_date": { "$gt": "", "$lte": today }, "contract.is_active": true,
                "status": { "$ne": CampaignStatus::Draft },
            };
            let set = doc! {
                "contract.is_active": false, "visible_to_creators": false, "updated_at": date(now),
            };
            let campaigns = app.db.stored::<Campaign>();
            Ok(campaigns.update_many(over, doc! { "$set": set }).session(&mut *session).await?.modified_count)
        })
    })
    .await
}

/// Every load that is due, each campaign in its own place of one transaction per page.
async fn reload(app: &App, now: Timestamp, today: LocalDate) -> Result<u64, Failure> {
    let mut total = 0;
    loop {
        let loads = with_transaction(&app.db, |session| Box::pin(reload_page(app, session, now, today))).await?;
        total += u64::try_from(loads).unwrap_or(0);
        if loads < PAGE {
            return Ok(total);
        }
    }
}

async fn reload_page(
    app: &App,
    session: &mut Transaction<'_>,
    now: Timestamp,
    today: LocalDate,
) -> Result<i64, Failure> {
    let db = &app.db;
    refuse_while_mirroring(db, &mut *session).await?;
    let due = doc! {
        "contract.next_reload_date": { "$gt": "", "$lte": today },
        "contract.is_active": true,
        "status": { "$in": [CampaignStatus::Live, CampaignStatus::InProduction] },
    };
    let found = ids(app, session, due).await?;
    let mut loads = Vec::new();
    for id in &found {
        let Some(campaign) = store::find_in(&mut *session, db, id).await? else { continue };
        let Some(agreed) = &campaign.contract else { continue };
        let count = contract::due(agreed, today);
        let mut total = campaign.total_slots_loaded;
        let mut history = Vec::new();
        for _ in 0..count {
            total += agreed.monthly_deliverables;
            let load = SlotLoad {
                at: date(now),
                by: "system".into(),
                kind: SlotKind::Reload,
                qty: agreed.monthly_deliverables,
                total_after: total,
                note: None,
            };
            history.push(bson::serialize_to_document(&load).map_err(anyhow::Error::from)?);
        }
        let after = contract::loaded(agreed, count);
        let expected = doc! {
            "id": id,
            "contract.next_reload_date": agreed.next_reload_date,
            "total_slots_loaded": campaign.total_slots_loaded,
        };
        let mut update = doc! {
            "$set": {
                "total_slots_loaded": total,
                "contract.loads_done": after.loads_done,
                "contract.next_reload_date": after.next_reload_date,
                "updated_at": date(now),
            },
        };
        // A day that was written wrongly has no load of its own: it is only put right.
        if count > 0 {
            update.insert("$push", doc! { "slot_history": { "$each": history } });
        }
        let done = db.stored::<Campaign>().update_one(expected, update).session(&mut *session).await?;
        if done.matched_count == 0 {
            return Err(Lost.into());
        }
        if count > 0 {
            loads.push((id.clone(), count * agreed.monthly_deliverables));
        }
    }
    if !loads.is_empty() {
        news::tell_in(&mut *session, app, now, &[News::SlotsReloaded { loads }]).await?;
    }
    Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
}

/// Applications that nobody answered until a month after the contract's end.
async fn reject(app: &App, now: Timestamp, today: LocalDate) -> Result<u64, Failure> {
    let mut rejected = 0;
    loop {
        let over = doc! {
            "contract.end_date": { "$gt": "", "$lte": today.plus((-GRACE_DAYS).days()) },
            "contract.is_active": false,
            "$or": [{ "tally.applied": { "$gt": 0 } }, { "tally.shortlisted": { "$gt": 0 } }],
        };
        let found = with_transaction(&app.db, |session| {
            let over = over.clone();
            Box::pin(async move { ids(app, session, over).await })
        })
        .await?;
        let before = rejected;
        for id in &found {
            rejected += reject_all(app, now, id).await?;
        }
        // A tally that is wrong leaves nothing to reject: the nightly check tells, this one goes on tomorrow.
        if rejected == before {
            return Ok(rejected);
        }
    }
}

async fn reject_all(app: &App, now: Timestamp, id: &CampaignId) -> Result<u64, Failure> {
    let mut total = 0;
    loop {
        let rejected = with_transaction(&app.db, |session| {
            Box::pin(async move {
                refuse_while_mirroring(&app.db, &mut *session).await?;
                applications::service::reject_pending_in(
                    &mut *session,
                    app,
                    now,
                    &Who::default(),
                    id,
                    words::CAMPAIGN_ENDED,
                    Rejection::Ended,
                    AT_ONCE,
                )
                .await
            })
        })
        .await?;
        total += rejected;
        if rejected < u64::from(AT_ONCE) {
            return Ok(total);
        }
    }
}

/// The first campaigns that match, in the order of their ids.
async fn ids(app: &App, session: &mut Transaction<'_>, filter: Document) -> Result<Vec<CampaignId>, Failure> {
    #[derive(Deserialize)]
    struct Id {
        id: CampaignId,
    }
    let mut cursor = app
        .db
        .live
        .collection::<Id>(Campaign::COLLECTION)
        .find(filter)
        .projection(doc! { "_id": 0, "id": 1 })
        .limit(PAGE)
        .session(&mut *session)
        .await?;
    let found: Vec<Id> = cursor.stream(&mut *session).try_collect().await?;
    Ok(found.into_iter().map(|one| one.id).collect())
}

/// Mails the deadlines of a change, once it can't be undone any more.
#[derive(Serialize, Deserialize)]
pub struct DeadlineMails {
    /// Which change.
    pub change: String,
}

impl DeadlineMails {
    /// One job per change.
    pub fn key(&self) -> String {
        format!("{}:{}", Self::NAME, self.change)
    }
}

impl Job for DeadlineMails {
    const NAME: &'static str = "campaigns.deadline_mails";

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let (app, change) = (&run.app, &self.change);
        with_transaction(&app.db, |session| Box::pin(mail(app, session, change))).await.map_err(broken)
    }
}

async fn mail(app: &App, session: &mut Transaction<'_>, change: &str) -> Result<(), Failure> {
    let (db, now) = (&app.db, app.clock.now());
    refuse_while_mirroring(db, &mut *session).await?;
    let changes = db.stored::<DeadlineChange>();
    let open = doc! { "id": change, "state": ChangeState::Open };
    let Some(change) = changes.find_one(open.clone()).session(&mut *session).await? else {
        return Ok(());
    };
    // As long as a later one can be undone, it isn't known which deadlines will be true.
    let later = doc! {
        "campaign_id": &change.campaign_id, "at": { "$gt": change.at }, "state": ChangeState::Open,
        "undo_until": { "$gt": date(now) },
    };
    if let Some(later) = changes.find_one(later).sort(doc! { "at": -1 }).session(&mut *session).await? {
        let mails = DeadlineMails { change: change.id };
        let when = When { not_before: timestamp(later.undo_until), key: Some(mails.key()) };
        return Ok(enqueue_in(&mut *session, db, now, &mails, &when).await?);
    }
    let told = doc! { "$set": { "state": ChangeState::Told, "ended_at": date(now) } };
    let done = changes.update_one(open, told).session(&mut *session).await?;
    if done.matched_count == 0 {
        return Err(Lost.into());
    }
    news::deadline_mails_in(&mut *session, app, now, &change.id, &change.campaign_id, &change.moved).await
}

/// A refusal in a job is a fault like any other.
fn broken(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Refused(refusal) => anyhow::anyhow!("refused: {refusal}"),
        Failure::Fault(fault) => anyhow::anyhow!("{fault:#}"),
    }
}
