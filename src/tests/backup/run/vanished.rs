//! Copies that vanish or rot in their store after the run that proved them.

use bson::doc;
use canje::backup::model::{Check, Outcome, Severity};
use canje::backup::record::CatalogueEntry;
use canje::backup::run;

use super::{House, check, is_proven};

/// Between two backups.
const HOUR: std::time::Duration = std::time::Duration::from_secs(3600);

#[tokio::test]
async fn a_vanished_backup_is_an_alarm_and_no_failure_of_the_next_run() {
    let house = House::new().await;
    let first = house.take().await;
    is_proven(&first);
    let moved = house.stored_at("offsite", &first);
    let elsewhere = house.files.path().join("elsewhere");
    std::fs::rename(&moved, &elsewhere).unwrap();
    let second = house.take().await;
    let fingerprint = format!("backup:vanished:offsite:{}", first.id);
    assert_eq!(second.status, canje::backup::model::State::Complete, "{:?}", second.error);
    assert_eq!(check(&second, Check::Catalogue, None).outcome, Outcome::Failed);
    let named: Vec<_> = second.findings.iter().filter(|finding| finding.check == Check::Catalogue).collect();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0].severity, Severity::Info);
    assert_eq!(named[0].namespace.as_deref(), Some(format!("offsite/{}", first.id).as_str()));
    let told = house.incidents(&fingerprint).await;
    assert_eq!(told.iter().map(|(_, is_open)| *is_open).collect::<Vec<_>>(), [true]);

    std::fs::rename(&elsewhere, &moved).unwrap();
    run::reread(&house.depot).await.unwrap();
    let told = house.incidents(&fingerprint).await;
    assert_eq!(told.iter().map(|(_, is_open)| *is_open).collect::<Vec<_>>(), [false], "it is back");
}

#[tokio::test]
async fn a_part_that_rots_is_found_by_the_rolling_reading() {
    let house = House::new().await;
    let run = house.take().await;
    let said = run::reread(&house.depot).await.unwrap();
    assert!(said.contains("2 copias") && said.contains("0 mal"), "{said}");
    let part = house.stored_at("second", &run).join("parts/00000000");
    let mut bytes = std::fs::read(&part).unwrap();
    bytes[9] ^= 4;
    std::fs::write(&part, bytes).unwrap();
    run::reread(&house.depot).await.unwrap();
    let told = house.incidents(&format!("backup:read_back:second:{}", run.id)).await;
    assert_eq!(told.len(), 1);
    assert!(house.incidents(&format!("backup:read_back:offsite:{}", run.id)).await.is_empty());

    let rows = house.depot.db.stored::<CatalogueEntry>();
    let tombstone = doc! { "at": bson::DateTime::MIN, "by": "x", "plan": "", "signature": "" };
    rows.update_many(doc! {}, doc! { "$set": { "tombstone": tombstone } }).await.unwrap();
    let said = run::reread(&house.depot).await.unwrap();
    assert!(said.contains("0 copias"), "what was pruned is not looked for: {said}");
}

#[tokio::test]
async fn the_drill_restores_the_newest_and_says_when_it_cannot() {
    let house = House::new().await;
    run::drill(&house.depot).await.unwrap();
    assert_eq!(house.incidents("backup:drill").await.len(), 1, "nothing to restore is a failure");
    let run = house.take().await;
    run::drill(&house.depot).await.unwrap();
    assert_eq!(house.incidents("backup:drill").await.iter().filter(|(_, is_open)| *is_open).count(), 0);
    let part = house.stored_at("second", &run).join("parts/00000000");
    std::fs::write(&part, b"nothing of the kind").unwrap();
    run::drill(&house.depot).await.unwrap();
    assert_eq!(house.incidents("backup:drill").await.iter().filter(|(_, is_open)| *is_open).count(), 1);
}

#[tokio::test]
async fn a_backup_that_holds_much_less_is_told() {
    let house = House::new().await;
    is_proven(&house.take().await);
    house.collection("people").delete_many(doc! { "_id": { "$lt": 15 } }).await.unwrap();
    house.collection("orders").delete_many(doc! {}).await.unwrap();
    house.depot.clock.advance(HOUR);
    let second = house.take().await;
    is_proven(&second);
    let told = house.incidents(&format!("backup:shrank:{}", second.id)).await;
    assert_eq!(told.len(), 1);
    let shrank: Vec<_> = second.findings.iter().filter(|finding| finding.check == Check::Counts).collect();
    assert!(shrank.iter().all(|finding| finding.severity == Severity::Info));
    let names: Vec<_> = shrank.iter().filter_map(|finding| finding.namespace.as_deref()).collect();
    assert_eq!(names, [format!("{}.orders", house.source), format!("{}.people", house.source)]);
    house.depot.clock.advance(HOUR);
    let third = house.take().await;
    assert!(house.incidents(&format!("backup:shrank:{}", third.id)).await.is_empty());
}
