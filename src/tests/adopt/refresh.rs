//! Adopting again: what follows the source, what stays, what goes another way.

use bson::{Bson, Document, RawDocument, doc};
use canje::adopt::{Adopt, Adopted, Adoption, Frozen, Noticed, Outcome, Rule};
use canje::db::Declared;
use futures::TryStreamExt;

use super::{Legacy, figures, ids, row, rows, with};

/// What every run writes of itself.
const OWN_BOOKS: [&str; 3] = ["adopt_state", "adopt_runs", "audit_logs"];

#[tokio::test]
async fn everything_is_adopted_and_adopting_again_writes_nothing() {
    let legacy = Legacy::with(rows(450).chain([with(451, "role", "emperor")])).await;
    let source = legacy.bytes_of(&legacy.name, &[]).await;
    assert_eq!(figures(&legacy.adopt().await), [451, 450, 0, 0, 0, 1, 0]);
    assert_eq!(legacy.live().count_documents(doc! {}).await.unwrap(), 450);
    assert_eq!(legacy.user(7).await.get_str("email").unwrap(), "p7@example.com");

    let adopted = legacy.bytes_of(legacy.test.name(), &OWN_BOOKS).await;
    assert_eq!(adopted.len(), 450 + 451, "a document and a ledger entry each, and an entry for the refused row");
    let again = legacy.adopt().await;
    assert_eq!(figures(&again), [451, 0, 450, 0, 0, 1, 0]);
    assert_eq!(ids(&again, "user.role_unknown"), ["user_0000000001c3"]);
    assert_eq!(legacy.bytes_of(legacy.test.name(), &OWN_BOOKS).await, adopted);
    assert_eq!(legacy.bytes_of(&legacy.name, &[]).await, source, "the source is never written");
}

#[tokio::test]
async fn a_refresh_follows_the_source_and_deletes_nothing() {
    let legacy = Legacy::with(rows(5)).await;
    legacy.adopt().await;
    legacy.rows("users").update_one(doc! { "_id": 2 }, doc! { "$set": { "name": "Otra" } }).await.unwrap();
    legacy.rows("users").delete_one(doc! { "_id": 3 }).await.unwrap();
    legacy.rows("users").insert_one(row(6)).await.unwrap();
    legacy.rows("users").update_one(doc! { "_id": 4 }, doc! { "$set": { "role": "emperor" } }).await.unwrap();

    let report = legacy.adopt().await;
    assert_eq!(figures(&report), [5, 2, 2, 0, 0, 1, 0]);
    assert_eq!(ids(&report, "source_vanished"), ["user_000000000003"]);
    assert_eq!(legacy.user(2).await.get_str("name").unwrap(), "Otra");
    assert_eq!(legacy.user(3).await.get_str("name").unwrap(), "Persona 3");
    assert_eq!(
        legacy.user(4).await.get_str("role").unwrap(),
        "creator",
        "what was adopted stays when its row is refused"
    );
    let again = legacy.adopt().await;
    assert_eq!((figures(&again), ids(&again, "source_vanished").len()), ([5, 0, 4, 0, 0, 1, 0], 1));
}

#[tokio::test]
async fn what_was_changed_here_is_kept_and_named() {
    let legacy = Legacy::with(rows(3)).await;
    legacy.adopt().await;
    legacy.live().update_one(doc! { "_id": 1 }, doc! { "$set": { "name": "Cambiada acá" } }).await.unwrap();
    legacy.live().delete_one(doc! { "_id": 2 }).await.unwrap();
    legacy.rows("users").update_many(doc! {}, doc! { "$set": { "city": "Luque" } }).await.unwrap();

    for expected in [[3, 1, 0, 0, 0, 0, 2], [3, 0, 1, 0, 0, 0, 2]] {
        let report = legacy.adopt().await;
        assert_eq!(figures(&report), expected);
        assert_eq!(ids(&report, "kept_local_change"), ["user_000000000001", "user_000000000002"]);
    }
    assert_eq!(legacy.user(1).await.get_str("name").unwrap(), "Cambiada acá");
    assert_eq!(legacy.live().count_documents(doc! { "_id": 2 }).await.unwrap(), 0);
    assert_eq!(legacy.user(3).await.get_str("city").unwrap(), "Luque");

    // Once it is again as it was written, the source is followed again.
    legacy.live().update_one(doc! { "_id": 1 }, doc! { "$set": { "name": "Persona 1" } }).await.unwrap();
    assert_eq!(figures(&legacy.adopt().await), [3, 1, 1, 0, 0, 0, 1]);
    assert_eq!(legacy.user(1).await.get_str("city").unwrap(), "Luque");
}

#[tokio::test]
async fn accounts_made_here_are_left_alone() {
    let legacy = Legacy::with([with(1, "email", "Ana@Example.com "), row(2), row(3)]).await;
    let here = doc! { "_id": "here", "user_id": "user_here", "email": "ana@example.com", "name": "Ana" };
    legacy.live().insert_one(&here).await.unwrap();
    legacy.live().insert_one(doc! { "_id": 2, "user_id": "user_sitting", "email": Bson::Null }).await.unwrap();
    legacy.live().insert_one(doc! { "_id": "twin", "user_id": "user_000000000003" }).await.unwrap();

    let report = legacy.adopt().await;
    assert_eq!(figures(&report), [3, 1, 0, 0, 0, 2, 0]);
    assert_eq!(ids(&report, "user.email_duplicate"), ["user_000000000001"]);
    assert_eq!(ids(&report, "id_taken"), ["user_000000000002"]);
    assert_eq!(ids(&report, "user.user_id_duplicate"), ["user_000000000003"]);
    assert_eq!(legacy.live().find_one(doc! { "_id": "here" }).await.unwrap().unwrap(), here);
    let beside = legacy.user(1).await;
    assert_eq!(
        (beside.get("email"), beside.get_str("email_conflict").ok()),
        (Some(&Bson::Null), Some("ana@example.com"))
    );
    assert_eq!(figures(&legacy.adopt().await), [3, 0, 1, 0, 0, 2, 0]);
}

#[tokio::test]
async fn addresses_that_change_hands_do_so_across_batches() {
    let legacy = Legacy::with(rows(450)).await;
    legacy.adopt().await;
    for (id, email) in
        [(1, "p450@example.com"), (450, "p1@example.com"), (2, "nueva@example.com"), (3, "p2@example.com")]
    {
        legacy.rows("users").update_one(doc! { "_id": id }, doc! { "$set": { "email": email } }).await.unwrap();
    }
    assert_eq!(figures(&legacy.adopt().await), [450, 4, 446, 0, 0, 0, 0]);
    assert_eq!(legacy.user(1).await.get_str("email").unwrap(), "p450@example.com");
    assert_eq!(legacy.user(450).await.get_str("email").unwrap(), "p1@example.com");
    assert_eq!(legacy.user(3).await.get_str("email").unwrap(), "p2@example.com");
}

#[tokio::test]
async fn an_address_that_a_local_change_holds_is_not_taken_away() {
    let legacy = Legacy::with(rows(2)).await;
    legacy.adopt().await;
    legacy.live().update_one(doc! { "_id": 1 }, doc! { "$set": { "email": "codiciada@example.com" } }).await.unwrap();
    let wanted = doc! { "$set": { "email": "codiciada@example.com" } };
    legacy.rows("users").update_one(doc! { "_id": 2 }, wanted).await.unwrap();
    let report = legacy.adopt().await;
    assert_eq!(figures(&report), [2, 0, 0, 0, 0, 1, 1]);
    assert_eq!(ids(&report, "key_taken"), ["user_000000000002"]);
    assert_eq!(legacy.user(2).await.get_str("email").unwrap(), "p2@example.com");
}

/// A rule with every outcome: the row says which.
struct Sorting;

impl Rule for Sorting {
    fn name(&self) -> &'static str {
        "sorting"
    }
    fn source(&self) -> &'static str {
        "users"
    }
    fn target(&self) -> Declared {
        Declared { collection: "sorted", indexes: &[] }
    }
    fn other_targets(&self) -> &'static [Declared] {
        &[Declared { collection: "elsewhere", indexes: &[] }]
    }
    fn version(&self) -> i32 {
        1
    }
    fn prepare(&self, _: &Frozen) -> Box<dyn Adopt> {
        Box::new(Self)
    }
}

impl Adopt for Sorting {
    fn adopt(&self, row: &RawDocument) -> Adopted {
        let id = row.get_i32("_id").unwrap();
        let document = doc! { "_id": id };
        let (outcome, findings) = match row.get_str("goes").unwrap() {
            "here" => (Outcome::Write(document), vec![]),
            "elsewhere" => (Outcome::Move { collection: "elsewhere", document }, vec![]),
            "into" => (Outcome::Fold { into: Bson::Int32(1) }, vec![]),
            _ => (Outcome::Refuse, vec![Noticed::refused("sorting.nowhere")]),
        };
        Adopted { id: id.to_string(), outcome, findings }
    }
}

#[tokio::test]
async fn rows_that_go_another_way_leave_nothing_behind() {
    let legacy = Legacy::with([
        doc! { "_id": 1, "goes": "here" },
        doc! { "_id": 2, "goes": "elsewhere" },
        doc! { "_id": 3, "goes": "into" },
        doc! { "_id": 4, "goes": "nowhere" },
    ])
    .await;
    let adopt = async || Adoption { rules: &[&Sorting], ..legacy.adoption() }.run().await.unwrap().rules.remove(0);
    let found = async |collection: &str| -> Vec<i32> {
        let documents = legacy.db().live.collection::<Document>(collection);
        let found: Vec<Document> =
            documents.find(doc! {}).sort(doc! { "_id": 1 }).await.unwrap().try_collect().await.unwrap();
        found.iter().map(|document| document.get_i32("_id").unwrap()).collect()
    };
    assert_eq!(figures(&adopt().await), [4, 1, 0, 1, 1, 1, 0]);
    assert_eq!(figures(&adopt().await), [4, 0, 2, 1, 0, 1, 0]);
    for (id, goes) in [(1, "elsewhere"), (2, "into"), (3, "here")] {
        legacy.rows("users").update_one(doc! { "_id": id }, doc! { "$set": { "goes": goes } }).await.unwrap();
    }
    assert_eq!(figures(&adopt().await), [4, 1, 0, 1, 1, 1, 0]);
    assert_eq!((found("sorted").await, found("elsewhere").await), (vec![3], vec![1]));
}
