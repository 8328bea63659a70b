//! Money that moves in transactions while backups are taken: in every one of them the balances are those of the ledger,
//! though accounts and ledger are in different databases.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use canje::db::with_transaction;

use super::*;

const ACCOUNTS: i32 = 60;
const START: i64 = 1_000;
const BACKUPS: usize = 20;

fn random(below: i32) -> i32 {
    (uuid::Uuid::new_v4().as_u128() % below as u128) as i32
}

/// Moves money until it is told to stop.
async fn teller(db: Db, ledger: String, over: Arc<AtomicBool>, moved: Arc<AtomicI64>) {
    while !over.load(Ordering::SeqCst) {
        let (from, to, amount) = (random(ACCOUNTS), random(ACCOUNTS), i64::from(random(50)) + 1);
        let (database, ledger) = (&db, &ledger);
        with_transaction(&db, |session| {
            Box::pin(async move {
                let accounts = database.live.collection::<Document>("accounts");
                for (account, change) in [(from, -amount), (to, amount)] {
                    let update = doc! { "$inc": { "balance": change } };
                    accounts.update_one(doc! { "_id": account }, update).session(&mut *session).await?;
                }
                let entry = doc! { "from": from, "to": to, "amount": amount };
                let ledger = database.client.database(ledger).collection::<Document>("ledger");
                ledger.insert_one(entry).session(&mut *session).await?;
                anyhow::Ok(())
            })
        })
        .await
        .unwrap();
        moved.fetch_add(1, Ordering::SeqCst);
    }
}

fn is_balanced(taken: &Taken, accounts: &str, ledger: &str) -> usize {
    let mut expected: HashMap<i32, i64> = (0..ACCOUNTS).map(|account| (account, START)).collect();
    let entries = taken.of(ledger);
    for entry in entries {
        let entry = raw(entry.clone());
        let amount = entry.get_i64("amount").unwrap();
        *expected.get_mut(&entry.get_i32("from").unwrap()).unwrap() -= amount;
        *expected.get_mut(&entry.get_i32("to").unwrap()).unwrap() += amount;
    }
    let found: HashMap<i32, i64> = taken
        .of(accounts)
        .iter()
        .map(|account| raw(account.clone()))
        .map(|account| (account.get_i32("_id").unwrap(), account.get_i64("balance").unwrap()))
        .collect();
    assert_eq!(found, expected, "torn between two databases, after {} entries", entries.len());
    entries.len()
}

async fn holds(rung: Label) {
    let test = TestDb::new().await;
    let (bank, books) = (test.name().to_owned(), test.sibling("books"));
    let accounts: Vec<_> = (0..ACCOUNTS).map(|account| doc! { "_id": account, "balance": START }).collect();
    insert(&test, &bank, "accounts", &accounts).await;
    test.db.client.database(&books).create_collection("ledger").await.unwrap();
    // Between the two, so that a scan takes its time.
    let filler: Vec<_> = (0..2_000).map(|n| doc! { "_id": n, "text": "x".repeat(400) }).collect();
    insert(&test, &bank, "filler", &filler).await;
    let (over, moved) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
    let tellers: Vec<_> =
        (0..3).map(|_| tokio::spawn(teller(test.db.clone(), books.clone(), over.clone(), moved.clone()))).collect();
    let effort = Effort { workers: 1, ..Effort::only(rung) };
    let mut seen = Vec::new();
    for _ in 0..BACKUPS {
        let taken = take(&test.db, &[&bank, &books], &effort).await;
        assert_eq!(taken.collected.label, rung);
        seen.push(is_balanced(&taken, &format!("{bank}.accounts"), &format!("{books}.ledger")));
    }
    over.store(true, Ordering::SeqCst);
    for teller in tellers {
        teller.await.unwrap();
    }
    assert!(seen.is_sorted() && seen[BACKUPS - 1] > seen[0], "money moved all the time: {seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn balances_hold_in_one_transaction() {
    holds(Label::Transaction).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn balances_hold_after_mending() {
    holds(Label::FixedUp).await;
}
