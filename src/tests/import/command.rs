//! `canje import` as a program: its streams, its exit status, and what a kill leaves behind.

use std::process::{Output, Stdio};

use tokio::process::Command;

use super::*;
use crate::support::eventually;

fn canje(test: &TestDb, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_canje"));
    command
        .args(arguments)
        .env("MONGODB_URI", &test.settings.uri)
        .env("CANJE_DB", test.name())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn run(test: &TestDb, arguments: &[&str]) -> Output {
    canje(test, arguments).output().await.unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("stdout holds one JSON value and nothing else")
}

#[tokio::test]
async fn the_report_is_json_on_stdout_and_progress_on_stderr() {
    let test = TestDb::new().await;
    let dump = Dump::of(&test).collection("c", "", &[], vec![simple(1, "hé")]);
    let (_folder, path) = file(&dump.bytes());
    let target = test.sibling("shown");
    let map = format!("{}={target}", test.sibling("legacy"));
    let output = run(&test, &["import", path.to_str().unwrap(), "--map", &map, "--json"]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let set = {
        let mut set = canje::dump::hash::LeafSet::default();
        set.push(&simple(1, "hé")).unwrap();
        set.finish().unwrap()
    };
    let expected = serde_json::json!({
        "ok": true,
        "collections": [{
            "database": target, "name": "c", "kind": "collection",
            "documents": 1, "bytes": set.bytes, "h_set": set.h_set_hex(),
        }],
        "skipped": [],
    });
    assert_eq!(json(&output), expected);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&format!("Verificada {target}.c")), "{said}");

    // A second time the database is there.
    let output = run(&test, &["import", path.to_str().unwrap(), "--map", &map, "--json"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json(&output)["ok"], false);
    assert!(String::from_utf8_lossy(&output.stderr).contains("ya existe"));
}

#[tokio::test]
async fn an_import_killed_half_way_is_refused_discarded_and_done_again() {
    let test = TestDb::new().await;
    let legacy = test.sibling("legacy");
    // Large enough that the kill comes before the end, whatever the machine.
    let documents: Vec<Vec<u8>> = (0..60_000).map(|id| simple(id, &"x".repeat(900))).collect();
    let dump = Dump::of(&test).collection("c", "", &[], documents);
    let (_folder, path) = file(&dump.bytes());
    let path = path.to_str().unwrap();

    let mut child = canje(&test, &["import", path]).spawn().unwrap();
    let collection = test.db.client.database(&legacy).collection::<Document>("c");
    eventually("the first documents are there", async || collection.find_one(doc! {}).await.unwrap()).await;
    child.kill().await.unwrap();
    let state = record(&test).await.unwrap().get_str("state").unwrap().to_owned();
    assert_eq!(state, "loading");

    let output = run(&test, &["import", path]).await;
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    let printed = said.split("canje ").last().unwrap().trim().to_owned();
    assert_eq!(printed, format!("import --discard {legacy}"), "{said}");
    assert!(databases(&test).await.contains(&legacy));

    let output = run(&test, &printed.split(' ').collect::<Vec<_>>()).await;
    assert!(output.status.success());
    assert!(!databases(&test).await.contains(&legacy));
    let output = run(&test, &["import", path, "--json"]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(json(&output)["collections"][0]["documents"], 60_000);
}

#[tokio::test]
async fn words_that_make_no_sense_are_refused() {
    let test = TestDb::new().await;
    for arguments in [&["import"][..], &["import", "x", "--map", "a"], &["import", "x", "--discard", "y"]] {
        let output = run(&test, arguments).await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    let output = run(&test, &["import", "/nowhere", "--json"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(json(&output)["error"].as_str().unwrap().contains("/nowhere"));
}
