//! The embedded engine: its lock, its death and its data.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use bson::{Document, doc};
use canje::db::{Db, Settings, embedded::Embedded};
use mongodb::Collection;

use crate::support::eventually;

async fn engine(data_dir: &Path) -> Embedded {
    Embedded::start_or_join(data_dir, &|_| {}).await.expect("an engine")
}

async fn connect(engine: &Embedded) -> Db {
    let settings =
        Settings { uri: engine.uri(), live_db: "test".into(), ops_db: "canje_ops".into(), read_only_uri: None };
    Db::connect(&settings).await.expect("the engine accepts us")
}

fn documents(db: &Db) -> Collection<Document> {
    db.live.collection("c")
}

fn kill(pid: u64) {
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
    assert!(killed.success());
}

/// What the lock file says, once an engine is ready.
async fn record(data_dir: &Path) -> serde_json::Value {
    let file = data_dir.join("engine.lock");
    eventually("an engine announces itself", async || serde_json::from_slice(&std::fs::read(&file).ok()?).ok()).await
}

/// Gone, or dead and only waiting to be reaped.
fn is_dead(pid: u64) -> bool {
    match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        Err(_) => true,
        Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')),
    }
}

#[tokio::test]
async fn a_second_start_uses_the_first_engine_and_a_restart_keeps_the_data() {
    let files = tempfile::tempdir().unwrap();
    let first = engine(files.path()).await;
    assert!(first.is_owner());
    let second = engine(files.path()).await;
    assert!(!second.is_owner());
    assert_eq!(second.address(), first.address());
    assert!(first.address().ip().is_loopback());

    let db = connect(&second).await;
    assert_eq!(db.server.host_alias, "base de datos embebida");
    documents(&db).insert_one(doc! { "_id": 1 }).await.unwrap();
    second.stop().await;
    db.ping().await.expect("only the owner stops the engine");

    let (address, pid) = (first.address(), first.engine_pid().unwrap());
    first.stop().await;
    assert!(is_dead(pid.into()));
    let error = documents(&db).find_one(doc! {}).await.unwrap_err();
    assert!(Db::is_unavailable(&error), "{error}");

    let again = engine(files.path()).await;
    assert!(again.is_owner());
    assert_eq!(again.address(), address, "the same port, so that clients find it");
    // The client of before has recovered by itself.
    let found = eventually("the old client works again", async || documents(&db).find_one(doc! {}).await.ok()).await;
    assert_eq!(found, Some(doc! { "_id": 1 }));
}

/// How often the engine is killed; `make soak` asks for more.
fn rounds() -> i32 {
    std::env::var("CANJE_SOAK_ROUNDS").map_or(3, |rounds| rounds.parse().expect("a number"))
}

#[tokio::test]
async fn acknowledged_writes_survive_the_death_of_the_engine() {
    let files = tempfile::tempdir().unwrap();
    let engine = engine(files.path()).await;
    let db = connect(&engine).await;
    let mut acknowledged = Vec::new();
    let mut next = 0;
    for round in 1..=rounds() {
        // Killed in the middle of a burst of writes, not between two.
        let burst = (next..next + 200).map(|id| {
            let documents = documents(&db);
            tokio::spawn(async move { documents.insert_one(doc! { "_id": id }).await.map(|_| id).ok() })
        });
        let burst: Vec<_> = burst.collect();
        next += 200;
        let pid = engine.engine_pid().unwrap();
        eventually("some of the burst is written", async || {
            burst.iter().filter(|write| write.is_finished()).nth(20 * (round % 8) as usize).map(drop)
        })
        .await;
        kill(pid.into());
        for write in burst {
            acknowledged.extend(write.await.unwrap());
        }
        let successor =
            eventually("the engine is started again", async || engine.engine_pid().filter(|new| *new != pid)).await;
        assert_ne!(successor, pid);
        eventually("writes work again", async || documents(&db).insert_one(doc! { "_id": -round }).await.ok()).await;
        assert_eq!(record(files.path()).await["engine_pid"], engine.engine_pid().unwrap());
    }
    assert!(!acknowledged.is_empty());
    for id in &acknowledged {
        let found = documents(&db).find_one(doc! { "_id": id }).await.unwrap();
        assert!(found.is_some(), "{id} was acknowledged and is lost");
    }
    engine.stop().await;
}

const HOLD: &str = "CANJE_TEST_HOLD";

/// Not a test of its own: the process that the next test kills. It holds an engine until it is told to end, or killed.
#[tokio::test]
async fn holder() {
    let Some(data_dir) = std::env::var_os(HOLD) else { return };
    let _engine = engine(Path::new(&data_dir)).await;
    let mut end = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut tokio::io::stdin(), &mut end).await.unwrap();
}

#[tokio::test]
async fn the_engine_dies_with_its_owner_and_the_next_one_takes_over() {
    let files = tempfile::tempdir().unwrap();
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "db::embedded::holder", "--nocapture"])
        .env(HOLD, files.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let record = record(files.path()).await;
    assert_eq!(record["pid"], owner.id());

    let joined = engine(files.path()).await;
    assert!(!joined.is_owner());
    assert_eq!(record["address"], joined.address().to_string());
    let db = connect(&joined).await;
    documents(&db).insert_one(doc! { "_id": 1 }).await.unwrap();

    kill(owner.id().into());
    owner.wait().unwrap();
    let engine_pid = record["engine_pid"].as_u64().unwrap();
    eventually("the engine dies with its owner", async || is_dead(engine_pid).then_some(())).await;

    let successor = engine(files.path()).await;
    assert!(successor.is_owner());
    let db = connect(&successor).await;
    assert_eq!(documents(&db).find_one(doc! {}).await.unwrap(), Some(doc! { "_id": 1 }));
    successor.stop().await;
}
