//! The program as its operator meets it: stopped, killed, and with its database gone.

use std::{ffi::OsStr, path::Path};

use canje::{assets, db::embedded::Embedded};

use crate::support::{Program, eventually, get};

/// A site without a browser build, in a folder of its own.
pub fn site(folder: &Path) -> std::path::PathBuf {
    let site = folder.join("site");
    let sources = assets::Sources {
        pkg: folder.join("no-pkg"),
        site: site.clone(),
        ..assets::Sources::at(env!("CARGO_MANIFEST_DIR"))
    };
    assets::build(&sources).unwrap();
    site
}

fn engine_pid(data_dir: &Path) -> Option<u64> {
    let note: serde_json::Value = serde_json::from_slice(&std::fs::read(data_dir.join("engine.lock")).ok()?).ok()?;
    note["engine_pid"].as_u64()
}

fn is_dead(pid: u64) -> bool {
    match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        Err(_) => true,
        Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')),
    }
}

#[tokio::test]
async fn a_lost_database_is_a_503_and_comes_back_without_a_restart() {
    let files = tempfile::tempdir().unwrap();
    let data_dir = files.path().join("data");
    let engine = Embedded::start_or_join(&data_dir, &|_| {}).await.unwrap();
    let uri = engine.uri();
    let (server, address) =
        Program::serve(&site(files.path()), [("MONGODB_URI", OsStr::new(&uri)), ("CANJE_DB", OsStr::new("test"))])
            .await;
    assert_eq!(get(&address, "/ready").await.unwrap().status, 200);

    engine.stop().await;
    // What a watchdog is told may be two seconds old.
    let answer = eventually("the server says that it isn't ready", async || {
        get(&address, "/ready").await.ok().filter(|answer| answer.status == 503)
    })
    .await;
    assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()), "{answer:?}");
    assert_eq!(get(&address, "/health").await.unwrap().status, 200, "the process itself is well");

    let engine = Embedded::start_or_join(&data_dir, &|_| {}).await.unwrap();
    eventually("the server is ready again", async || {
        get(&address, "/ready").await.ok().filter(|answer| answer.status == 200)
    })
    .await;
    drop(server);
    engine.stop().await;
}

#[tokio::test]
async fn ctrl_c_ends_the_server_and_its_engine_in_order() {
    let files = tempfile::tempdir().unwrap();
    let data_dir = files.path().join("data");
    let (server, address) = Program::serve(&site(files.path()), [("CANJE_DATA_DIR", data_dir.as_os_str())]).await;
    assert_eq!(get(&address, "/ready").await.unwrap().status, 200);
    let engine = engine_pid(&data_dir).unwrap();

    server.signal("INT").await;
    assert!(server.ended().await.success());
    assert!(is_dead(engine));
    assert_eq!(engine_pid(&data_dir), None, "nobody is sent to an engine that is gone");
}

#[tokio::test]
async fn a_killed_server_leaves_no_engine_and_starts_again() {
    let files = tempfile::tempdir().unwrap();
    let data_dir = files.path().join("data");
    let site = site(files.path());
    for _ in 0..2 {
        let (server, address) = Program::serve(&site, [("CANJE_DATA_DIR", data_dir.as_os_str())]).await;
        assert_eq!(get(&address, "/ready").await.unwrap().status, 200);
        let engine = engine_pid(&data_dir).unwrap();
        server.signal("KILL").await;
        assert!(!server.ended().await.success());
        eventually("the engine dies with the server", async || is_dead(engine).then_some(())).await;
    }
}

#[tokio::test]
async fn a_killed_engine_comes_back_under_a_running_server() {
    let files = tempfile::tempdir().unwrap();
    let data_dir = files.path().join("data");
    let (server, address) = Program::serve(&site(files.path()), [("CANJE_DATA_DIR", data_dir.as_os_str())]).await;
    let engine = engine_pid(&data_dir).unwrap();
    let killed = std::process::Command::new("kill").args(["-KILL", &engine.to_string()]).status().unwrap();
    assert!(killed.success());
    eventually("another engine runs", async || engine_pid(&data_dir).filter(|pid| *pid != engine)).await;
    eventually("the server is ready again", async || {
        get(&address, "/ready").await.ok().filter(|answer| answer.status == 200)
    })
    .await;
    server.signal("TERM").await;
    assert!(server.ended().await.success());
}
