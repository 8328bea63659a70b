//! What surveys leave in the live database: one row per collection and order in `inspect_surveys`, its rungs in
//! `inspect_rungs`, in pieces far below the largest document.
//!
//! A new ladder is written under a new generation before the row points to it, so a reader finds a whole ladder or the one
//! before. One survey of a collection and order runs at a time: the row holds a lease that ends by itself if its holder dies.

use std::time::Duration;

use bson::spec::BinarySubtype;
use bson::{Binary, DateTime, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::error::Error;
use serde::{Deserialize, Serialize};

use super::ladder::{Ladder, STEP};
use super::order::Key;
use super::sort::{Place, Sort};
use super::survey::{Survey, Target};
use crate::db::indexes::Direction::Ascending;
use crate::db::{Db, Declared, IndexSpec, Stored, date};
use crate::dump::raw::{Builder, elements};

/// A lease lasts this long unless it is renewed.
pub const LEASE: Duration = Duration::from_secs(60);
/// Bytes of one piece of a ladder.
const PIECE: usize = 2 << 20;

/// One row of `inspect_surveys`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SurveyRow {
    /// `database.collection|order`.
    #[serde(rename = "_id")]
    pub id: String,
    /// Database.
    pub database: String,
    /// Collection.
    pub collection: String,
    /// The order's name.
    pub sort: String,
    /// The last finished survey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Finished>,
    /// The survey under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Running>,
    /// When the last try failed, unless one has succeeded since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<DateTime>,
}

/// A finished survey without its rungs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// The collection's own id, where the server gives one: a collection made anew is another collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Documents.
    pub count: i64,
    /// Their bytes.
    pub bytes: i64,
    /// When the newest was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<DateTime>,
    /// Names of the indexes at that time.
    #[serde(default)]
    pub indexes: Vec<String>,
    /// Whether it has rungs.
    pub laddered: bool,
    /// Whether values of rare types were seen.
    pub rare: bool,
    /// Under which name its rungs are kept.
    pub generation: String,
    /// When it was finished.
    pub taken_at: DateTime,
    /// How long it took.
    pub duration_ms: i64,
}

/// A survey under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Running {
    /// Who runs it; no two alike.
    pub owner: String,
    /// When the lease ends.
    pub until: DateTime,
    /// When it began.
    pub since: DateTime,
    /// Documents read so far.
    pub seen: i64,
}

impl Stored for SurveyRow {
    const COLLECTION: &'static str = "inspect_surveys";
    const INDEXES: &'static [IndexSpec] = &[IndexSpec::new("database", &[("database", Ascending)])];
}

#[derive(Serialize, Deserialize)]
struct RungsRow {
    #[serde(rename = "_id")]
    id: String,
    survey: String,
    generation: String,
    number: i32,
    places: Binary,
}

impl Stored for RungsRow {
    const COLLECTION: &'static str = "inspect_rungs";
    const INDEXES: &'static [IndexSpec] = &[IndexSpec::new(
        "survey_generation",
        &[("survey", Ascending), ("generation", Ascending), ("number", Ascending)],
    )];
}

/// The collections of this module, for the list prepared at start.
pub fn collections() -> [Declared; 2] {
    [Declared::of::<SurveyRow>(), Declared::of::<RungsRow>()]
}

/// The row's id.
pub fn id_of(target: &Target, sort: &Sort) -> String {
    format!("{}.{}|{}", target.database, target.collection, sort.name(false))
}

/// The row of one collection and order.
pub async fn find(db: &Db, id: &str) -> Result<Option<SurveyRow>, Error> {
    db.stored::<SurveyRow>().find_one(doc! { "_id": id }).await
}

/// The rows of a database in the order of `_id`.
pub async fn list(db: &Db, database: &str) -> Result<Vec<SurveyRow>, Error> {
    db.stored::<SurveyRow>().find(doc! { "database": database, "sort": "_id" }).await?.try_collect().await
}

/// Takes the lease; false if somebody else holds it.
pub async fn claim(db: &Db, target: &Target, sort: &Sort, owner: &str, now: Timestamp) -> Result<bool, Error> {
    let free = doc! {
        "_id": id_of(target, sort),
        "$or": [{ "running": { "$exists": false } }, { "running.until": { "$lt": date(now) } }],
    };
    let lease = Running { owner: owner.into(), until: date(now + LEASE), since: date(now), seen: 0 };
    let update = doc! {
        "$set": {
            "database": &target.database, "collection": &target.collection, "sort": sort.name(false),
            "running": bson::serialize_to_bson(&lease)?,
        },
    };
    match db.stored::<SurveyRow>().update_one(free, update).upsert(true).await {
        Ok(_) => Ok(true),
        // The row exists and is leased: the upsert runs into its `_id`.
        Err(error) if Db::is_duplicate(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Renews the lease and says how far the survey is; false if it was lost.
pub async fn renew(db: &Db, id: &str, owner: &str, seen: u64, now: Timestamp) -> Result<bool, Error> {
    let mine = doc! { "_id": id, "running.owner": owner };
    let update = doc! { "$set": { "running.until": date(now + LEASE), "running.seen": int(seen) } };
    Ok(db.stored::<SurveyRow>().update_one(mine, update).await?.matched_count == 1)
}

/// What a finished survey is filed with.
pub struct Filing<'a> {
    /// The row.
    pub id: &'a str,
    /// Who holds its lease.
    pub owner: &'a str,
    /// The collection's own id.
    pub uuid: Option<String>,
    /// Names of its indexes.
    pub indexes: Vec<String>,
    /// When the survey began.
    pub since: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// Files a survey: rungs first, then the row points to them, then the old ones go. False if the lease was lost.
pub async fn file(db: &Db, filing: Filing<'_>, survey: &Survey) -> Result<bool, Error> {
    let Filing { id, owner, uuid, indexes, since, now } = filing;
    let rungs = db.stored::<RungsRow>();
    let generation = owner.to_owned();
    let places = survey.ladder.as_ref().map(Ladder::rungs).unwrap_or_default();
    for (number, piece) in pieces(places).into_iter().enumerate() {
        let number = i32::try_from(number).unwrap_or(i32::MAX);
        let row = RungsRow {
            id: format!("{id}#{generation}#{number}"),
            survey: id.into(),
            generation: generation.clone(),
            number,
            places: Binary { subtype: BinarySubtype::Generic, bytes: piece },
        };
        rungs.insert_one(row).await?;
    }
    let finished = Finished {
        uuid,
        count: int(survey.count),
        bytes: int(survey.bytes),
        newest: survey.newest.map(date),
        indexes,
        laddered: survey.ladder.is_some(),
        rare: survey.ladder.as_ref().is_some_and(Ladder::rare),
        generation: generation.clone(),
        taken_at: date(now),
        duration_ms: i64::try_from(now.duration_since(since).as_millis()).unwrap_or(i64::MAX),
    };
    let update = doc! {
        "$set": { "result": bson::serialize_to_bson(&finished)? },
        "$unset": { "running": "", "failed_at": "" },
    };
    let filed = db.stored::<SurveyRow>().update_one(doc! { "_id": id, "running.owner": owner }, update).await?;
    let kept = filed.matched_count == 1;
    let old = if kept {
        doc! { "$ne": &generation }
    } else {
        doc! { "$eq": &generation }
    };
    rungs.delete_many(doc! { "survey": id, "generation": old }).await?;
    Ok(kept)
}

/// Gives the lease back after a survey that failed.
pub async fn give_up(db: &Db, id: &str, owner: &str, now: Timestamp) -> Result<(), Error> {
    let update = doc! { "$set": { "failed_at": date(now) }, "$unset": { "running": "" } };
    db.stored::<SurveyRow>().update_one(doc! { "_id": id, "running.owner": owner }, update).await.map(drop)
}

/// The ladder of a finished survey; `None` if it has none, or if a newer survey has replaced it meanwhile.
pub async fn ladder(db: &Db, id: &str, sort: &Sort, result: &Finished) -> Result<Option<Ladder>, Error> {
    if !result.laddered {
        return Ok(None);
    }
    let count = u64::try_from(result.count).unwrap_or_default();
    let filter = doc! { "survey": id, "generation": &result.generation };
    let pieces: Vec<_> =
        db.stored::<RungsRow>().find(filter).sort(doc! { "number": 1 }).await?.try_collect::<Vec<_>>().await?;
    let rungs: Vec<_> = pieces.iter().flat_map(|piece| places(&piece.places.bytes)).collect();
    let whole = rungs.len() as u64 == count.div_ceil(STEP);
    Ok(whole.then(|| Ladder::new(sort.clone(), STEP, rungs, count, result.rare)))
}

/// Places as BSON documents back to back, cut into pieces between two of them.
fn pieces(places: &[Place]) -> Vec<Vec<u8>> {
    let mut pieces: Vec<Vec<u8>> = Vec::new();
    for place in places {
        let mut builder = Builder::new();
        for key in place {
            builder.raw(key.kind, b"", &key.value);
        }
        match pieces.last_mut().filter(|piece| piece.len() < PIECE) {
            Some(piece) => piece.extend(builder.finish()),
            None => pieces.push(builder.finish()),
        }
    }
    pieces
}

fn places(mut bytes: &[u8]) -> Vec<Place> {
    let mut places = Vec::new();
    while let Some(length) = bytes.get(..4).and_then(|head| head.try_into().ok()).map(u32::from_le_bytes) {
        let Some((document, rest)) = usize::try_from(length).ok().and_then(|length| bytes.split_at_checked(length))
        else {
            break;
        };
        places.push(elements(document).map_while(Result::ok).map(|element| Key::of(&element)).collect());
        bytes = rest;
    }
    places
}

fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A count as the row has it.
pub fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

impl SurveyRow {
    /// Whether a survey is under way at this time.
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.running.as_ref().is_some_and(|running| running.until >= date(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::raw::kind;

    #[test]
    fn places_come_back_from_their_pieces() {
        let long = vec![b'x'; 1 << 20];
        let text = [&(long.len() as u32 + 1).to_le_bytes()[..], &long, &[0]].concat();
        let stored: Vec<Place> =
            (0..5_i32).map(|n| vec![Key::new(kind::STRING, &text), Key::new(kind::INT32, &n.to_le_bytes())]).collect();
        let pieces = pieces(&stored);
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() < 8 << 20));
        assert_eq!(pieces.iter().flat_map(|piece| places(piece)).collect::<Vec<_>>(), stored);
    }
}
