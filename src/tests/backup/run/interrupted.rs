//! Interrupted wherever something is stored, and gone on with.

use bson::doc;
use canje::backup::model::State;
use canje::backup::record::BackupRun;
use canje::backup::run;

use super::faults::{Fault, with_second};
use super::{House, is_proven};
use crate::support::eventually;

/// Puts of one copy of a small backup: a part, two manifests, the signature.
const PUTS: usize = 4;

#[tokio::test]
async fn a_run_dropped_at_any_put_goes_on_where_it_was() {
    let house = House::new().await;
    for place in 0..PUTS {
        let depot = with_second(&house, Fault::HangAt(place));
        let asked = run::request(&depot, house.wanted()).await.unwrap();
        let hanging = eventually("the second store hangs", async || {
            let files = walk(&house.files.path().join("second"), asked.id.as_str());
            let begun = house.journal(&asked.id).await.iter().filter(|step| *step == "upload-begun").count() == 2;
            (begun && files == place).then_some(())
        });
        // Whoever led the run is gone from one moment to the next.
        tokio::select! {
            ended = run::execute(&depot, &asked.id, "first") => panic!("it can't end: {ended:?}"),
            () = hanging => {}
        }
        let before = house.load(&asked.id).await;
        assert_eq!((before.status, before.is_active), (State::Sealed, Some(true)));
        let ended = run::execute(&house.depot, &asked.id, "second").await.unwrap();
        is_proven(&ended);
        assert_eq!(ended.root, before.root, "it is the same backup");
        let journal = house.journal(&ended.id).await;
        assert_eq!(journal.iter().filter(|step| *step == "sealed").count(), 1, "nothing was read again");
        house.is_honest(&ended).await;
    }
    for store in ["offsite", "second"] {
        let chain: Vec<_> = house.catalogue(store).await.into_iter().map(|entry| entry.chain).collect();
        assert_eq!(chain, (0..PUTS as i64).collect::<Vec<_>>(), "the chain has no fork");
    }
}

fn walk(folder: &std::path::Path, part: &str) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let count = |entry: std::fs::DirEntry| match entry.file_type().unwrap().is_dir() {
        true => walk(&entry.path(), part),
        false => usize::from(entry.path().to_string_lossy().contains(part)),
    };
    entries.map(|entry| count(entry.unwrap())).sum()
}

#[tokio::test]
async fn of_two_who_lead_the_same_run_only_the_later_writes() {
    let house = House::new().await;
    let depot = with_second(&house, Fault::HangAt(0));
    let asked = run::request(&depot, house.wanted()).await.unwrap();
    let earlier = run::execute(&depot, &asked.id, "earlier");
    let later = async {
        eventually("the earlier one hangs", async || {
            let journal = house.journal(&asked.id).await;
            (journal.iter().filter(|step| *step == "upload-begun").count() == 2).then_some(())
        })
        .await;
        run::execute(&house.depot, &asked.id, "later").await.unwrap()
    };
    let (earlier, later) = futures::join!(earlier, later);
    assert!(earlier.is_err(), "it was told that the run isn't its own");
    is_proven(&later);
}

#[tokio::test]
async fn a_run_that_was_not_sealed_begins_again() {
    let house = House::new().await;
    let asked = run::request(&house.depot, house.wanted()).await.unwrap();
    // As a kill in the middle of reading leaves it.
    let left = house.depot.spool_folder().join(asked.id.as_str()).join("raw-0").join("half");
    std::fs::create_dir_all(&left).unwrap();
    let scanning = doc! { "$set": { "status": "scanning" } };
    let runs = house.depot.ops.stored::<BackupRun>();
    runs.update_one(doc! { "_id": asked.id.as_str() }, scanning).await.unwrap();
    is_proven(&run::execute(&house.depot, &asked.id, "again").await.unwrap());
    assert!(!left.exists());
}

#[tokio::test]
async fn sealed_files_that_are_gone_fail_the_run_in_words() {
    let house = House::new().await;
    let depot = with_second(&house, Fault::HangAt(0));
    let asked = run::request(&depot, house.wanted()).await.unwrap();
    tokio::select! {
        ended = run::execute(&depot, &asked.id, "first") => panic!("it can't end: {ended:?}"),
        () = eventually("sealed", async || (house.load(&asked.id).await.status == State::Sealed).then_some(())) => {}
    }
    std::fs::remove_dir_all(house.depot.spool_folder()).unwrap();
    let ended = run::execute(&house.depot, &asked.id, "second").await.unwrap();
    assert_eq!(ended.status, State::Failed);
    house.is_honest(&ended).await;
}
