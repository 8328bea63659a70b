//! What leaves the house: one job without input that looks at what stands in the documents and does what is due.
//!
//! It runs every minute and whenever an incident's first mail is due. Running twice is harmless: what is sent and that it was
//! sent are written in one transaction, guarded by the group's and the incidents' revisions.
//!
//! # When mail goes out
//!
//! Incidents that leave the house ([`leaves_the_house`](super::leaves_the_house)) are grouped by source. News of a group
//! waits `group_wait`, takes along whatever else of the group is news by then, and goes to each recipient as one digest;
//! the next news of the same group waits until `group_interval` has passed. What nobody takes is repeated every `repeat`.
//!
//! Two rules of the product seem to disagree here, and each has its place: *at most one mail per dedupe key per hour* holds
//! for every single incident, so that one that comes and goes every minute writes once an hour; *group interval* is about
//! different incidents of one source and is shorter.
//!
//! A critical incident climbs while nobody takes it: in the house at once; mailed after the group's wait, and
//! `escalate_first` after it began whatever the group's interval says; mailed to the second list after `escalate_second`.
//!
//! Silenced and inhibited incidents stay in the house. Their timers stand still rather than end: when the silence or the
//! outage is over and they are still open, they are mailed.

use std::collections::{BTreeMap, BTreeSet};

use bson::{DateTime, doc};
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::incidents::{self, Rules, not_before};
use super::model::{Severity, Source, Step, SystemNotice};
use super::signal::leaves_the_house;
use super::{quiet, recipients, store};
use crate::app::App;
use crate::db::{Db, Lost, Stored, date, timestamp, with_transaction};
use crate::failure::Failure;
use crate::i18n::notifications as words;
use crate::jobs::{Job, Run};
use crate::mail::templates::{AlertCritical, Incident, Wording};
use crate::mail::{self, Letter};
use crate::settings::{self, AlertRecipients};

/// Incidents looked at in one run; the next run takes the rest.
const TOGETHER: i64 = 500;

/// Looks at every incident that may have to be mailed. Takes no input: what is to be done stands in the documents.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Dispatch {}

impl Job for Dispatch {
    const NAME: &'static str = "notifications.dispatch";

    async fn run(self, run: Run) -> anyhow::Result<()> {
        match dispatch(&run.app).await {
            Ok(()) => Ok(()),
            Err(Failure::Refused(refusal)) => Err(refusal.into()),
            Err(Failure::Fault(fault)) => Err(anyhow::anyhow!("{fault:#}")),
        }
    }
}

/// A document of `notification_groups`: when a group of incidents was last mailed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Group {
    /// The source.
    #[serde(rename = "_id")]
    source: Source,
    #[serde(default)]
    mailed_at: Option<DateTime>,
    /// Counts the mails; part of their keys.
    rev: i64,
}

impl Stored for Group {
    const COLLECTION: &'static str = "notification_groups";
}

/// To whom a mail goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Circle {
    /// `alert_recipients.system`.
    First,
    /// `alert_recipients.escalation`.
    Second,
}

/// What is due of one incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    /// When it is due.
    pub at: Timestamp,
    /// Whether it is news; else it is repeated.
    pub is_news: bool,
}

/// When an incident is to be mailed to a circle next; `None`: never as things are.
pub(super) fn due(notice: &SystemNotice, circle: Circle, group: Option<Timestamp>, rules: &Rules) -> Option<Due> {
    if !notice.is_open || !notice.state.is_waiting() || !leaves_the_house(notice.kind, notice.severity) {
        return None;
    }
    let began = timestamp(notice.sort_at)?;
    match circle {
        Circle::First => {
            let is_news = notice.notified_at.is_none_or(|at| at < notice.sort_at);
            if !is_news {
                let at = notice.notified_at.and_then(timestamp)? + rules.repeat;
                return Some(Due { at, is_news });
            }
            let grouped = group.map_or(began, |mailed| mailed + rules.group_interval).max(began + rules.group_wait);
            let at = match notice.severity {
                Severity::Critical => grouped.min(began + rules.escalate_first.max(rules.group_wait)),
                Severity::Info | Severity::Warning | Severity::Error => grouped,
            };
            Some(Due { at: not_before(notice.notified_at, at), is_news })
        }
        Circle::Second if notice.severity != Severity::Critical => None,
        Circle::Second => {
            let is_news = notice.escalated_at.is_none_or(|at| at < notice.sort_at);
            let at = match notice.escalated_at.and_then(timestamp) {
                Some(at) if !is_news => at + rules.repeat,
                _ => not_before(notice.escalated_at, began + rules.escalate_second),
            };
            Some(Due { at, is_news })
        }
    }
}

/// Does what is due.
pub async fn dispatch(app: &App) -> Result<(), Failure> {
    let now = app.clock.now();
    with_transaction(&app.db, |session| Box::pin(async move { dispatch_in(session, app, now).await })).await
}

async fn dispatch_in(session: &mut ClientSession, app: &App, now: Timestamp) -> Result<(), Failure> {
    let db = &app.db;
    let mut pending = store::pending_in(session, db, TOGETHER).await?;
    let settings = settings::load_in(session, db).await?;
    let rules = settings.alert_times.rules();
    mark_inhibited_in(session, db, &settings.monitor_projects, &mut pending).await?;
    if pending.is_empty() {
        return Ok(());
    }
    let silences = store::silences_in(session, db, now).await?;
    let mut groups: BTreeMap<Source, Vec<SystemNotice>> = BTreeMap::new();
    for notice in pending {
        let is_quiet = notice.inhibited_by.is_some() || quiet::silence_of(&notice, &silences, now).is_some();
        if !is_quiet {
            groups.entry(notice.source).or_default().push(notice);
        }
    }
    for (source, notices) in groups {
        dispatch_group_in(session, app, now, source, notices, &rules, &settings.alert_recipients).await?;
    }
    Ok(())
}

/// Says on each open incident of Sentry whether an outage explains it, as things are now.
async fn mark_inhibited_in(
    session: &mut ClientSession,
    db: &Db,
    mapping: &[settings::MonitorProject],
    pending: &mut [SystemNotice],
) -> Result<(), Failure> {
    let outages = quiet::outages(&store::down_in(session, db).await?, mapping);
    for mut notice in store::explained_in(session, db, !outages.is_empty()).await? {
        let by = quiet::outage_of(&notice, &outages).map(|outage| outage.fingerprint.clone());
        if notice.inhibited_by == by {
            continue;
        }
        notice.inhibited_by = by;
        store::save_in(session, db, &notice, false).await?;
        notice.rev += 1;
        if let Some(same) = pending.iter_mut().find(|pending| pending.key == notice.key) {
            *same = notice;
        }
    }
    Ok(())
}

async fn dispatch_group_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    source: Source,
    mut notices: Vec<SystemNotice>,
    rules: &Rules,
    lists: &AlertRecipients,
) -> Result<(), Failure> {
    let groups = app.db.stored::<Group>();
    let group = groups.find_one(doc! { "_id": source.as_str() }).session(&mut *session).await?;
    let mailed_at = group.as_ref().and_then(|group| timestamp(group.mailed_at?));
    let rev = group.as_ref().map_or(0, |group| group.rev);
    let mut touched = BTreeSet::new();
    for circle in [Circle::First, Circle::Second] {
        let dues: Vec<_> = notices.iter().map(|notice| due(notice, circle, mailed_at, rules)).collect();
        if !dues.iter().flatten().any(|due| due.at <= now) {
            continue;
        }
        // News that may go, but would wait for company, goes along.
        let goes = |due: &Due, notice: &SystemNotice| {
            let is_free = circle == Circle::First && not_before(notice.notified_at, now) <= now;
            due.at <= now || (due.is_news && is_free)
        };
        let chosen: Vec<usize> =
            (0..notices.len()).filter(|i| dues[*i].is_some_and(|due| goes(&due, &notices[*i]))).collect();
        let wording = wording(circle, chosen.iter().filter_map(|i| dues[*i]), rules);
        let incidents = letter_lines(chosen.iter().map(|i| &notices[*i]));
        let addresses = recipients::of_in(session, &app.db, lists, circle).await?;
        if addresses.is_empty() {
            // Said aloud every time: the one thing worse than no recipient is not to know it.
            tracing::error!(?source, incidents = chosen.len(), "{}", words::NO_RECIPIENTS);
            continue;
        }
        let template = AlertCritical { wording, incidents };
        for address in addresses {
            let letter = Letter {
                template: &template,
                dedupe_key: format!("alert:{}:{rev}:{circle:?}:{address}", source.as_str()),
                to: address,
                about: only(&chosen, &notices),
            };
            mail::queue_in(session, app, now, &letter).await?;
        }
        for index in chosen {
            mailed(&mut notices[index], circle, now);
            touched.insert(index);
        }
    }
    if touched.is_empty() {
        return Ok(());
    }
    bump_in(session, &app.db, group, source, now).await?;
    for index in touched {
        let notice = &mut notices[index];
        notice.notify_at = due(notice, Circle::First, Some(now), rules).map(|due| date(due.at));
        notice.escalate_at = due(notice, Circle::Second, Some(now), rules).map(|due| date(due.at));
        store::save_in(session, &app.db, notice, false).await?;
    }
    Ok(())
}

/// An incident was mailed.
fn mailed(notice: &mut SystemNotice, circle: Circle, now: Timestamp) {
    let (step, level) = match circle {
        Circle::First => (Step::Mailed, 1),
        Circle::Second => (Step::Escalated, 2),
    };
    match circle {
        Circle::First => notice.notified_at = Some(date(now)),
        Circle::Second => notice.escalated_at = Some(date(now)),
    }
    notice.escalation_level = notice.escalation_level.max(level);
    incidents::note(notice, step, now, None, None);
}

fn wording(circle: Circle, mut dues: impl Iterator<Item = Due>, rules: &Rules) -> Wording {
    match circle {
        Circle::First if dues.any(|due| due.is_news) => Wording::New,
        Circle::First => Wording::StillOpen,
        Circle::Second => {
            let minutes = rules.escalate_second.as_secs() / 60;
            Wording::Escalated { minutes: u32::try_from(minutes).unwrap_or(u32::MAX) }
        }
    }
}

/// The incidents as a letter shows them, the worst and newest first.
fn letter_lines<'a>(notices: impl Iterator<Item = &'a SystemNotice>) -> Vec<Incident> {
    let mut notices: Vec<_> = notices.collect();
    notices.sort_by_key(|notice| std::cmp::Reverse((notice.severity, notice.sort_at)));
    let at = |stored| timestamp(stored).unwrap_or(Timestamp::UNIX_EPOCH);
    let line = |notice: &SystemNotice| Incident {
        title: notice.title.clone(),
        message: notice.message.clone(),
        severity: words::severity(notice.severity).into(),
        occurrences: u64::try_from(notice.occurrences).unwrap_or(1),
        first_seen: at(notice.first_seen_at),
        last_seen: at(notice.last_seen_at),
        path: format!("/admin/notifications/{}", notice.id),
    };
    notices.into_iter().map(line).collect()
}

/// What a letter about a single incident is about.
fn only(chosen: &[usize], notices: &[SystemNotice]) -> Option<(&'static str, String)> {
    match chosen {
        [only] => Some(("incident", notices[*only].id.clone())),
        _ => None,
    }
}

/// Keeps that the group was mailed now; [`Lost`] when somebody else mailed it.
async fn bump_in(
    session: &mut ClientSession,
    db: &Db,
    group: Option<Group>,
    source: Source,
    now: Timestamp,
) -> Result<(), Failure> {
    let groups = db.stored::<Group>();
    let Some(group) = group else {
        let first = Group { source, mailed_at: Some(date(now)), rev: 1 };
        return match groups.insert_one(first).session(session).await {
            Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
            other => Ok(other.map(drop)?),
        };
    };
    let guard = doc! { "_id": source.as_str(), "rev": group.rev };
    let update = doc! { "$set": { "mailed_at": date(now) }, "$inc": { "rev": 1_i64 } };
    match groups.update_one(guard, update).session(session).await?.matched_count {
        0 => Err(Lost.into()),
        _ => Ok(()),
    }
}
