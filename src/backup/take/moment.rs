//! Questions asked at the same moment the documents were read at: how many there are, and in which order.

use bson::{Bson, Document, doc};
use futures::TryStreamExt as _;
use mongodb::ClientSession;
use tokio::time::Instant;

use super::list::Listed;
use super::scan::{Moment, Read, sums_of};
use super::sums::Sums;
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

/// What the server answered, for each included namespace in order; `None` where there was no time.
pub type Answers = Vec<Option<Answer>>;

/// What it answered about one namespace.
#[derive(Clone, Debug)]
pub struct Answer {
    documents: u64,
    /// A capped collection read again.
    again: Option<Sums>,
}

/// Counts, in the session's transaction or at its snapshot, and reads capped collections again. Gives up at `until`: a moment
/// that is over can't be asked.
pub async fn ask(
    db: &Db,
    session: &mut ClientSession,
    included: &[Listed],
    until: Instant,
) -> Result<Answers, Trouble> {
    let mut answers = Vec::with_capacity(included.len());
    for listed in included {
        if !listed.has_documents() {
            answers.push(None);
            continue;
        }
        let asked = tokio::time::timeout_at(until, async {
            let documents = count(db, listed, session).await?;
            let again = match listed.definition.is_capped() {
                true => Some(sums_of(db, listed, Moment::Session(session)).await?),
                false => None,
            };
            Ok::<_, Trouble>(Answer { documents, again })
        });
        answers.push(asked.await.ok().transpose()?);
    }
    Ok(answers)
}

/// Compares the answers with what was read.
pub fn confirm(answers: Answers, read: &[Read]) -> Confirmed {
    let mut confirmed = Confirmed::default();
    for (answer, read) in answers.into_iter().zip(read).filter(|(_, read)| read.listed.has_documents()) {
        let Some(answer) = answer else {
            confirmed.uncounted += 1;
            continue;
        };
        confirmed.counted += 1;
        let documents = read.sums.documents + read.too_long.len() as u64;
        if answer.documents != documents {
            confirmed.miscounted.push((read.listed.namespace(), documents, answer.documents));
        }
        if let Some(again) = answer.again {
            confirmed.ordered += 1;
            if (&again.h_stream, again.bytes) != (&read.sums.h_stream, read.sums.bytes) {
                confirmed.disordered.push(read.listed.namespace());
            }
        }
    }
    confirmed
}

/// How many documents there are, counted one by one.
async fn count(db: &Db, listed: &Listed, session: &mut ClientSession) -> Result<u64, Trouble> {
    let database = db.client.database(&listed.definition.database);
    let collection = database.collection::<Document>(&listed.source);
    let group = collection.aggregate([doc! { "$group": { "_id": null, "n": { "$sum": 1_i64 } } }]);
    let mut cursor = group.session(&mut *session).await?;
    let answer: Vec<Document> = cursor.stream(session).try_collect().await?;
    // Nothing to group is no answer at all; an answer that is no number is none of ours to guess.
    let Some(answer) = answer.first() else { return Ok(0) };
    let counted = match answer.get("n") {
        Some(Bson::Int64(counted)) => u64::try_from(*counted).ok(),
        Some(Bson::Int32(counted)) => u64::try_from(*counted).ok(),
        Some(Bson::Double(counted)) if counted.fract() == 0.0 && *counted >= 0.0 => Some(*counted as u64),
        _ => None,
    };
    Ok(counted.ok_or_else(|| anyhow::anyhow!("{}: a count that is no number: {answer}", listed.namespace()))?)
}
