//! `kill -9`: at every journalled step once, and at random points. `CANJE_SOAK_ROUNDS` asks for more of the latter.

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bson::doc;
use canje::app::Clock;
use canje::backup::model::{BackupId, State};
use canje::backup::record::BackupRun;
use canje::backup::stores::{Folder, Store};
use canje::backup::{Depot, OPS_COLLECTIONS, run};
use canje::db::embedded::Embedded;
use canje::db::{Db, Settings};
use canje::{config, serve};

use super::Yard;
use crate::support::{Program, eventually_within};

/// Every step that is journalled before the last.
const STEPS: [&str; 12] = [
    "planned",
    "scanning",
    "scanned",
    "sealed",
    "upload-begun",
    "parts-stored",
    "manifest-stored",
    "catalogued",
    "uploaded",
    "read-back-store",
    "read-back",
    "test-restored",
];

/// A transaction whose client was killed holds its documents for a minute.
const PATIENCE: Duration = Duration::from_secs(180);

/// How many random points.
fn rounds() -> u32 {
    std::env::var("CANJE_SOAK_ROUNDS").map_or(20, |rounds| 2 * rounds.parse::<u32>().expect("a number"))
}

/// A server of its own: a transaction whose client was killed is open for a minute, and others would wait for it.
async fn own() -> (Yard, Embedded) {
    let files = tempfile::tempdir().unwrap();
    let data_dir = files.path().join("data");
    let engine = Embedded::start_or_join(&data_dir, &|_| {}).await.unwrap();
    let settings =
        Settings { uri: engine.uri(), live_db: "test".into(), ops_db: "test_ops".into(), read_only_uri: None };
    let db = Db::connect(&settings).await.unwrap();
    db.prepare(&serve::collections()).await.unwrap();
    db.operations().prepare(&OPS_COLLECTIONS).await.unwrap();
    let config = config::Backups {
        keys: data_dir.join("keys"),
        data_dir,
        deployment: "canje".into(),
        cloudinary: None,
        s3: None,
        folder: None,
        keep: Default::default(),
        is_demo: false,
    };
    let folder = |name: &str| Arc::new(Folder::at(name, &files.path().join(name))) as Arc<dyn Store>;
    let stores = vec![folder("offsite"), folder("second")];
    let depot = Depot { ops: db.operations(), db, stores, config, clock: Clock::default() };
    (Yard::open(depot, "test_source".into(), files).await, engine)
}

impl Yard {
    /// The command, writing to the same stores and with the same keys.
    fn program(&self, engine: &Embedded) -> Program {
        let to = ["offsite", "second"].map(|name| self.files.path().join(name).display().to_string());
        let uri = engine.uri();
        Program::start(
            &["backup", "run", "--to", &to[0], "--to", &to[1], "--db", &self.source, "--json"],
            [
                ("MONGODB_URI", OsStr::new(&uri)),
                ("CANJE_DB", OsStr::new("test")),
                ("CANJE_OPS_DB", OsStr::new("test_ops")),
                ("CANJE_DATA_DIR", self.depot.config.data_dir.as_os_str()),
                ("CANJE_BACKUP_KEYS", self.depot.config.keys.as_os_str()),
                ("RUST_LOG", OsStr::new("warn")),
            ],
        )
    }

    /// The run under way.
    async fn active(&self) -> Option<BackupRun> {
        self.depot.ops.stored::<BackupRun>().find_one(doc! { "is_active": true }).await.unwrap()
    }

    /// Whatever the killed process left is gone on with or failed, alternately; never green by itself.
    async fn settle(&self, id: &BackupId, resumes: bool) -> State {
        let left = self.load(id).await;
        if left.status.is_over() {
            // It was faster than the kill.
            self.is_honest(&left).await;
            return left.status;
        }
        assert_ne!(left.status, State::Complete);
        if resumes {
            let ended = run::execute(&self.depot, id, "resumed").await.unwrap();
            self.is_honest(&ended).await;
            assert_eq!(ended.status, State::Complete, "{:?} {:?}", ended.error, ended.findings);
        } else {
            self.age(id).await;
            assert!(run::fail_silent(&self.depot).await.unwrap());
            let failed = self.load(id).await;
            assert_eq!(failed.status, State::Failed);
            self.is_honest(&failed).await;
        }
        self.load(id).await.status
    }
}

#[tokio::test]
async fn killed_at_every_step_it_is_never_falsely_complete() {
    let (house, engine) = own().await;
    for (place, step) in STEPS.into_iter().enumerate() {
        let program = house.program(&engine);
        let id = eventually_within(PATIENCE, "the run is at its step", async || {
            let run = house.active().await?;
            house.journal(&run.id).await.iter().any(|there| there == step).then_some(run.id)
        })
        .await;
        program.signal("KILL").await;
        assert!(!program.ended().await.success(), "{step}");
        house.settle(&id, place % 2 == 0).await;
    }
    // After all of that the next one is as good as any, and everything that was begun is named.
    assert!(house.program(&engine).ended().await.success());
    let (residues, _) = run::residues(&house.depot).await.unwrap();
    for residue in residues {
        let known = house.depot.ops.stored::<BackupRun>().find_one(doc! { "_id": &residue.backup }).await.unwrap();
        assert!(known.is_some(), "{residue:?}");
    }
    engine.stop().await;
}

#[tokio::test]
async fn killed_at_random_points_it_is_never_falsely_complete() {
    let (house, engine) = own().await;
    let begun = Instant::now();
    if !house.program(&engine).ended().await.success() {
        let newest = house.depot.ops.stored::<BackupRun>().find_one(doc! {}).sort(doc! { "created_at": -1 }).await;
        panic!("undisturbed it is complete: {newest:?}");
    }
    let whole = begun.elapsed();
    let mut outcomes = std::collections::BTreeMap::new();
    for round in 0..rounds() {
        let share = u32::from(uuid::Uuid::new_v4().as_bytes()[0]);
        let program = house.program(&engine);
        let pid = program.pid().to_string();
        let moment = Duration::from_millis(5) + whole * share / 255;
        let mut ended = tokio::spawn(program.ended());
        // How far it is when that time is over is what nobody knows.
        let id = match tokio::time::timeout(moment, &mut ended).await {
            Ok(status) => {
                assert!(status.unwrap().success(), "undisturbed it is complete");
                None
            }
            Err(_) => {
                let sent = tokio::process::Command::new("kill").args(["-KILL", &pid]).status().await;
                // It may have ended by itself a moment before.
                sent.unwrap();
                ended.await.unwrap();
                house.active().await.map(|run| run.id)
            }
        };
        if let Some(id) = id {
            let state = house.settle(&id, round % 2 == 0).await;
            *outcomes.entry(format!("{state:?}")).or_insert(0) += 1;
        }
    }
    println!("killed at random: {outcomes:?}");
    engine.stop().await;
}
