//! The command line.

use std::path::Path;
use std::process::Output;

use bson::{DateTime, doc};
use canje::backup::keys::Keys;
use serde_json::Value;
use tokio::process::Command;

use crate::support::TestDb;

async fn canje(test: &TestDb, data: &Path, arguments: &[&str]) -> Output {
    let ops = format!("{}_ops", test.name());
    let kept = ["PATH", "HOME", "CANJE_CACHE"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    Command::new(env!("CARGO_BIN_EXE_canje"))
        .args(arguments)
        .env_clear()
        .envs(kept)
        .env("MONGODB_URI", &test.settings.uri)
        .env("CANJE_DB", test.name())
        .env("CANJE_OPS_DB", ops)
        .env("CANJE_DATA_DIR", data)
        .env("RUST_LOG", "warn")
        .kill_on_drop(true)
        .output()
        .await
        .unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[tokio::test]
async fn run_and_list_speak_json_and_exit_codes() {
    let (test, files) = (TestDb::new().await, tempfile::tempdir().unwrap());
    let (data, source) = (files.path().join("data"), test.sibling("source"));
    let people = test.db.client.database(&source).collection("people");
    people.insert_many((0..5).map(|n| doc! { "_id": n })).await.unwrap();
    test.db.client.database(&source).create_collection("empty").await.unwrap();
    let to = files.path().join("disk").display().to_string();
    let run = ["backup", "run", "--to", &to, "--db", &source, "--json"];

    let refused = canje(&test, &data, &run).await;
    assert!(!refused.status.success(), "there are no keys");
    let said = json(&refused);
    assert_eq!((said["state"].as_str(), said["label"].is_null()), (Some("failed"), true));

    Keys::generate(&data.join("keys"), DateTime::MIN).unwrap();
    let done = canje(&test, &data, &run).await;
    let said = json(&done);
    assert!(done.status.success(), "{said:#} {}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(said["state"], "complete");
    assert!(["transaction", "fixed-up", "quiescent"].contains(&said["label"].as_str().unwrap()), "{}", said["label"]);
    let collections = said["collections"].as_array().unwrap();
    assert_eq!(collections.len(), 2);
    assert_eq!(collections[1]["database"], *source);
    assert_eq!((&collections[1]["name"], &collections[1]["documents"]), (&"people".into(), &5.into()));
    assert_eq!(collections[0]["h_set"], "4e7def69c7483819e433003d5f2ca479619a78b1f9341512e44b996dcc3e5c2e");
    let stores = said["stores"].as_array().unwrap();
    assert_eq!(stores.len(), 1);
    assert_eq!(
        (&stores[0]["kind"], &stores[0]["ok"], &stores[0]["read_back"]),
        (&"folder".into(), &true.into(), &true.into())
    );
    assert!(said["findings"].is_array() && said["excluded"].is_array());

    let listed = json(&canje(&test, &data, &["backup", "list", "--json"]).await);
    let states: Vec<_> = listed.as_array().unwrap().iter().map(|run| run["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["complete", "failed"]);

    let unknown = canje(&test, &data, &["backup", "run", "--to", "glacier", "--db", &source]).await;
    assert!(!unknown.status.success() && unknown.stdout.is_empty());
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("glacier"));
}
