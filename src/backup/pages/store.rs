//! Queries of the pages, all on the operations database but for keys and catalogue.

use bson::{DateTime, Document, doc};
use futures::TryStreamExt as _;
use serde::Deserialize;

use crate::backup::model::{BackupId, Destination, Label, Person, State, Trigger};
use crate::backup::record::BackupRun;
use crate::db::Db;

/// A page is refused rather than waited for longer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// No run is older.
const BEGINNING: DateTime = DateTime::from_millis(0);

/// A run as the list shows it: sums instead of collections.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ListedRun {
    #[serde(rename = "_id")]
    pub id: BackupId,
    pub trigger: Trigger,
    pub requested_by: Person,
    pub status: State,
    pub created_at: DateTime,
    #[serde(default)]
    pub taken_at: Option<DateTime>,
    #[serde(default)]
    pub label: Option<Label>,
    pub collections: i64,
    pub documents: i64,
    #[serde(default)]
    pub destinations: Vec<Destination>,
    #[serde(default)]
    pub restore_checked_at: Option<DateTime>,
    #[serde(default)]
    pub hold: Option<String>,
    #[serde(default)]
    pub pruned_at: Option<DateTime>,
}

impl ListedRun {
    /// Cipher bytes of one copy.
    pub fn bytes(&self) -> i64 {
        self.destinations.iter().map(|destination| destination.bytes).max().unwrap_or(0)
    }
}

/// Which runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    Active,
    Only(State),
}

impl Wanted {
    /// The filters that are offered, by their name in the address.
    pub const OFFERED: [(&'static str, Self); 5] = [
        ("", Self::All),
        ("complete", Self::Only(State::Complete)),
        ("failed", Self::Only(State::Failed)),
        ("cancelled", Self::Only(State::Cancelled)),
        ("active", Self::Active),
    ];

    pub fn parse(name: &str) -> Option<Self> {
        Self::OFFERED.into_iter().find(|(own, _)| *own == name).map(|(_, wanted)| wanted)
    }
}

/// A place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    at_ms: i64,
    id: String,
}

impl Place {
    fn of(run: &ListedRun) -> Self {
        Self { at_ms: run.created_at.timestamp_millis(), id: run.id.to_string() }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (at_ms, id) = text.split_once('~')?;
        Some(Self { at_ms: at_ms.parse().ok()?, id: BackupId::parse(id)?.to_string() })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}~{}", self.at_ms, self.id)
    }
}

/// From which place, and which way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum From {
    Newest,
    Before(Place),
    After(Place),
}

/// Runs, newest first, and the places of the pages around them.
pub(super) struct Page {
    pub runs: Vec<ListedRun>,
    pub newer: Option<Place>,
    pub older: Option<Place>,
}

/// A page of runs.
pub(super) async fn page(ops: &Db, wanted: Wanted, from: &From, limit: usize) -> mongodb::error::Result<Page> {
    let mut query = Document::new();
    match wanted {
        Wanted::All => {}
        Wanted::Active => {
            query.insert("is_active", true);
        }
        Wanted::Only(state) => {
            query.insert("status", bson::serialize_to_bson(&state)?);
        }
    }
    let (sort, beyond) = if matches!(from, From::After(_)) { (1, "$gt") } else { (-1, "$lt") };
    match from {
        From::Newest => {
            query.insert("created_at", doc! { "$gte": BEGINNING, "$lte": DateTime::MAX });
        }
        From::Before(place) | From::After(place) => {
            let at = DateTime::from_millis(place.at_ms);
            let next = doc! { "created_at": { beyond: at } };
            query.insert("$or", vec![next, doc! { "created_at": at, "_id": { beyond: &place.id } }]);
        }
    }
    let pipeline = [
        doc! { "$match": query },
        doc! { "$sort": { "created_at": sort, "_id": sort } },
        doc! { "$limit": limit as i64 + 1 },
        doc! { "$project": {
            "trigger": 1, "requested_by": 1, "status": 1, "created_at": 1, "taken_at": 1, "label": 1,
            "destinations": 1, "restore_checked_at": 1, "hold": 1, "pruned_at": 1,
            "collections": { "$toLong": { "$size": { "$ifNull": ["$collections", []] } } },
            "documents": { "$toLong": { "$sum": { "$map": {
                "input": { "$ifNull": ["$collections", []] }, "as": "one", "in": "$$one.documents",
            } } } },
        } },
    ];
    let runs = ops.stored::<BackupRun>().aggregate(pipeline).max_time(PATIENCE).with_type::<ListedRun>().await?;
    let mut runs: Vec<ListedRun> = runs.try_collect().await?;
    let more = runs.len() > limit;
    runs.truncate(limit);
    if matches!(from, From::After(_)) {
        runs.reverse();
    }
    let (first, last) = (runs.first().map(Place::of), runs.last().map(Place::of));
    let (newer, older) = match from {
        From::Newest => (None, last.filter(|_| more)),
        From::Before(place) => (first.or(Some(place.clone())), last.filter(|_| more)),
        From::After(place) => (first.filter(|_| more), last.or(Some(place.clone()))),
    };
    Ok(Page { runs, newer, older })
}

/// One run, whole.
pub(super) async fn find(ops: &Db, id: &BackupId) -> mongodb::error::Result<Option<BackupRun>> {
    ops.stored::<BackupRun>().find_one(doc! { "_id": id.as_str() }).max_time(PATIENCE).await
}

/// The newest complete run that is still stored, without its evidence.
pub(super) async fn newest_complete(ops: &Db) -> mongodb::error::Result<Option<BackupRun>> {
    let complete = doc! { "status": "complete", "taken_at": { "$lte": DateTime::MAX }, "pruned_at": null };
    let runs = ops.stored::<BackupRun>();
    runs.find_one(complete).sort(doc! { "taken_at": -1 }).projection(doc! { "checks": 0 }).max_time(PATIENCE).await
}

/// The run under way, if there is one.
pub(super) async fn active(ops: &Db) -> mongodb::error::Result<Option<BackupRun>> {
    ops.stored::<BackupRun>().find_one(doc! { "is_active": true }).max_time(PATIENCE).await
}

/// Puts a hold on a run or lifts it. Whether there was such a run that is over and still stored.
pub(super) async fn set_hold(
    session: &mut mongodb::ClientSession,
    ops: &Db,
    id: &BackupId,
    reason: Option<&str>,
) -> mongodb::error::Result<bool> {
    let runs = ops.stored::<BackupRun>();
    let guard = doc! { "_id": id.as_str(), "status": "complete", "pruned_at": null };
    let done = runs.update_one(guard, doc! { "$set": { "hold": reason } }).session(session).await?;
    Ok(done.matched_count == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_round_trip_and_nothing_else_is_one() {
        let text = "1795440000000~0123456789abcdef0123456789abcdef";
        assert_eq!(Place::parse(text).unwrap().to_string(), text);
        for bad in ["", "x", "1~x", "x~0123456789abcdef0123456789abcdef", "1~0123456789ABCDEF0123456789abcdef"] {
            assert_eq!(Place::parse(bad), None, "{bad}");
        }
    }
}
