//! `canje keys`: made once, shown, never kept where they don't belong.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use bson::doc;
use canje::backup::record::PublicKey;

use crate::support::TestDb;

fn canje(db: &TestDb, data: &std::path::Path, arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_canje"))
        .args(arguments)
        .env_clear()
        .envs([
            ("MONGODB_URI", OsStr::new(&db.settings.uri)),
            ("CANJE_DB", OsStr::new(db.name())),
            ("CANJE_OPS_DB", OsStr::new(&db.settings.ops_db)),
            ("CANJE_DATA_DIR", data.as_os_str()),
        ])
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_made_once_and_the_recovery_identity_is_kept_nowhere() {
    let (db, data) = (TestDb::new().await, tempfile::tempdir().unwrap());
    let made = canje(&db, data.path(), &["keys", "generate", "--json"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    let recovery = said["recovery_identity"].as_str().unwrap();
    assert!(recovery.starts_with("AGE-SECRET-KEY-1"));
    for entry in std::fs::read_dir(data.path().join("keys")).unwrap() {
        let path = entry.unwrap().path();
        assert!(!std::fs::read_to_string(&path).unwrap().contains(recovery), "{path:?}");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{path:?}");
    }
    let again = canje(&db, data.path(), &["keys", "generate", "--json"]);
    assert!(!again.status.success() && again.stdout.is_empty(), "there are keys");
    let rows: u64 = db.db.stored::<PublicKey>().count_documents(doc! { "retired_at": null }).await.unwrap();
    assert_eq!(rows, 3);
    let shown = String::from_utf8(canje(&db, data.path(), &["keys", "show"]).stdout).unwrap();
    assert!(!shown.contains("AGE-SECRET-KEY"), "{shown}");
    // As it stands, the output is what --trust takes: comments and one public key.
    let lines: Vec<_> = shown.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.len() == 1 && lines[0].len() == 64, "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn replaced_keys_are_marked_as_retired() {
    let (db, data) = (TestDb::new().await, tempfile::tempdir().unwrap());
    assert!(canje(&db, data.path(), &["keys", "generate"]).status.success());
    assert!(canje(&db, data.path(), &["keys", "rotate"]).status.success());
    let retired = db.db.stored::<PublicKey>().count_documents(doc! { "retired_at": { "$ne": null } }).await.unwrap();
    assert_eq!(retired, 2, "operations and signing; the recovery key stays");
}

#[test]
fn requests_never_load_keys() {
    // Jobs and commands load the key directory; a handler that did would put the identity within reach of a request. The
    // last three are called by jobs and commands alone.
    let allowed = [
        "depot.rs",
        "keys.rs",
        "keys_command.rs",
        "decrypt.rs",
        "command.rs",
        "job.rs",
        "jobs.rs",
        "side.rs",
        "upload.rs",
        "running.rs",
    ];
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut offenders = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                let is_elsewhere = name == "tests" || path.ends_with("src/backup/run");
                if !is_elsewhere {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") && !allowed.contains(&name.as_str()) {
                let text = std::fs::read_to_string(&path).unwrap();
                if text.contains("Keys::load(") || text.contains(".keys()?.") || text.contains("depot.keys()") {
                    offenders.push(path);
                }
            }
        }
    }
    assert_eq!(offenders, Vec::<std::path::PathBuf>::new());
}
