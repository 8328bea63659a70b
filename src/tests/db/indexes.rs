//! Declared indexes on a live database.

use std::time::Duration;

use bson::doc;
use canje::db::indexes::{Direction::Ascending, MissingReason};
use canje::db::{Declared, IndexFinding, IndexSpec, Stored};
use serde::{Deserialize, Serialize};

use crate::support::TestDb;

#[derive(Serialize, Deserialize)]
struct Person {
    #[serde(rename = "_id")]
    id: i32,
    email: Option<String>,
}

impl Stored for Person {
    const COLLECTION: &'static str = "people";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("email", &[("email", Ascending)])
            .unique()
            .only_where(|| doc! { "email": { "$type": "string" } }),
        IndexSpec::new("expiry", &[("expires_at", Ascending)]).expires_after(Duration::ZERO),
    ];
}

const DECLARED: &[Declared] = &[Declared::of::<Person>()];

#[tokio::test]
async fn what_is_missing_is_created_once() {
    let test = TestDb::new().await;
    let created = |index| IndexFinding::Created { collection: "people", index };
    assert_eq!(test.db.prepare(DECLARED).await.unwrap(), [created("email"), created("expiry")]);
    assert_eq!(test.db.prepare(DECLARED).await.unwrap(), []);
    assert_eq!(test.db.check_indexes(DECLARED).await.unwrap(), []);

    let people = test.db.stored::<Person>();
    people.insert_many([Person { id: 1, email: None }, Person { id: 2, email: None }]).await.unwrap();
    people.insert_one(Person { id: 3, email: Some("ana@example.com".into()) }).await.unwrap();
    let twice = people.insert_one(Person { id: 4, email: Some("ana@example.com".into()) }).await;
    assert!(twice.is_err(), "the unique index holds for strings and only for them");
}

#[tokio::test]
async fn what_is_not_ours_is_reported_and_left_alone() {
    let test = TestDb::new().await;
    let people = test.db.live.collection::<Person>("people");
    let by_hand = doc! { "createIndexes": "people", "indexes": [
        { "name": "email", "key": { "email": 1 }, "sparse": true },
        { "name": "by_hand", "key": { "name": 1 } },
    ] };
    people.insert_one(Person { id: 1, email: None }).await.unwrap();
    test.db.live.run_command(by_hand).await.unwrap();
    test.db.live.create_collection("stranger").await.unwrap();

    let findings = test.db.prepare(DECLARED).await.unwrap();
    assert_eq!(findings.len(), 4, "{findings:?}");
    assert!(matches!(&findings[0], IndexFinding::Differs { index: "email", .. }));
    assert_eq!(findings[1], IndexFinding::Created { collection: "people", index: "expiry" });
    assert_eq!(findings[2], IndexFinding::Extra { collection: "people", index: "by_hand".into() });
    assert_eq!(findings[3], IndexFinding::Undeclared { collection: "stranger".into() });
    assert_eq!(people.list_index_names().await.unwrap().len(), 4);
}

#[tokio::test]
async fn an_index_that_cannot_be_made_says_why() {
    let test = TestDb::new().await;
    let people = test.db.live.collection::<Person>("people");
    let twin = |id| Person { id, email: Some("ana@example.com".into()) };
    people.insert_many([twin(1), twin(2)]).await.unwrap();
    let findings = test.db.prepare(DECLARED).await.unwrap();
    assert_eq!(
        findings[0],
        IndexFinding::Missing { collection: "people", index: "email", reason: Some(MissingReason::Duplicates) }
    );
    assert!(!findings[0].is_harmless());
    assert!(findings[0].to_string().contains("repetidos"));
}
