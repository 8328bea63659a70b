//! Transactions against a server.

use bson::{Document, doc};
use canje::db::{Db, with_transaction};

use crate::support::TestDb;

async fn count(db: &Db) -> u64 {
    db.live.collection::<Document>("c").count_documents(doc! {}).await.unwrap()
}

#[tokio::test]
async fn all_or_nothing() {
    let test = TestDb::new().await;
    let collection = test.db.live.collection::<Document>("c");
    let collection = &collection;
    let refused = with_transaction(&test.db, |session| {
        Box::pin(async move {
            collection.insert_one(doc! { "_id": 1 }).session(&mut *session).await?;
            collection.insert_one(doc! { "_id": 2 }).session(&mut *session).await?;
            anyhow::Result::<()>::Err(anyhow::anyhow!("changed our mind"))
        })
    })
    .await;
    assert_eq!(refused.unwrap_err().to_string(), "changed our mind");
    assert_eq!(count(&test.db).await, 0);

    let kept = with_transaction(&test.db, |session| {
        Box::pin(async move {
            collection.insert_one(doc! { "_id": 1 }).session(&mut *session).await?;
            mongodb::error::Result::Ok("kept")
        })
    })
    .await;
    assert_eq!(kept.unwrap(), "kept");
    assert_eq!(count(&test.db).await, 1);
}

/// Two transactions read the same counter before either writes it: one of them has to be done again, and no step is lost.
#[tokio::test]
async fn a_conflict_is_done_again() {
    let test = TestDb::new().await;
    let collection = test.db.live.collection::<Document>("c");
    collection.insert_one(doc! { "_id": 1, "n": 0 }).await.unwrap();
    let workers = (0..4).map(|_| {
        let db = test.db.clone();
        // Spawned, as handlers are: the future has to be Send.
        tokio::spawn(async move {
            let mut runs = 0;
            for _ in 0..5 {
                let db = &db;
                let step = with_transaction(db, |session| {
                    runs += 1;
                    Box::pin(async move {
                        let collection = db.live.collection::<Document>("c");
                        let found = collection.find_one(doc! { "_id": 1 }).session(&mut *session).await?;
                        let n = found.unwrap().get_i32("n").unwrap();
                        let next = doc! { "$set": { "n": n + 1 } };
                        collection.update_one(doc! { "_id": 1 }, next).session(&mut *session).await?;
                        anyhow::Ok(())
                    })
                });
                step.await.unwrap();
            }
            runs
        })
    });
    let runs: i32 = futures::future::try_join_all(workers).await.unwrap().into_iter().sum();
    let counter = collection.find_one(doc! { "_id": 1 }).await.unwrap().unwrap();
    assert_eq!(counter.get_i32("n").unwrap(), 20);
    assert!(runs >= 20);
}
