//! What stays, what goes, and that nothing goes by mistake.

use bson::{DateTime, doc};
use bytes::Bytes;
use canje::backup::Depot;
use canje::backup::keys::Keys;
use canje::backup::model::{BackupId, Destination, Person, State, StoreKind, Trigger};
use canje::backup::record::{BackupRun, CatalogueEntry};
use canje::backup::retention::{Approval, Refused, apply, hold, plan};

use crate::support::TestApp;

const DAY: i64 = 24 * 60 * 60 * 1000;

struct House {
    app: TestApp,
    depot: Depot,
    keys: Keys,
    _folder: tempfile::TempDir,
}

/// An application with one folder as its store and a policy that keeps two days.
async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("offsite").display().to_string();
    let app = TestApp::with(|environment| {
        environment.insert("CANJE_BACKUP_FOLDER", place);
        environment.insert("CANJE_BACKUP_KEEP", "daily=2,weekly=0,monthly=0,yearly=0,minimum=2".into());
    })
    .await;
    let depot = Depot::of(&app.app).unwrap();
    Keys::generate(&depot.config.keys, DateTime::MIN).unwrap();
    let keys = depot.keys().unwrap();
    House { app, depot, keys, _folder: folder }
}

impl House {
    /// A run of so many days ago, with two objects in the store.
    async fn run(&self, days_ago: i64, status: State) -> BackupId {
        let (id, now) = (BackupId::random(), self.depot.clock.now().as_millisecond());
        let at = DateTime::from_millis(now - days_ago * DAY);
        let prefix = format!("canje/2099/11/{id}");
        let store = &self.depot.stores[0];
        for name in ["parts/00000000", "manifest.json", "manifest.sig"] {
            store.put(&format!("{prefix}/{name}"), Bytes::from_static(b"sealed")).await.unwrap();
        }
        let run = BackupRun {
            id: id.clone(),
            trigger: Trigger::Schedule,
            requested_by: Person { user_id: None, name: "test".into() },
            status,
            is_active: None,
            stores: vec!["offsite".into()],
            databases: None,
            progress: Default::default(),
            created_at: at,
            started_at: Some(at),
            finished_at: Some(at),
            heartbeat_at: at,
            control: Default::default(),
            taken_at: Some(at),
            label: None,
            root: None,
            archive_bytes: 0,
            collections: Vec::new(),
            excluded: Vec::new(),
            checks: Vec::new(),
            findings: Vec::new(),
            destinations: vec![Destination {
                store: "offsite".into(),
                kind: StoreKind::Folder,
                place: "x".into(),
                prefix: prefix.clone(),
                bytes: 6,
                parts: 1,
                manifest_sha256: None,
                uploaded_at: None,
                read_back_at: None,
                ok: status == State::Complete,
                error: None,
                emptied_at: None,
            }],
            steps: Vec::new(),
            restore_checked_at: None,
            error: None,
            hold: None,
            pruned_at: None,
        };
        self.depot.ops.stored::<BackupRun>().insert_one(&run).await.unwrap();
        if status == State::Complete {
            let entry = CatalogueEntry {
                id: format!("offsite/{id}"),
                store: "offsite".into(),
                backup: id.clone(),
                prefix,
                taken_at: at,
                chain: 1000 - days_ago,
                manifest_sha256: "ab".repeat(32),
                previous: None,
                parts: 1,
                bytes: 6,
                root: String::new(),
                read_back_at: None,
                next_part: 0,
                tombstone: None,
            };
            self.depot.db.stored::<CatalogueEntry>().insert_one(&entry).await.unwrap();
        }
        id
    }

    async fn objects(&self) -> usize {
        self.depot.stores[0].list("canje").await.unwrap().len()
    }

    fn approval(&self, hash: &str, count: usize) -> Approval {
        Approval { hash: hash.into(), count, by: "test".into() }
    }
}

#[tokio::test]
async fn an_approved_plan_deletes_what_it_says_and_leaves_a_signed_word() {
    let house = house().await;
    let (old, _, newest) =
        (house.run(3, State::Complete).await, house.run(2, State::Complete).await, house.run(1, State::Complete).await);
    let plan = plan(&house.depot).await.unwrap();
    let [store] = plan.stores.as_slice() else { panic!("{plan:?}") };
    assert_eq!(store.remove.iter().map(|removal| &removal.id).collect::<Vec<_>>(), [&old]);
    assert_eq!(store.keep[0].id, newest);
    assert_eq!(house.objects().await, 9);
    let gone = apply(&house.depot, &house.keys.signer, &house.approval(&plan.hash, 1)).await.unwrap();
    assert_eq!((gone, house.objects().await), (1, 6));
    let catalogue = house.depot.db.stored::<CatalogueEntry>();
    let entry = catalogue.find_one(doc! { "backup": old.as_str() }).await.unwrap().unwrap();
    let tombstone = entry.tombstone.unwrap();
    let signed = canje::backup::record::Tombstone::signed_text("offsite", old.as_str(), &"ab".repeat(32), &plan.hash);
    let signature = hex::decode(&tombstone.signature).unwrap();
    assert!(house.keys.opener.signed_by(signed.as_bytes(), &signature).is_some());
    assert!(tombstone.deleted_at.is_some());
    let run = house.depot.ops.stored::<BackupRun>().find_one(doc! { "_id": old.as_str() }).await.unwrap().unwrap();
    assert!(run.pruned_at.is_some());
    assert_eq!(canje::backup::retention::plan(&house.depot).await.unwrap().removals(), 0);
}

#[tokio::test]
async fn an_approval_of_another_plan_or_number_deletes_nothing() {
    let house = house().await;
    for day in 1..=3 {
        house.run(day, State::Complete).await;
    }
    let approved = plan(&house.depot).await.unwrap();
    let wrong = apply(&house.depot, &house.keys.signer, &house.approval(&approved.hash, 2)).await;
    assert!(matches!(wrong, Err(Refused::Count { expected: 1 })), "{wrong:?}");
    // One more backup: another one would go now.
    house.run(0, State::Complete).await;
    let moved = apply(&house.depot, &house.keys.signer, &house.approval(&approved.hash, 1)).await;
    assert!(matches!(moved, Err(Refused::Moved)), "{moved:?}");
    assert_eq!(house.objects().await, 12);
}

#[tokio::test]
async fn failed_runs_push_out_no_good_one_and_their_remains_are_listed() {
    let house = house().await;
    for day in [3, 4] {
        house.run(day, State::Complete).await;
    }
    let remains = house.run(3, State::Failed).await;
    house.run(0, State::Failed).await;
    let plan = plan(&house.depot).await.unwrap();
    let removed: Vec<_> = plan.stores[0].remove.iter().map(|removal| (&removal.id, removal.is_remains)).collect();
    assert_eq!(removed, [(&remains, true)], "yesterday's failure may still be looked at");
    apply(&house.depot, &house.keys.signer, &house.approval(&plan.hash, 1)).await.unwrap();
    assert_eq!(house.objects().await, 9);
}

#[tokio::test]
async fn what_a_person_holds_stays() {
    let house = house().await;
    let old = house.run(9, State::Complete).await;
    for day in 1..=2 {
        house.run(day, State::Complete).await;
    }
    assert!(hold(&house.depot, old.as_str(), Some("antes de migrar")).await.unwrap());
    let plan_held = plan(&house.depot).await.unwrap();
    assert_eq!(plan_held.removals(), 0);
    let kept = plan_held.stores[0].keep.iter().find(|kept| kept.id == old).unwrap();
    assert_eq!(kept.hold.as_deref(), Some("antes de migrar"));
    assert!(hold(&house.depot, old.as_str(), None).await.unwrap());
    assert_eq!(plan(&house.depot).await.unwrap().removals(), 1);
    assert!(!hold(&house.depot, "nothing", Some("x")).await.unwrap());
    drop(house.app);
}

#[tokio::test]
async fn a_deletion_that_was_cut_short_is_finished_by_the_next_plan() {
    let house = house().await;
    let old = house.run(3, State::Complete).await;
    for day in 1..=2 {
        house.run(day, State::Complete).await;
    }
    // As a kill leaves it: buried on record, the signature gone, the rest still there.
    let buried = doc! { "$set": { "tombstone": { "at": DateTime::MIN, "by": "x", "plan": "y", "signature": "z" } } };
    let catalogue = house.depot.db.stored::<CatalogueEntry>();
    catalogue.update_one(doc! { "backup": old.as_str() }, buried).await.unwrap();
    house.depot.stores[0].delete(&format!("canje/2099/11/{old}/manifest.sig")).await.unwrap();
    let plan = plan(&house.depot).await.unwrap();
    assert!(plan.stores[0].remove[0].is_begun);
    apply(&house.depot, &house.keys.signer, &house.approval(&plan.hash, 1)).await.unwrap();
    assert_eq!(house.objects().await, 6);
}
