//! From events to notices.
//!
//! A publication is part of the transaction of what happened, so it is short: events of one fingerprint are folded into one
//! change of one document. Two transactions that meet on the same incident are done one after the other (the later one
//! again, by [`with_transaction`]); whoever publishes many events does so together rather than one by one.

use bson::oid::ObjectId;
use bson::{DateTime, doc};
use jiff::Timestamp;
use mongodb::ClientSession;

use super::Event;
use super::dispatch::Dispatch;
use super::incidents::{self, Change, Rules};
use super::model::{PersonalNotice, Silence, Source, SystemNotice};
use super::quiet::{self, Outage};
use super::signal::{Clear, Personal, Raise, Signal};
use super::store;
use crate::db::{Db, Lost, date, timestamp, with_transaction};
use crate::failure::Failure;
use crate::jobs::{self, Job, When};
use crate::settings;

/// Publishes in a transaction of its own: several events of one fault make one notice with their count.
pub async fn publish(db: &Db, now: Timestamp, events: &[Event]) -> Result<(), Failure> {
    if events.is_empty() {
        return Ok(());
    }
    with_transaction(db, |session| Box::pin(async move { publish_in(session, db, now, events).await })).await
}

/// Publishes in the transaction of what happened.
pub async fn publish_in(session: &mut ClientSession, db: &Db, now: Timestamp, events: &[Event]) -> Result<(), Failure> {
    let mut incidents: Vec<(String, Vec<Signal>)> = Vec::new();
    for signal in events.iter().map(Event::signal) {
        let (fingerprint, at, is_over) = match &signal {
            Signal::Raise(raise) => (&raise.fingerprint, raise.at, false),
            Signal::Clear(clear) => (&clear.fingerprint, clear.at, true),
            Signal::Personal(personal) => {
                keep_personal_in(session, db, now, personal).await?;
                continue;
            }
        };
        if let Some(at) = at
            && !store::advance_in(session, db, now, fingerprint, at, is_over).await?
        {
            continue;
        }
        match incidents.iter_mut().find(|(known, _)| known == fingerprint) {
            Some((_, signals)) => signals.push(signal),
            None => incidents.push((fingerprint.clone(), vec![signal])),
        }
    }
    if incidents.is_empty() {
        return Ok(());
    }
    let rules = settings::load_in(session, db).await?;
    let (mapping, rules) = (rules.monitor_projects, rules.alert_times.rules());
    let fingerprints: Vec<&str> = incidents.iter().map(|(fingerprint, _)| &**fingerprint).collect();
    let mut known = store::find_in(session, db, &fingerprints, now - rules.reopen_window).await?;
    let mut quiet = None;
    for (fingerprint, signals) in &incidents {
        let place = known.iter().position(|notice| notice.fingerprint == *fingerprint);
        let before = place.map(|place| known.swap_remove(place));
        let Some(draft) = fold(before, signals, now, &rules) else { continue };
        if draft.is_news && quiet.is_none() {
            let down = store::down_in(session, db).await?;
            quiet = Some((store::silences_in(session, db, now).await?, quiet::outages(&down, &mapping)));
        }
        save_in(session, db, now, draft, quiet.as_ref()).await?;
    }
    Ok(())
}

/// An incident after a publication, not saved yet.
struct Draft {
    notice: SystemNotice,
    /// Whether it isn't stored at all yet.
    is_new: bool,
    /// Whether people have to look again.
    is_news: bool,
}

/// What a publication makes of one incident; `None` when there is nothing to save.
fn fold(before: Option<SystemNotice>, signals: &[Signal], now: Timestamp, rules: &Rules) -> Option<Draft> {
    let before = before.filter(|notice| incidents::is_recent(notice, now, rules));
    let is_new = before.is_none();
    let (mut notice, mut is_news, mut is_changed) = (before, false, false);
    for signal in signals {
        match (signal, &mut notice) {
            (Signal::Raise(raise), Some(notice)) => {
                is_news |= incidents::raise(notice, raise, now, rules).is_news();
                is_changed = true;
            }
            (Signal::Raise(raise), none) => {
                *none = Some(incidents::open(raise, now, rules));
                (is_news, is_changed) = (Change::Opened.is_news(), true);
            }
            (Signal::Clear(clear), Some(notice)) => is_changed |= incidents::clear(notice, clear, now),
            // The end of what never began, or began too long ago, isn't worth a notice.
            (Signal::Clear(_) | Signal::Personal(_), _) => {}
        }
    }
    notice.filter(|_| is_changed).map(|notice| Draft { notice, is_new, is_news })
}

async fn save_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    draft: Draft,
    quiet: Option<&(Vec<Silence>, Vec<Outage>)>,
) -> Result<(), Failure> {
    let Draft { mut notice, is_new, is_news } = draft;
    if is_news && let Some((silences, outages)) = quiet {
        notice.silenced = quiet::silence_of(&notice, silences, now);
        notice.inhibited_by = quiet::outage_of(&notice, outages).map(|outage| outage.fingerprint.clone());
    }
    if is_new {
        store::insert_in(session, db, &notice).await?;
    } else {
        store::save_in(session, db, &notice, is_news).await?;
    }
    if is_news && let Some(at) = notice.notify_at {
        wake_in(session, db, now, notice.source, at).await?;
    }
    Ok(())
}

/// A schedule looks every minute; this makes the first mail leave on time.
async fn wake_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    source: Source,
    at: DateTime,
) -> Result<(), Failure> {
    let key = format!("{}:{}", Dispatch::NAME, source.as_str());
    let when = When { not_before: timestamp(at), key: Some(key) };
    match jobs::enqueue_in(session, db, now, &Dispatch {}, &when).await {
        Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
        other => Ok(other?),
    }
}

async fn keep_personal_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    personal: &Personal,
) -> Result<(), Failure> {
    let days = settings::load_in(session, db).await?.alert_times.keep_info_days;
    let keep = std::time::Duration::from_secs(u64::from(days) * 24 * 60 * 60);
    let notice = PersonalNotice {
        key: ObjectId::new(),
        id: uuid::Uuid::new_v4().to_string(),
        user_id: personal.user_id.clone(),
        kind: personal.kind,
        title: personal.title.clone(),
        message: personal.message.clone(),
        link: personal.link.clone(),
        metadata: doc! {},
        is_read: false,
        read_at: None,
        created_at: date(now),
        dedupe_key: Some(personal.dedupe_key.clone()),
        expires_at: Some(date(now + keep)),
    };
    let notice = bson::serialize_to_document(&notice).map_err(anyhow::Error::from)?;
    let filter = doc! { "dedupe_key": &personal.dedupe_key };
    let update = doc! { "$setOnInsert": notice };
    let kept = db.stored::<PersonalNotice>().update_one(filter, update).upsert(true).session(session).await;
    match kept {
        Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
        other => Ok(other.map(drop)?),
    }
}

impl Raise {
    /// So that tests can tell what an event makes.
    #[cfg(test)]
    pub(super) fn of(event: &Event) -> Self {
        match event.signal() {
            Signal::Raise(raise) => raise,
            other => panic!("{event:?} raises nothing: {other:?}"),
        }
    }
}

impl Clear {
    /// So that tests can tell what an event ends.
    #[cfg(test)]
    pub(super) fn of(event: &Event) -> Self {
        match event.signal() {
            Signal::Clear(clear) => clear,
            other => panic!("{event:?} ends nothing: {other:?}"),
        }
    }
}
