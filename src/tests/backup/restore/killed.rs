//! `kill -9` in the middle of a restore: the same command goes on with it, and what comes out is the backup.

use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitStatus;

use canje::backup::record::RestoreRecord;

use super::*;
use crate::support::{Program, eventually};

fn command(test: &TestDb, data: &Path, archive: &Path, into: &str) -> Program {
    let ops = test.settings.ops_db.clone();
    Program::start(
        &["restore", archive.to_str().unwrap(), "--into", into, "--confirm", into],
        [
            ("MONGODB_URI", OsStr::new(&test.settings.uri)),
            ("CANJE_DB", OsStr::new(test.name())),
            ("CANJE_OPS_DB", OsStr::new(&ops)),
            ("CANJE_DATA_DIR", data.as_os_str()),
        ],
    )
}

#[tokio::test]
async fn a_killed_restore_is_gone_on_with_and_never_called_done_before_it_is() {
    let test = TestDb::new().await;
    let files = tempfile::tempdir().unwrap();
    let archive = files.path().join("dump.archive");
    let index = r#"{"v":{"$numberInt":"2"},"key":{"s":{"$numberInt":"1"}},"name":"s_1"}"#;
    let many = |count: i32| (0..count).map(|id| simple(id, &"x".repeat(100 + id as usize % 100))).collect();
    let sample = Sample::new(
        &[
            namespace("a", "collection", "", &[], many(500)),
            namespace("b", "collection", "", &[index], many(30_000)),
            namespace("c", "collection", "", &[index], many(30_000)),
        ],
        1 << 20,
    );
    std::fs::write(&archive, &sample.archive).unwrap();
    let into = test.sibling("copy");
    let restores = test.db.operations().stored::<RestoreRecord>();
    let record = async || restores.find_one(doc! { "_id": &into }).await.unwrap();
    let moments: [fn(&RestoreRecord) -> bool; 3] = [
        |record| record.begun_at.is_some(),
        |record| record.finished.iter().any(|name| name == "a"),
        |record| record.finished.iter().any(|name| name == "b"),
    ];
    for reached in moments {
        let running = command(&test, files.path(), &archive, &into);
        eventually("the restore is under way", async || record().await.filter(reached).map(drop)).await;
        running.signal("KILL").await;
        running.ended().await;
        let killed = record().await.unwrap();
        // A machine may be faster than the one that kills.
        assert!(killed.state == "running" || killed.state == "done", "{}", killed.state);
        if killed.state == "done" {
            break;
        }
        // While its heart has beaten within five minutes, nobody else may go on with it.
        let too_early: ExitStatus = command(&test, files.path(), &archive, &into).ended().await;
        assert!(!too_early.success());
        let long_ago = doc! { "$set": { "heartbeat_at": bson::DateTime::from_millis(0) } };
        restores.update_one(doc! { "_id": &into, "state": "running" }, long_ago).await.unwrap();
    }
    if record().await.unwrap().state == "running" {
        assert!(command(&test, files.path(), &archive, &into).ended().await.success());
    }
    let done = record().await.unwrap();
    assert_eq!((done.state.as_str(), done.error), ("done", None));
    assert!(done.resumed >= 1);
    for (name, count) in [("a", 500), ("b", 30_000), ("c", 30_000)] {
        assert_eq!(stored(&test, &into, name).await.len(), count, "{name}");
    }
    // What is done isn't done again over itself.
    assert!(!command(&test, files.path(), &archive, &into).ended().await.success());
}

#[tokio::test]
async fn the_command_asks_for_the_database_and_for_a_confirmation() {
    let test = TestDb::new().await;
    let files = tempfile::tempdir().unwrap();
    let archive = files.path().join("dump.archive");
    let sample = Sample::new(
        &[namespace("a", "collection", "", &[], vec![simple(1, "a")]), Collection::of("warehouse", "goods", &[])],
        1 << 20,
    );
    std::fs::write(&archive, &sample.archive).unwrap();
    let into = test.sibling("copy");
    // Several databases, and none named.
    assert!(!command(&test, files.path(), &archive, &into).ended().await.success());
    let run = async |more: &[&str]| {
        let path = archive.to_str().unwrap();
        let arguments = [&["restore", path, "--db", "shop", "--into", &into], more].concat();
        let ops = test.settings.ops_db.clone();
        let variables = [
            ("MONGODB_URI", OsStr::new(&test.settings.uri)),
            ("CANJE_DB", OsStr::new(test.name())),
            ("CANJE_OPS_DB", OsStr::new(&ops)),
            ("CANJE_DATA_DIR", files.path().as_os_str()),
        ];
        Program::start(&arguments, variables).ended().await.success()
    };
    assert!(!run(&[]).await, "nobody at a terminal to ask");
    assert!(!run(&["--confirm", "another"]).await);
    assert!(!test.db.client.list_database_names().await.unwrap().contains(&into));
    assert!(run(&["--confirm", &into, "--only", "a", "--json"]).await);
    assert_eq!(stored(&test, &into, "a").await, [simple(1, "a")]);
}
