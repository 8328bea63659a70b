//! Alarms: backups that are late, and those that vanished. Each is one incident, which ends by itself when it is over.

use std::time::Duration;

use bson::{DateTime, doc};
use futures::TryStreamExt as _;
use jiff::Timestamp;

use super::catalogue::{self, Vanished};
use super::health::{self, DAILY, WEEKLY};
use crate::backup::Depot;
use crate::backup::record::{BackupRun, CatalogueEntry};
use crate::db::{Db, timestamp};
use crate::jobs;
use crate::notifications::{self, Event};

/// What an incident is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alarm {
    Failed,
    LateDaily,
    LateWeekly,
    Drill,
}

impl Alarm {
    fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::LateDaily => "late:daily",
            Self::LateWeekly => "late:weekly",
            Self::Drill => "drill",
        }
    }

    /// The event that ends it.
    pub fn over(self) -> Event {
        Event::BackupAlarmOver { alarm: self.name().into() }
    }
}

/// What a complete run ends.
pub(super) fn on_time(depot: &Depot, run: &BackupRun) -> Vec<Event> {
    let names: Vec<_> = depot.stores.iter().map(|store| store.name()).collect();
    let mut over = Vec::new();
    if health::counts(run, &names) {
        over.push(Alarm::LateDaily.over());
        if health::stores_of(run, &names) >= 2 {
            over.push(Alarm::LateWeekly.over());
        }
    }
    over
}

/// A copy that isn't there any more.
pub(super) fn vanished(gone: &Vanished) -> Event {
    Event::BackupVanished {
        store: gone.entry.store.clone(),
        backup: gone.entry.backup.to_string(),
        detail: gone.detail.clone(),
    }
}

/// Says that no backup is young enough; once, until one is. A schedule that has just begun to exist has time for its first.
pub async fn look(depot: &Depot) -> anyhow::Result<()> {
    let now = depot.clock.now();
    let names: Vec<_> = depot.stores.iter().map(|store| store.name()).collect();
    let ages = health::ages(&depot.ops, now, &names).await?;
    let since = jobs::known_since(&depot.db, "backups.daily").await?;
    let mut events = Vec::new();
    if is_late(ages.daily, since, now, DAILY) {
        events.push(Event::BackupLate { schedule: "daily".into(), hours: hours(ages.daily, now) });
    }
    if names.len() >= 2 && is_late(ages.weekly, since, now, WEEKLY) {
        events.push(Event::BackupLate { schedule: "weekly".into(), hours: hours(ages.weekly, now) });
    }
    let told = open_alarms(&depot.db, &events).await?;
    events.retain(|event| !told.contains(event));
    if events.is_empty() {
        return Ok(());
    }
    notifications::publish(&depot.db, now, &events).await.map_err(super::ledger::as_error)
}

/// Those that stand open already: told once is enough, each minute is too often.
async fn open_alarms(db: &Db, events: &[Event]) -> anyhow::Result<Vec<Event>> {
    let mut told = Vec::new();
    for event in events {
        let Event::BackupLate { schedule, .. } = event else { continue };
        let open = doc! { "fingerprint": format!("backup:late:{schedule}"), "is_open": true };
        if db.stored::<notifications::SystemNotice>().find_one(open).await?.is_some() {
            told.push(event.clone());
        }
    }
    Ok(told)
}

fn is_late(newest: Option<Timestamp>, since: Option<DateTime>, now: Timestamp, limit: Duration) -> bool {
    let from = match newest {
        Some(newest) => newest,
        // Without any backup the clock runs since there is a schedule; before that nobody promised one.
        None => match since.and_then(timestamp) {
            Some(since) => since,
            None => return false,
        },
    };
    now.duration_since(from).unsigned_abs() > limit && now > from
}

fn hours(newest: Option<Timestamp>, now: Timestamp) -> Option<u32> {
    newest.map(|at| u32::try_from(now.duration_since(at).as_hours().max(0)).unwrap_or(u32::MAX))
}

/// Looks for every backup that should exist and says which don't, and which are back.
pub(super) async fn look_for_vanished(depot: &Depot) -> anyhow::Result<u64> {
    let looked = catalogue::look(depot).await?;
    let mut events: Vec<Event> = looked.vanished.iter().map(vanished).collect();
    let gone: Vec<_> = looked.vanished.iter().map(|gone| gone.entry.id.clone()).collect();
    let standing = depot.db.stored::<CatalogueEntry>().find(doc! { "tombstone": null }).await?;
    let standing: Vec<CatalogueEntry> = standing.try_collect().await?;
    let unseen: Vec<_> = looked.unseen.iter().map(|(entry, _)| entry.id.clone()).collect();
    let back = standing.iter().filter(|entry| !gone.contains(&entry.id) && !unseen.contains(&entry.id));
    events.extend(
        back.map(|entry| Event::BackupAlarmOver { alarm: format!("vanished:{}:{}", entry.store, entry.backup) }),
    );
    notifications::publish(&depot.db, depot.clock.now(), &events).await.map_err(super::ledger::as_error)?;
    Ok(looked.vanished.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn late_is_counted_from_the_newest_or_from_the_schedule() {
        let now = at("2026-11-22T12:00:00Z");
        let since = Some(crate::db::date(at("2026-11-22T00:00:00Z")));
        assert!(!is_late(None, None, now, DAILY), "nobody promised one yet");
        assert!(!is_late(None, since, now, DAILY));
        assert!(is_late(None, since, at("2026-11-23T03:00:00Z"), DAILY));
        assert!(!is_late(Some(at("2026-11-21T10:00:00Z")), since, now, DAILY), "26 hours are allowed");
        assert!(is_late(Some(at("2026-11-21T09:59:59Z")), since, now, DAILY));
        assert!(!is_late(Some(at("2026-11-23T00:00:00Z")), since, now, DAILY), "a clock that was ahead is no delay");
    }
}
