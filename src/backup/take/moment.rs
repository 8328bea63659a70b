//! Questions asked at the same moment the documents were read at: how many there are, and in which order.

use bson::{Document, doc};
use futures::TryStreamExt as _;
use mongodb::ClientSession;
use tokio::time::Instant;

use super::scan::{Moment, Read, sums_of};
use super::trouble::Trouble;
use crate::db::Db;

/// What the moment itself says about what was read.
#[derive(Clone, Debug, Default)]
pub struct Confirmed {
    /// Namespaces counted by the server at that moment.
    pub counted: usize,
    /// Those there was no time for, or no moment.
    pub uncounted: usize,
    /// Namespace, documents read, documents counted.
    pub miscounted: Vec<(String, u64, u64)>,
    /// Capped collections read twice.
    pub ordered: usize,
    /// Those that came in another order or with other documents the second time.
    pub disordered: Vec<String>,
}

/// Counts, in the session's transaction or at its snapshot, what was read there, and reads capped collections again.
/// Gives up at `until`: a moment that is over can't be asked.
pub async fn confirm(
    db: &Db,
    session: &mut ClientSession,
    read: &[Read],
    until: Instant,
) -> Result<Confirmed, Trouble> {
    let mut confirmed = Confirmed::default();
    for read in read.iter().filter(|read| read.listed.has_documents()) {
        let asked = tokio::time::timeout_at(until, async {
            let counted = count(db, read, session).await?;
            let again = match read.listed.definition.is_capped() {
                true => Some(sums_of(db, &read.listed, Moment::Session(session)).await?),
                false => None,
            };
            Ok::<_, Trouble>((counted, again))
        });
        let Ok(asked) = asked.await else {
            confirmed.uncounted += 1;
            continue;
        };
        let (counted, again) = asked?;
        confirmed.counted += 1;
        let documents = read.sums.documents + read.too_long.len() as u64;
        if counted != documents {
            confirmed.miscounted.push((read.listed.namespace(), documents, counted));
        }
        if let Some(again) = again {
            confirmed.ordered += 1;
            let same = again.h_stream == read.sums.h_stream && again.bytes == read.sums.bytes;
            if !same {
                confirmed.disordered.push(read.listed.namespace());
            }
        }
    }
    Ok(confirmed)
}

/// How many documents there are, counted one by one.
async fn count(db: &Db, read: &Read, session: &mut ClientSession) -> Result<u64, Trouble> {
    let database = db.client.database(&read.listed.definition.database);
    let collection = database.collection::<Document>(&read.listed.source);
    let group = collection.aggregate([doc! { "$group": { "_id": null, "n": { "$sum": 1_i64 } } }]);
    let mut cursor = group.session(&mut *session).await?;
    let answer: Vec<Document> = cursor.stream(session).try_collect().await?;
    let counted = answer.first().and_then(|answer| answer.get_i64("n").ok());
    Ok(counted.and_then(|counted| u64::try_from(counted).ok()).unwrap_or(0))
}
