//! All the way.

use canje::backup::model::{Check, Outcome, State};
use canje::backup::run;

use super::{House, check, is_proven, names};

#[tokio::test]
async fn a_run_is_complete_when_every_store_was_read_back_and_a_restore_compared() {
    let house = House::new().await;
    let first = house.take().await;
    is_proven(&first);
    assert_eq!(first.stores, ["offsite", "second"]);
    assert_eq!(first.requested_by.name, "Ana");
    let documents: Vec<_> =
        first.collections.iter().map(|namespace| (namespace.name.as_str(), namespace.documents)).collect();
    assert_eq!(documents, [("empty", 0), ("orders", 25), ("people", 40)], "also the empty one");
    let states: Vec<_> = first.steps.iter().map(|step| step.state).collect();
    let way = [
        State::Planned,
        State::Scanning,
        State::Sealed,
        State::Uploaded,
        State::ReadBack,
        State::TestRestored,
        State::Complete,
    ];
    assert_eq!(states, way);
    let journal = house.journal(&first.id).await;
    let sending = ["upload-begun", "parts-stored", "manifest-stored", "catalogued"];
    let expected = [
        &["planned", "scanning", "scanned", "sealed"][..],
        &sending,
        &sending,
        &["uploaded", "read-back-store", "read-back-store", "read-back", "test-restored", "complete"],
    ];
    assert_eq!(journal, expected.concat());
    for store in ["offsite", "second"] {
        for of in [Check::Parts, Check::Signature, Check::ReadBack] {
            let result = check(&first, of, Some(store));
            assert_eq!(result.outcome, Outcome::Passed, "{of:?} {store}");
            assert!(!result.evidence.is_empty());
        }
    }
    for of in [Check::Reparse, Check::Catalogue, Check::Fence, Check::Listed, Check::Consistency, Check::Control] {
        assert_eq!(check(&first, of, None).outcome, Outcome::Passed, "{of:?}");
    }
    assert_eq!(house.spooled(), [first.id.to_string()], "the last backup stays on this disk");

    let second = house.take().await;
    is_proven(&second);
    for store in ["offsite", "second"] {
        let chain = house.catalogue(store).await;
        assert_eq!(chain.iter().map(|entry| entry.chain).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(chain[0].previous, None);
        assert_eq!(chain[1].previous.as_ref(), Some(&chain[0].manifest_sha256));
        assert!(chain.iter().all(|entry| entry.read_back_at.is_some()));
    }
    assert_eq!(house.spooled(), [second.id.to_string()], "and no other");
    let (residues, _) = run::residues(&house.depot).await.unwrap();
    assert_eq!(residues, [], "complete backups are no leftovers");
    assert_eq!(house.incidents(&format!("backup:done:{}", second.id)).await.len(), 1);
    assert!(house.incidents("backup:failed").await.is_empty());
}

#[tokio::test]
async fn the_local_copy_holds_sealed_files_and_nothing_readable() {
    let house = House::new().await;
    let run = house.take().await;
    let place = house.depot.spool_folder().join(run.id.as_str()).join(&run.destinations[0].prefix);
    let mut found = names(&place);
    found.sort();
    assert_eq!(found, ["manifest.json", "manifest.private", "manifest.sig", "parts"]);
    assert_eq!(names(&house.depot.spool_folder().join(run.id.as_str())), ["canje"], "what was read is gone");
    let part = std::fs::read(place.join("parts/00000000")).unwrap();
    assert!(!part.windows(7).any(|window| window == b"persona"));
}

#[tokio::test]
async fn one_run_at_a_time() {
    let house = House::new().await;
    let first = run::request(&house.depot, house.wanted()).await.unwrap();
    let refused = run::request(&house.depot, house.wanted()).await.unwrap_err();
    assert!(matches!(refused, run::Unwanted::UnderWay(id) if id == first.id));
    let nowhere = run::Wanted { stores: Some(vec!["glacier".into()]), ..house.wanted() };
    assert!(matches!(run::request(&house.depot, nowhere).await, Err(run::Unwanted::NoStore(_))));
}
