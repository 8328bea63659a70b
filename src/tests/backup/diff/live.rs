//! Databases of a server as sides, and the command.

use std::process::Stdio;
use std::time::Duration;

use bson::{Bson, Document, RawDocumentBuf, doc};
use canje::backup::diff::{Kind, Limits, Source};
use canje::dump::raw::Builder;
use mongodb::options::IndexOptions;
use mongodb::{Collection as Stored, Database, IndexModel};
use tokio::process::Command;

use super::{TINY, archive, compared, document, shown};
use crate::backup::sample::{Collection, Sample};
use crate::support::TestDb;

struct World {
    test: TestDb,
}

impl World {
    async fn new() -> Self {
        Self { test: TestDb::new().await }
    }

    fn database(&self, part: &str) -> Database {
        self.test.db.client.database(&self.test.sibling(part))
    }

    fn side(&self, part: &str) -> Source {
        Source::Live { database: self.database(part), is_preview: false }
    }

    fn raw(&self, part: &str, name: &str) -> Stored<RawDocumentBuf> {
        self.database(part).collection(name)
    }

    /// The program on this test's server.
    async fn diff(&self, left: &str, right: &str, more: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_canje"))
            .args(["diff", left, right])
            .args(more)
            .env("MONGODB_URI", &self.test.settings.uri)
            .env("CANJE_DB", self.test.name())
            .env("CANJE_OPS_DB", &self.test.settings.ops_db)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

fn buffers(documents: impl IntoIterator<Item = Vec<u8>>) -> Vec<RawDocumentBuf> {
    documents.into_iter().map(|bytes| RawDocumentBuf::from_bytes(bytes).unwrap()).collect()
}

#[tokio::test]
async fn two_databases_differ_by_what_was_changed_and_nothing_else() {
    let world = World::new().await;
    for part in ["a", "b"] {
        let people = (0..3_000).map(|n| document(n, "uno"));
        world.raw(part, "people").insert_many(buffers(people)).await.unwrap();
        // Which of them a server may keep: twins that only their type tells apart are one `_id` for its index.
        let odd = [doc! { "_id": Bson::Null, "x": 1 }, doc! { "_id": 1.5, "x": f64::NAN }, doc! { "_id": { "a": 1 } }];
        world.database(part).collection::<Document>("odd").insert_many(odd).await.unwrap();
        world.database(part).create_collection("empty").await.unwrap();
        world.database(part).create_collection("log").capped(true).size(4096).await.unwrap();
        world.raw(part, "log").insert_many(buffers((0..5).map(|n| document(n, "línea")))).await.unwrap();
        let index = IndexModel::builder().keys(doc! { "v": 1 }).build();
        world.raw(part, "people").create_index(index).await.unwrap();
    }
    let (a, b) = (world.side("a"), world.side("b"));
    let (found, documents) = shown(&a, &b, TINY).await;
    assert!(found.equal && documents.is_empty(), "{found:?}");
    let counts: Vec<_> = found.collections.iter().map(|row| (row.name.as_str(), row.left, row.right)).collect();
    assert_eq!(counts, [("empty", 0, 0), ("log", 5, 5), ("odd", 3, 3), ("people", 3_000, 3_000)]);
    assert!(found.notes.iter().any(|note| note.contains("transacción")), "{:?}", found.notes);

    let people = world.raw("b", "people");
    people.update_one(doc! { "_id": 77 }, doc! { "$set": { "v": 1 } }).await.unwrap();
    people.delete_one(doc! { "_id": 78 }).await.unwrap();
    world.database("b").collection::<Document>("odd").delete_one(doc! { "_id": 1.5 }).await.unwrap();
    world.database("b").collection::<Document>("odd").insert_one(doc! { "_id": 1.25 }).await.unwrap();
    let (found, documents) = shown(&a, &b, TINY).await;
    let rows: Vec<_> =
        found.differing().map(|row| (row.name.as_str(), row.changed, row.only_left, row.only_right)).collect();
    assert_eq!(rows, [("odd", 0, 1, 1), ("people", 1, 1, 0)]);
    let ids: Vec<_> = documents.iter().map(|shown| (shown.kind, shown.document.as_str())).collect();
    assert_eq!(
        ids,
        [
            (Kind::OnlyLeft, r#"{"$numberDouble":"1.5"}"#),
            (Kind::OnlyRight, r#"{"$numberDouble":"1.25"}"#),
            (Kind::Changed, r#"{"$numberInt":"77"}"#),
            (Kind::OnlyLeft, r#"{"$numberInt":"78"}"#),
        ]
    );
    assert!(documents.iter().all(|shown| shown.left_offset.is_none() && shown.right_offset.is_none()));
}

#[tokio::test]
async fn what_a_preview_leaves_out_on_purpose_is_no_difference() {
    let world = World::new().await;
    let options = |seconds: Option<u64>| {
        IndexOptions::builder().expire_after(seconds.map(Duration::from_secs)).name("at_1".to_owned()).build()
    };
    let index = |seconds| IndexModel::builder().keys(doc! { "at": 1 }).options(options(seconds)).build();
    for part in ["a", "b", "c"] {
        world.raw(part, "c").insert_many(buffers([document(1, "uno")])).await.unwrap();
    }
    world.raw("a", "c").create_index(index(Some(3_600))).await.unwrap();
    world.raw("c", "c").create_index(index(None)).await.unwrap();
    let preview = |part: &str| Source::Live { database: world.database(part), is_preview: true };
    let found = compared(&world.side("a"), &world.side("b"), TINY).await.unwrap().report;
    assert_eq!((found.equal, found.collections[0].definitions.len()), (false, 1));
    for sides in [[world.side("a"), preview("b")], [preview("b"), world.side("a")]] {
        let found = compared(&sides[0], &sides[1], TINY).await.unwrap().report;
        assert!(found.equal && found.collections[0].notes.iter().any(|note| note.contains("TTL")), "{found:?}");
    }
    // An index that is there all the same is one.
    let found = compared(&preview("c"), &world.side("a"), TINY).await.unwrap().report;
    let definition = &found.collections[0].definitions[0];
    assert!(definition.part == "index at_1" && definition.left.is_some() && definition.right.is_none(), "{found:?}");
}

#[tokio::test]
async fn a_backup_against_the_database_it_could_have_come_from() {
    let world = World::new().await;
    let mut documents: Vec<_> = (0..800).map(|n| document(n, "uno")).collect();
    let twice = Builder::new().int32("_id", 9_000).int32("a", 1).int32("a", 2).clone().finish();
    documents.push(twice);
    let sample = Sample::new(&[Collection::plain("d", "c", documents.clone())], 4096);
    world.raw("a", "c").insert_many(buffers(documents)).await.unwrap();
    let opened = canje::backup::container::open(sample.store.clone(), &sample.prefix, &sample.keys.opener).await;
    let opened = opened.unwrap();
    assert!(Source::of_backup(opened.clone(), "otra").is_err());
    let backup = Source::of_backup(opened, "d").unwrap();
    let (found, _) = shown(&backup, &world.side("a"), Limits::SHOWN).await;
    assert!(found.equal, "{found:?}");
    world.raw("a", "c").delete_one(doc! { "_id": 5 }).await.unwrap();
    let (found, documents) = shown(&backup, &world.side("a"), Limits::SHOWN).await;
    assert_eq!((found.collections[0].only_left, documents.len()), (1, 1));
    assert_eq!(documents[0].document, r#"{"$numberInt":"5"}"#);
    assert!(documents[0].left_offset.is_some());

    // A part that isn't what the manifest says ends the comparison.
    let part = sample.folder.path().join("store").join(&sample.prefix).join("parts/00000001");
    let mut bytes = std::fs::read(&part).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&part, bytes).unwrap();
    assert!(compared(&backup, &world.side("a"), TINY).await.is_err());
}

#[tokio::test]
async fn the_command_answers_in_json_and_succeeds_only_when_equal() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    archive(&folder, "one", &[Collection::plain("d", "c", vec![document(1, "uno")])]);
    archive(&folder, "two", &[Collection::plain("d", "c", vec![document(1, "otro"), document(2, "x")])]);
    world.raw("a", "c").insert_many(buffers([document(1, "uno")])).await.unwrap();
    let side = |name: &str| format!("dump:{}/d", folder.path().join(name).display());
    let live = format!("db:{}", world.test.sibling("a"));

    let (code, out, said) = world.diff(&side("one"), &live, &["--json"]).await;
    let row = |left: u32, right: u32, changed: u32, only_right: u32| {
        serde_json::json!({
            "name": "c", "left": left, "right": right, "changed": changed, "only_left": 0, "only_right": only_right,
        })
    };
    let json: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out} {said}"));
    assert_eq!((code, &json["equal"], &json["collections"][0]), (0, &true.into(), &row(1, 1, 0, 0)));

    let (code, out, _) = world.diff(&live, &side("two"), &["--json", "--only", "c"]).await;
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["equal"], &json["collections"][0]), (1, &false.into(), &row(1, 2, 1, 1)));

    let (code, out, _) = world.diff(&side("one"), &side("two"), &[]).await;
    assert!(code == 1 && out.contains("1 colección difiere de 1: 2 documentos distintos."), "{out}");

    for (left, part) in [("db:nadie_aqui", "nadie_aqui"), ("canje", "db:NOMBRE"), ("dump:/nowhere/d", "/nowhere")] {
        let (code, out, said) = world.diff(left, &live, &["--json"]).await;
        assert!(code != 0 && out.is_empty() && said.contains(part), "{left}: {out} {said}");
    }
}
