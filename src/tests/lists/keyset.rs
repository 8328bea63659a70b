//! Every page of every order, forwards and back.

use bson::{Bson, Document, doc};
use canje::db::keyset::{From, Key, Query};

use super::super::support::TestDb;

const ROWS: usize = 23;

/// Rows whose rating repeats and is missing in some.
async fn rows(db: &TestDb) -> mongodb::Collection<Document> {
    let rows = db.db.live.collection::<Document>("rows");
    let made = (0..ROWS as i32).map(|n| {
        let mut row = doc! { "id": format!("r{n:02}"), "stats": { "city": format!("c{}", n % 3) } };
        match n % 4 {
            0 => {}
            1 => drop(row.insert("rating", Bson::Null)),
            _ => drop(row.insert("rating", n % 5)),
        }
        row
    });
    rows.insert_many(made).await.unwrap();
    rows
}

fn ids(rows: &[Document]) -> Vec<String> {
    rows.iter().map(|row| row.get_str("id").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_page_forwards_and_back_is_the_whole_list_once() {
    let db = TestDb::new().await;
    let rows = rows(&db).await;
    let orders: [Vec<Key>; 5] = [
        vec![Key::ascending("id")],
        vec![Key::descending("rating").maybe_missing(), Key::ascending("id")],
        vec![Key::ascending("rating").maybe_missing(), Key::descending("id")],
        vec![Key::descending("stats.city"), Key::ascending("rating").maybe_missing(), Key::ascending("id")],
        vec![Key::ascending("stats.city"), Key::descending("rating").maybe_missing(), Key::descending("id")],
    ];
    for order in orders {
        for stage in [None, Some(doc! { "$addFields": { "nothing": 1 } })] {
            let whole = with_stages(Query::new(doc! {}, order.clone(), 100), stage.clone());
            let whole = whole.page::<Document>(&rows, &From::First).await.unwrap();
            assert_eq!((whole.rows.len(), whole.total), (ROWS, ROWS as u64));
            assert!(whole.previous.is_none() && whole.next.is_none());
            let paged = with_stages(Query::new(doc! {}, order.clone(), 4), stage);
            let (mut forwards, mut from) = (Vec::new(), From::First);
            loop {
                let page = paged.page::<Document>(&rows, &from).await.unwrap();
                forwards.extend(ids(&page.rows));
                match page.next {
                    Some(place) => from = From::After(place),
                    None => break,
                }
            }
            assert_eq!(forwards, ids(&whole.rows), "{order:?}");
            let (mut backwards, mut from) = (Vec::new(), From::Last);
            loop {
                let page = paged.page::<Document>(&rows, &from).await.unwrap();
                backwards.splice(0..0, ids(&page.rows));
                match page.previous {
                    Some(place) => from = From::Before(place),
                    None => break,
                }
            }
            assert_eq!(backwards, ids(&whole.rows), "{order:?}");
        }
    }
}

#[tokio::test]
async fn a_filter_narrows_rows_and_their_count() {
    let db = TestDb::new().await;
    let rows = rows(&db).await;
    let query = Query::new(doc! { "stats.city": "c1" }, vec![Key::ascending("id")], 3);
    let page = query.page::<Document>(&rows, &From::First).await.unwrap();
    assert_eq!(ids(&page.rows), ["r01", "r04", "r07"]);
    assert_eq!(page.total, 8);
}

fn with_stages(query: Query, stage: Option<Document>) -> Query {
    match stage {
        Some(stage) => query.stage(stage),
        None => query,
    }
}

#[tokio::test]
async fn newest_first_is_the_same_whether_the_last_days_hold_a_page_or_not() {
    let db = TestDb::new().await;
    let rows = db.db.live.collection::<Document>("timed");
    let now: jiff::Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    let made = (0..ROWS as i64).map(|n| {
        let at = canje::db::date(now - std::time::Duration::from_secs(60 * 60 * 24 * 6 * n as u64));
        doc! { "id": format!("r{n:02}"), "at": at }
    });
    rows.insert_many(made).await.unwrap();
    let query = Query::new(doc! {}, vec![Key::descending("at"), Key::ascending("id")], 5).recent_first(now);
    let (mut all, mut from) = (Vec::new(), From::First);
    loop {
        let page = query.page::<Document>(&rows, &from).await.unwrap();
        all.extend(ids(&page.rows));
        match page.next {
            Some(place) => from = From::After(place),
            None => break,
        }
    }
    let expected: Vec<String> = (0..ROWS).map(|n| format!("r{n:02}")).collect();
    assert_eq!(all, expected);
}
