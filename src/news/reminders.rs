//! The daily reminders: what is due and what is late, to the creator who owes it, and one digest to the team.
//!
//! Two days before a deadline to six days after it a reminder goes out each day, on the seventh a warning, on the eighth the
//! last one; after that nothing is automatic. A delivery gets one reminder a day, whichever kind: its key is the delivery
//! and the local day.

use std::collections::BTreeMap;
use std::time::Duration;

use bson::{Document, doc};
use futures::TryStreamExt;
use jiff::{Timestamp, ToSpan};
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::creators::{delivery_path, help};
use super::facts::{Facts, Part, Wanted};
use super::team;
use super::told::{Outgoing, Told, Ways};
use crate::adopt::state;
use crate::app::App;
use crate::campaigns::CampaignStatus;
use crate::db::{Db, Stored, date, timestamp, with_transaction};
use crate::deliverables::{Deliverable, DeliverableStatus};
use crate::failure::Failure;
use crate::i18n::news::reminders::{self as words, Asked, Step};
use crate::i18n::news::{self as shared};
use crate::jobs::{Job, Run};
use crate::mail::templates::{CampaignCode as Code, LetterRow, LetterSection};
use crate::mail::{self, Channel};
use crate::notifications::PersonalType as Kind;
use crate::values::{DeliverableId, LocalDate};
use crate::waits::{self, Backlog, Waiting};

/// Days before a deadline from which it is spoken of.
const EARLIEST: i32 = 2;
/// Days after it on which the last reminder goes out.
const LAST: i32 = -8;
/// The day before that.
const WARNING: i32 = -7;
/// Days after it for which the digest shows it.
const SHOWN: i32 = -30;
/// Deliveries reminded in one transaction.
const TOGETHER: usize = 200;
/// Deliveries that a digest spells out; its figures are of all.
const LINES: usize = 300;

/// E-31 to E-37, every day at noon.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Reminders {}

impl Job for Reminders {
    const NAME: &'static str = "news.send_reminders";
    const BUSINESS: bool = true;
    const LONGEST: Duration = Duration::from_secs(10 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let reminded = remind(&run.app).await.map_err(super::broken)?;
        digest(&run.app).await.map_err(super::broken)?;
        run.result(reminded.to_string());
        Ok(())
    }
}

/// What a delivery owes today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Owed {
    asked: Asked,
    due: Timestamp,
    days_left: i32,
}

impl Owed {
    /// The address first, a correction by the time that was promised for it, metrics only of a post that isn't being
    /// corrected. `None` when nothing is owed.
    fn of(delivery: &Deliverable, now: Timestamp) -> Option<Self> {
        if !delivery.is_open() {
            return None;
        }
        let (asked, due) = match delivery.status {
            DeliverableStatus::ChangesRequested => {
                (Asked::Correction, delivery.waiting.as_ref().and_then(Waiting::promised)?)
            }
            _ if !delivery.has_url() => (Asked::Url, delivery.url_deadline?),
            _ if !delivery.has_metrics() => (Asked::Metrics, delivery.metrics_deadline?),
            _ => return None,
        };
        let due = timestamp(due)?;
        Some(Self { asked, due, days_left: LocalDate::of(due).days_since(LocalDate::of(now)) })
    }

    fn step(&self) -> Option<Step> {
        match self.days_left {
            LAST => Some(Step::Last),
            WARNING => Some(Step::Warning),
            days if (WARNING..=EARLIEST).contains(&days) => Some(Step::Daily),
            _ => None,
        }
    }

    fn code(&self, step: Step) -> Code {
        match (self.asked, step) {
            (Asked::Url | Asked::Correction, Step::Daily) => Code::E31,
            (Asked::Url | Asked::Correction, Step::Warning) => Code::E32,
            (Asked::Url | Asked::Correction, Step::Last) => Code::E33,
            (Asked::Metrics, Step::Daily) => Code::E34,
            (Asked::Metrics, Step::Warning) => Code::E35,
            (Asked::Metrics, Step::Last) => Code::E36,
        }
    }
}

/// Deliveries that owe something whose deadline is within these days, the earliest first.
async fn owing(db: &Db, now: Timestamp, first: i32) -> Result<Vec<DeliverableId>, Failure> {
    let today = LocalDate::of(now);
    let range = doc! {
        "$gte": date(today.plus(first.days()).start()),
        "$lte": date(today.plus(EARLIEST.days()).end()),
    };
    let published = [
        DeliverableStatus::Published,
        DeliverableStatus::Resubmitted,
        DeliverableStatus::Approved,
        DeliverableStatus::MetricsPending,
    ];
    // As `Waiting::promised` tells it.
    let promised = [
        doc! { "waiting.promised_at": range.clone() },
        doc! { "waiting.promised_at": null, "waiting.escalations": 0, "waiting.due_at": range.clone() },
    ];
    let queries = [
        (doc! { "owes_url_by": range.clone() }, "owes_url_by"),
        (doc! { "owes_metrics_by": range, "status": { "$in": published.to_vec() } }, "owes_metrics_by"),
        (doc! { "status": DeliverableStatus::ChangesRequested, "$or": promised.to_vec() }, "waiting.promised_at"),
    ];
    let all = db.live.collection::<Document>(Deliverable::COLLECTION);
    let mut ids = Vec::new();
    for (filter, sort) in queries {
        let found = all.find(filter).projection(doc! { "_id": 0, "id": 1 }).sort(doc! { sort: 1 }).await?;
        let found: Vec<Document> = found.try_collect().await?;
        ids.extend(found.iter().filter_map(|row| row.get_str("id").ok()).map(DeliverableId::of));
    }
    Ok(ids)
}

async fn remind(app: &App) -> Result<u64, Failure> {
    let now = app.clock.now();
    let ids = owing(&app.db, now, LAST).await?;
    let mut reminded = 0;
    for some in ids.chunks(TOGETHER) {
        reminded += with_transaction(&app.db, |session| {
            Box::pin(async move {
                state::refuse_while_mirroring(&app.db, session).await?;
                remind_in(session, app, now, some).await
            })
        })
        .await?;
    }
    Ok(reminded)
}

async fn remind_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    ids: &[DeliverableId],
) -> Result<u64, Failure> {
    let facts = Facts::load_in(session, &app.db, now, Wanted::default().deliverables(ids)).await?;
    let mut reminders: BTreeMap<String, (Part<'_>, Told)> = BTreeMap::new();
    for part in ids.iter().filter_map(|id| facts.delivery(id)) {
        if let Some(told) = reminder(&facts, part) {
            reminders.insert(told.key_for(&part.creator.user_id), (part, told));
        }
    }
    // The log decides who was reminded today: a notice may have been deleted by its reader.
    for known in mail::known_in(session, app, Channel::Email, reminders.keys()).await? {
        reminders.remove(&known);
    }
    let mut out = Outgoing::default();
    for (part, told) in reminders.values() {
        out.creator(&facts, part.creator, told, Ways::Both);
    }
    let reminded = out.letters();
    out.write_in(session, app, now, &facts).await?;
    Ok(reminded)
}

/// Cancelled campaigns ask nobody for anything.
fn owed(facts: &Facts, part: Part<'_>) -> Option<Owed> {
    if part.campaign().status == CampaignStatus::Cancelled {
        return None;
    }
    Owed::of(part.delivery?, facts.now)
}

fn reminder(facts: &Facts, part: Part<'_>) -> Option<Told> {
    let (owed, delivery) = (owed(facts, part)?, part.delivery?);
    let step = owed.step()?;
    let by = crate::i18n::waits::by(owed.due, facts.now);
    let told = Told::coded(owed.code(step), Kind::DeadlineReminder, "")
        .keyed(format!("ugc_reminder:{}:{}", delivery.id, LocalDate::of(facts.now)))
        .saying(
            words::title(step, owed.asked, &part.campaign().name, owed.days_left),
            words::body(step, owed.days_left, &by),
        )
        .to(delivery_path(delivery), shared::SEE_DELIVERY)
        .about("deliverable", &delivery.id);
    Some(match step {
        Step::Daily => told,
        Step::Warning | Step::Last => told.more(words::HELP).facts(None, help(facts)),
    })
}

/// E-37, and one notice of today's warnings.
async fn digest(app: &App) -> Result<(), Failure> {
    let now = app.clock.now();
    let ids = &owing(&app.db, now, SHOWN).await?;
    if ids.is_empty() {
        return Ok(());
    }
    let waiting = &waits::backlog(&app.db, now).await?;
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            state::refuse_while_mirroring(&app.db, session).await?;
            let facts = Facts::load_in(session, &app.db, now, Wanted::default().deliverables(ids).team()).await?;
            let mut out = Outgoing::default();
            digest_into(&facts, ids, waiting, &mut out);
            out.write_in(session, app, now, &facts).await
        })
    })
    .await
}

fn digest_into(facts: &Facts, ids: &[DeliverableId], waiting: &Backlog, out: &mut Outgoing) {
    let parts = ids.iter().filter_map(|id| facts.delivery(id));
    let mut all: Vec<(Part<'_>, Owed)> = parts.filter_map(|part| Some((part, owed(facts, part)?))).collect();
    all.retain(|(_, owed)| (SHOWN..=EARLIEST).contains(&owed.days_left));
    all.sort_by_key(|(_, owed)| owed.due);
    if all.is_empty() {
        return;
    }
    let today = LocalDate::of(facts.now);
    let late = all.iter().filter(|(_, owed)| owed.due < facts.now).count() as u64;
    let mut campaigns: BTreeMap<_, LetterSection> = BTreeMap::new();
    for (part, owed) in all.iter().take(LINES) {
        let by = crate::i18n::waits::by(owed.due, facts.now);
        let row = LetterRow::new(&part.creator.name, words::line(owed.asked, owed.days_left, &by));
        let campaign = part.campaign();
        let section = campaigns.entry((&campaign.name, &campaign.id)).or_insert_with(|| LetterSection {
            title: Some(campaign.name.clone()),
            href: Some(team::deliveries(&campaign.id)),
            rows: Vec::new(),
        });
        section.rows.push(row);
    }
    let told = Told::coded(Code::E37, Kind::DeadlineReminder, today)
        .saying(words::digest(late, all.len() as u64 - late), words::DIGEST_BODY)
        .to(team::DELIVERIES, shared::OPEN_DELIVERIES);
    let told = if all.len() > LINES { told.more(words::digest_cut(LINES as u64)) } else { told };
    let unanswered = (waiting.applications > 0)
        .then(|| crate::i18n::waits::applications_waiting(waiting.applications, waiting.late_applications));
    let told = unanswered.into_iter().fold(told, |told, said| told.more(words::also(&said)));
    let told = campaigns.into_values().fold(told, Told::section);
    out.team(facts, &told, Ways::Mail);
    let warned = all.iter().filter(|(_, owed)| [WARNING, LAST].contains(&owed.days_left)).count() as u64;
    if warned > 0 {
        let told = Told::plain(Kind::DeadlineReminder, format!("warned:{today}"))
            .saying(words::warned(warned), words::WARNED_BODY)
            .to(team::DELIVERIES, shared::OPEN_DELIVERIES);
        out.team(facts, &told, Ways::Notice);
    }
}
