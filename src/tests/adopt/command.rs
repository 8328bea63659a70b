//! `canje adopt` as its operator meets it.

use std::ffi::OsStr;
use std::process::Output;

use canje::adopt::state;
use tokio::process::Command;

use super::{Legacy, rows, with};
use crate::support::Program;

/// Runs the command against the live database of the test, with the database settings and nothing else.
async fn adopt(legacy: &Legacy, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_canje"))
        .args(["adopt", "--from", &legacy.name])
        .args(options)
        .env_clear()
        .env("MONGODB_URI", &legacy.test.settings.uri)
        .env("CANJE_DB", legacy.test.name())
        .output()
        .await
        .unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("stdout holds JSON and nothing else")
}

#[tokio::test]
async fn the_report_is_on_stdout_and_progress_beside_it() {
    let legacy = Legacy::with([with(1, "name", "Ana "), with(2, "role", "emperor")]).await;
    let output = adopt(&legacy, &["--json"]).await;
    assert!(output.status.success());
    let report = json(&output);
    assert_eq!((&report["ok"], &report["state"]), (&true.into(), &"mirroring".into()));
    let rule = &report["rules"][0];
    assert_eq!((&rule["read"], &rule["written"], &rule["refused"]), (&2.into(), &1.into(), &1.into()));
    let finding = serde_json::json!({
        "code": "user.name_untrimmed", "count": 1, "outcomes": { "converted": 1 }, "ids": ["user_000000000001"],
    });
    assert!(rule["findings"].as_array().unwrap().contains(&finding), "{rule}");
    let progress = String::from_utf8(output.stderr).unwrap();
    assert!(progress.contains("Adopción · users: 2 filas"), "{progress}");

    let text = String::from_utf8(adopt(&legacy, &["--finish"]).await.stdout).unwrap();
    for words in ["nombre con espacios alrededor [user.name_untrimmed]: 1 corregidos", "rol que no existe", "ninguna"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn a_refusal_says_why_and_fails_the_command() {
    let legacy = Legacy::with(rows(1)).await;
    assert!(adopt(&legacy, &["--finish"]).await.status.success());
    assert!(adopt(&legacy, &["--finish"]).await.status.success(), "finishing twice is finishing");
    let refused = adopt(&legacy, &["--json"]).await;
    assert!(!refused.status.success());
    assert_eq!(json(&refused), serde_json::json!({ "ok": false, "error": "finished" }));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("pisaría el trabajo hecho acá"), "{said}");
}

#[tokio::test]
async fn a_killed_command_is_completed_at_once() {
    let legacy = Legacy::with(rows(5_000)).await;
    let uri = OsStr::new(&legacy.test.settings.uri);
    let variables = [("MONGODB_URI", uri), ("CANJE_DB", OsStr::new(legacy.test.name()))];
    let mut killed = Program::start(&["adopt", "--from", &legacy.name], variables);
    killed.says("Adopción · users: 2").await;
    killed.signal("KILL").await;
    assert!(!killed.ended().await.success());
    assert!(state::is_mirroring(legacy.db()).await.unwrap());

    let report = json(&adopt(&legacy, &["--finish", "--json"]).await);
    let rule = &report["rules"][0];
    let [read, written, unchanged] = ["read", "written", "unchanged"].map(|name| rule[name].as_u64().unwrap());
    assert_eq!(read, 5_000);
    assert_eq!(written + unchanged, 5_000);
    assert!(unchanged >= 200 && written > 0, "{unchanged} were there already, {written} were not");
    assert_eq!(legacy.live().count_documents(bson::doc! {}).await.unwrap(), 5_000);
}
