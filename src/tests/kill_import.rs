//! `kill -9` in the middle of an import, of the importer and of its database.

use std::{path::Path, process::ExitStatus};

use crate::support::Program;

const DUMP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/demo/legacy.archive.gz");
/// All databases of the dump, as they are imported.
const DATABASES: [&str; 3] = ["legacy", "legacy_a", "legacy_b"];
/// When the importer is killed: early and late while documents are loaded, and while they are read back.
const MOMENTS: [&str; 3] = ["Cargada legacy_b.", "Cargada legacy.images.chunks", "Verificada legacy.email_logs"];

fn import(data_dir: &Path) -> Program {
    Program::start(&["import", DUMP, "--map", "test_database=legacy"], [("CANJE_DATA_DIR", data_dir.as_os_str())])
}

async fn discard(data_dir: &Path, database: &str) -> ExitStatus {
    Program::start(&["import", "--discard", database], [("CANJE_DATA_DIR", data_dir.as_os_str())]).ended().await
}

#[tokio::test]
async fn a_killed_import_is_known_as_half_made_and_can_be_repeated() {
    let files = tempfile::tempdir().unwrap();
    let data_dir = files.path().join("data");
    for moment in MOMENTS {
        let mut killed = import(&data_dir);
        killed.says(moment).await;
        killed.signal("KILL").await;
        assert!(!killed.ended().await.success());

        assert!(!import(&data_dir).ended().await.success(), "nothing is imported over a half-made database");
        for database in DATABASES {
            assert!(discard(&data_dir, database).await.success(), "{database} after {moment}");
        }
    }
    assert!(import(&data_dir).ended().await.success());
    assert!(!discard(&data_dir, "legacy").await.success(), "what is finished isn't discarded");
}

#[tokio::test]
async fn an_import_whose_database_dies_ends_verified_or_known_as_half_made() {
    let files = tempfile::tempdir().unwrap();
    let data_dir = files.path().join("data");
    let mut running = import(&data_dir);
    running.says("Cargada legacy.audit_logs").await;
    let note = std::fs::read(data_dir.join("engine.lock")).unwrap();
    let note: serde_json::Value = serde_json::from_slice(&note).unwrap();
    let killed = std::process::Command::new("kill").args(["-KILL", &note["engine_pid"].to_string()]).status().unwrap();
    assert!(killed.success());

    if !running.ended().await.success() {
        for database in DATABASES {
            assert!(discard(&data_dir, database).await.success(), "{database}");
        }
        assert!(import(&data_dir).ended().await.success());
    }
    assert!(!discard(&data_dir, "legacy").await.success(), "it is finished");
}
