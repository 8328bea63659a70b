//! What differs between a document as it was read and as it has to be, as an update that names only that.

use bson::{Bson, Document, doc};
use mongodb::ClientSession;
use serde::Serialize;

use super::{Db, Lost, Stored};
use crate::failure::Failure;

/// Writes what changed, provided that everything it replaces still is what was read; else the transaction is [`Lost`].
/// Fields nobody changed are left alone, those this program doesn't know as well. `false`: nothing changed.
pub async fn write_change_in<T: Stored + Serialize>(
    session: &mut ClientSession,
    db: &Db,
    before: &T,
    after: &T,
) -> Result<bool, Failure> {
    let (before, after) = (document(before)?, document(after)?);
    let (mut expected, update) = change(&before, &after);
    if update.is_empty() {
        return Ok(false);
    }
    expected.insert("id", before.get("id").cloned().unwrap_or(Bson::Null));
    let written = db.live.collection::<Document>(T::COLLECTION).update_one(expected, update).session(session).await?;
    if written.matched_count == 1 { Ok(true) } else { Err(Lost.into()) }
}

fn document<T: Serialize>(of: &T) -> Result<Document, Failure> {
    Ok(bson::serialize_to_document(of).map_err(anyhow::Error::from)?)
}

/// The values that are replaced, and the update. A list that only grew is added to.
fn change(before: &Document, after: &Document) -> (Document, Document) {
    let (mut expected, mut set, mut push, mut unset) =
        (Document::new(), Document::new(), Document::new(), Document::new());
    for (field, value) in after {
        let was = before.get(field);
        if was == Some(value) {
            continue;
        }
        match (was, value) {
            (Some(Bson::Array(was)), Bson::Array(is)) if is.starts_with(was) => {
                push.insert(field, doc! { "$each": is[was.len()..].to_vec() });
            }
            _ => drop(set.insert(field, value.clone())),
        }
        expect(&mut expected, field, was);
    }
    for (field, was) in before.iter().filter(|(field, _)| !after.contains_key(field)) {
        unset.insert(field, "");
        expect(&mut expected, field, Some(was));
    }
    let parts = [("$set", set), ("$push", push), ("$unset", unset)];
    let update =
        parts.into_iter().filter(|(_, part)| !part.is_empty()).map(|(name, part)| (name.to_owned(), part.into()));
    (expected, update.collect())
}

/// A plain value is expected to be as it was; what is missing and what is null are the same.
fn expect(expected: &mut Document, field: &str, was: Option<&Bson>) {
    match was {
        Some(Bson::Array(_) | Bson::Document(_)) => {}
        Some(plain) => drop(expected.insert(field, plain.clone())),
        None => drop(expected.insert(field, Bson::Null)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_named() {
        let before = doc! { "id": "a", "status": "x", "at": 1, "list": [1], "part": { "n": 1 }, "gone": true };
        let after = doc! { "id": "a", "status": "y", "at": 1, "list": [1, 2], "part": { "n": 2 }, "new": 5 };
        let (expected, update) = change(&before, &after);
        assert_eq!(expected, doc! { "status": "x", "new": Bson::Null, "gone": true });
        assert_eq!(
            update,
            doc! {
                "$set": { "status": "y", "part": { "n": 2 }, "new": 5 },
                "$push": { "list": { "$each": [2] } },
                "$unset": { "gone": "" },
            }
        );
    }

    #[test]
    fn a_list_that_lost_something_is_written_anew_and_nothing_is_no_update() {
        let before = doc! { "id": "a", "list": [1, 2] };
        let (_, update) = change(&before, &doc! { "id": "a", "list": Bson::Array(vec![]) });
        assert_eq!(update, doc! { "$set": { "list": Bson::Array(vec![]) } });
        assert!(change(&before, &before).1.is_empty());
    }
}
