//! Everything a server has, on a server of its own.

use canje::db::Settings;
use canje::db::embedded::Embedded;

use super::*;

#[tokio::test]
async fn everything_is_included_or_left_out_with_its_reason() {
    let files = tempfile::tempdir().unwrap();
    let engine = Embedded::start_or_join(files.path(), &|_| {}).await.unwrap();
    let settings =
        Settings { uri: engine.uri(), live_db: "test".into(), ops_db: "canje_ops".into(), read_only_uri: None };
    let db = Db::connect(&settings).await.unwrap();
    for name in ["test", "legacy", "__mdb_internal_x", "restore_check_0_1", "preview_0_1", "admin"] {
        db.client.database(name).collection("c").insert_one(doc! { "_id": 1 }).await.unwrap();
    }
    let request = Request { databases: None, folder: files.path().join("raw") };
    let (sender, _) = watch::channel(Progress::default());
    // Nobody has written to the operations database yet: it exists before anything is listed.
    let collected = collect_with(&db, &request, &Effort::default(), &Clock::default(), &sender).await.unwrap();
    let left_out: Vec<_> = collected.excluded.iter().map(|left| left.namespace.as_str()).collect();
    assert_eq!(left_out, ["admin", "canje_ops", "local", "preview_0_1", "restore_check_0_1"]);
    assert!(collected.excluded.iter().all(|left| !left.reason.is_empty()));
    let mut archive = Vec::new();
    let namespaces = collected.write_archive("0", &mut archive).unwrap();
    let included: Vec<_> = namespaces.iter().map(|n| format!("{}.{}", n.database, n.name)).collect();
    assert_eq!(included, ["__mdb_internal_x.c", "legacy.c", "test.c"]);
    // What is left out may come and go while everything else is read.
    let coming_and_going = async {
        db.client.database("restore_check_0_1").drop().await.unwrap();
        db.client.database("preview_0_2").collection("c").insert_one(doc! { "_id": 1 }).await.unwrap();
    };
    let request = Request { databases: None, folder: files.path().join("raw-again") };
    let effort = Effort { attempts: 1, ..usual() };
    let clock = Clock::default();
    let (collected, ()) = tokio::join!(collect_with(&db, &request, &effort, &clock, &sender), coming_and_going);
    assert_eq!(collected.unwrap().label, Label::Transaction);
    engine.stop().await;
}
