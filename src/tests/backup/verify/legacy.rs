//! Backups of the previous system, in its three forms.

use std::collections::BTreeMap;

use canje::backup::model::{Check, Severity};
use canje::backup::verify::{Comparison, Report, compare_with, local, uploaded};
use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest, Md5};
use serde_json::{Value, json};

/// The files of a backup by name.
type Files = BTreeMap<String, Vec<u8>>;

fn users() -> Vec<u8> {
    let rows: Vec<Value> = (0..50)
        .map(|n| json!({ "_id": { "$oid": format!("{n:024x}") }, "at": { "$date": "2026-01-31T12:00:00.123Z" }, "n": n, "x": 0.5, "t": "a],[b\"\\" }))
        .collect();
    serde_json::to_vec_pretty(&rows).unwrap()
}

fn files() -> Files {
    let orders = br#"[{"_id":{"$oid":"0123456789abcdef01234567"},"total":{"$numberLong":"5"},"when":{"$date":{"$numberLong":"-1"}}}]"#;
    [("users.json", users()), ("orders.json", orders.to_vec()), ("empty.json", b"[]".to_vec())]
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .into()
}

fn current(files: &Files, counts: &[(&str, i64)]) -> Value {
    let md5 = |name: &str| hex::encode(Md5::digest(&files[&format!("{name}.json")]));
    let size = |name: &str| files[&format!("{name}.json")].len();
    let collections: BTreeMap<_, _> = counts
        .iter()
        .map(|(name, count)| (*name, json!({ "count": count, "size_bytes": size(name), "checksum_md5": md5(name) })))
        .collect();
    let checksums: BTreeMap<_, _> = counts.iter().map(|(name, _)| (*name, md5(name))).collect();
    let documents: i64 = counts.iter().map(|(_, count)| count).sum();
    let bytes: usize = counts.iter().map(|(name, _)| size(name)).sum();
    json!({
        "backup_info": { "type": "full", "created_at": "2026-02-03T03:00:00", "database": "test_database",
            "backup_name": "backup_test_database_20260203_030000", "excluded_collections": ["fs.files", "fs.chunks"] },
        "statistics": { "total_collections": counts.len(), "total_documents": documents, "total_size_bytes": bytes,
            "total_size_kb": bytes / 1024, "total_size_mb": 0 },
        "collections": collections,
        "checksums": checksums,
    })
}

const COUNTS: [(&str, i64); 3] = [("empty", 0), ("orders", 1), ("users", 50)];

fn packed(files: &Files, manifest: Option<&Value>) -> Vec<u8> {
    let mut files = files.clone();
    if let Some(manifest) = manifest {
        files.insert("_MANIFEST.json".into(), serde_json::to_vec_pretty(manifest).unwrap());
    }
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        let path = format!("backup_test_database_20260203_030000/{name}");
        builder.append_data(&mut header, path, bytes.as_slice()).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

fn judge(bytes: &[u8]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backup_test_database_20260203_030000.tar.gz");
    std::fs::write(&path, bytes).unwrap();
    local(&path, None, &|_, _| {})
}

fn worse(report: &Report) -> Vec<(Severity, Check, String, String)> {
    let worse = report.findings.iter().filter(|finding| finding.severity != Severity::Info);
    worse.map(|f| (f.severity, f.check, f.namespace.clone().unwrap_or_default(), f.detail.clone())).collect()
}

#[test]
fn each_form_is_recognised_and_counted() {
    let files = files();
    let older = json!({
        "backup_info": { "created_at": "2026-01-20", "database": "test_database", "backup_name": "x",
            "total_collections": 3, "total_documents": 51 },
        "collections": { "users": 50, "orders": 1, "empty": 0 },
    });
    for (manifest, form) in [
        (Some(current(&files, &COUNTS)), "con cantidades, tamaños y MD5"),
        (Some(older), "solo con cantidades"),
        (None, "sin manifiesto"),
    ] {
        let report = judge(&packed(&files, manifest.as_ref()));
        assert_eq!(worse(&report), [], "{form}");
        assert!(report.format.ends_with(form), "{}", report.format);
        let counts: Vec<_> = report.namespaces.iter().map(|n| (n.name.as_str(), n.documents)).collect();
        assert_eq!(counts, COUNTS, "{form}");
        assert!(report.namespaces.iter().all(|n| n.database == "test_database"), "{form}");
        assert_eq!(report.excluded.len(), if form.contains("MD5") { 2 } else { 0 });
    }
}

#[test]
fn a_collection_that_failed_was_written_as_empty_and_is_a_finding() {
    let mut files = files();
    let mut manifest = current(&files, &COUNTS);
    manifest["collections"]["orders"] = json!({ "count": 0, "error": "cursor not found" });
    manifest["statistics"]["total_documents"] = json!(50);
    manifest["statistics"]["total_size_bytes"] = json!(files["users.json"].len() + 2);
    files.remove("orders.json");
    let report = judge(&packed(&files, Some(&manifest)));
    let found = worse(&report);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0, found[0].1, found[0].2.as_str()), (Severity::High, Check::Legacy, "orders"));
    assert!(found[0].3.contains("esa colección falló y el sistema la dio por vacía: cursor not found"));
    // The old system's own verdict would have been «success»; against the live counts it isn't complete either.
    let live = [("test_database.orders".to_owned(), 1)].into();
    let compared = compare_with(&live, &report);
    let orders = compared.iter().find(|one| one.namespace.ends_with("orders")).unwrap();
    assert_eq!((orders.comparison, orders.severity), (Comparison::MissingInBackup, Severity::High));
}

#[test]
fn what_the_manifest_and_the_files_disagree_on_is_named() {
    let whole = files();
    let manifest = current(&whole, &COUNTS);
    let mut files = whole.clone();
    files.remove("orders.json");
    let at = files["users.json"].len() / 2;
    files.get_mut("users.json").unwrap()[at] ^= 4;
    files.insert("more.json".into(), b"[{}]".to_vec());
    let found = worse(&judge(&packed(&files, Some(&manifest))));
    for (severity, check, place) in [
        (Severity::High, Check::Listed, "orders"),
        (Severity::High, Check::Checksums, "users"),
        (Severity::Medium, Check::Listed, "more"),
    ] {
        assert!(found.iter().any(|f| (f.0, f.1, f.2.as_str()) == (severity, check, place)), "{place}: {found:?}");
    }

    // The file is what it was, but the counts of the manifest aren't.
    let counts = [("empty", 0), ("orders", 2), ("users", 49)];
    let report = judge(&packed(&whole, Some(&current(&whole, &counts))));
    let found = worse(&report);
    assert_eq!(
        found.iter().map(|f| (f.1, f.2.as_str())).collect::<Vec<_>>(),
        [(Check::Counts, "orders"), (Check::Counts, "users")]
    );

    let mut totals = manifest;
    totals["statistics"]["total_documents"] = json!(52);
    let found = worse(&judge(&packed(&whole, Some(&totals))));
    assert_eq!((found.len(), found[0].2.as_str()), (1, "_MANIFEST.json"));
}

#[test]
fn damage_is_told_with_its_place_and_the_rest_is_read() {
    let whole = files();
    for (bytes, said) in [
        (&br#"[{"a":1},{"a":}]"#[..], "byte 14"),
        (br#"[{"a":1},7]"#, "byte 9"),
        (br#"[{"a":1}"#, "cortado (byte 8)"),
        (br#"{"a":1}"#, "no es una lista JSON (byte 0)"),
        (b"[{\"a\":\"\xff\"}]", "byte 7"),
        (b"", "cortado (byte 0)"),
    ] {
        let mut files = whole.clone();
        files.insert("orders.json".into(), bytes.to_vec());
        let report = judge(&packed(&files, None));
        let found = worse(&report);
        assert!(found.iter().all(|f| f.2 == "orders") && found.iter().any(|f| f.3.contains(said)), "{said}: {found:?}");
        assert_eq!(report.namespaces.iter().find(|n| n.name == "users").unwrap().documents, 50);
    }
    let packed = packed(&whole, Some(&current(&whole, &COUNTS)));
    for end in [packed.len() - 4, packed.len() / 2, 40] {
        assert!(!judge(&packed[..end]).is_ok(), "cut at {end}");
    }
    for at in [60, packed.len() / 2, packed.len() - 6] {
        let mut flipped = packed.clone();
        flipped[at] ^= 16;
        assert!(!judge(&flipped).is_ok(), "flipped at {at}");
    }
}

#[test]
fn an_unpacked_folder_and_a_lone_manifest() {
    let files = files();
    let manifest = current(&files, &COUNTS);
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let path = folder.path().join("_MANIFEST.json");
    std::fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
    let report = local(folder.path(), None, &|_, _| {});
    assert_eq!(worse(&report), []);
    assert_eq!(report.namespaces.len(), 3);
    let report = uploaded(&path, "_MANIFEST.json", None, &|_, _| {});
    assert!(!report.is_ok(), "what it says isn't proven");
    assert_eq!(report.namespaces.iter().map(|n| n.documents).sum::<i64>(), 51);
}
