//! Local files: archives of mongodump, its directories, stored backups as folder or tar, and what is none of these.

use std::io::Write;
use std::path::Path;

use bson::doc;
use canje::backup::keys::Opener;
use canje::backup::model::{Check, Severity};
use canje::backup::verify::{Comparison, Report, compare_with, is_complete, local};
use canje::dump::{ArchiveWriter, DirectoryWriter, Header};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::pieces::{self, Kind};
use super::{collections, defined, whole};
use crate::backup::sample::{Collection, Sample};

fn judge(path: &Path, opener: Option<&Opener>) -> Report {
    local(path, opener, &|_, _| {})
}

fn of_bytes(bytes: &[u8]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dump.archive");
    std::fs::write(&path, bytes).unwrap();
    judge(&path, None)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn worse(report: &Report) -> Vec<(Check, Option<&str>, &str)> {
    let worse = report.findings.iter().filter(|finding| finding.severity != Severity::Info);
    worse.map(|finding| (finding.check, finding.namespace.as_deref(), finding.detail.as_str())).collect()
}

/// What a report says the content is, without what only an archive has.
fn content(report: &Report) -> Vec<(String, i64, String, String)> {
    let rows = report.namespaces.iter();
    rows.map(|n| (format!("{}.{}", n.database, n.name), n.documents, n.h_set.clone(), n.h_def.clone())).collect()
}

#[test]
fn the_worked_example_and_its_layers() {
    let metadata = r#"{"indexes":[{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}],"collectionName":"c","type":"collection"}"#;
    let header = Header { server_version: "8.0.0".into(), tool_version: "x".into() };
    let one = defined("d", "c", metadata, "collection", &[doc! { "_id": 1, "s": "hé" }]);
    let mut writer = ArchiveWriter::new(Vec::new(), &header, std::slice::from_ref(&one.definition)).unwrap();
    writer.open().unwrap();
    writer.document(&one.documents[0]).unwrap();
    writer.close().unwrap();
    let golden = writer.finish().unwrap();
    let published = "0e6bdb90bd8e4f24d128fb78ea751a9c993410692dbfc94bc67d89fff815eabd";
    assert_eq!(hex::encode(Sha256::digest(&golden)), published);
    assert_eq!(golden.len(), 446);
    let report = of_bytes(&golden);
    assert_eq!(report.findings, []);
    assert_eq!(report.bytes, 446);
    let one = &report.namespaces[0];
    assert_eq!((one.database.as_str(), one.name.as_str(), one.documents, one.indexes), ("d", "c", 1, 1));
    assert_eq!(one.h_set, "7fe9acb8ca5c0b4ca4f3220cc8101bb4442aa8c6e425d570deefc7a24f5a0a3a");
    assert_eq!(one.crc, "13e1249698e1415f");
    let members: Vec<u8> = golden.chunks(100).flat_map(gzip).collect();
    for packed in [gzip(&golden), members, zstd::bulk::compress(&golden, 3).unwrap()] {
        let report = of_bytes(&packed);
        assert_eq!((worse(&report), report.bytes), (vec![], 446));
        for damaged in [&packed[..packed.len() - 5], &[packed.as_slice(), b"more"].concat()] {
            let report = of_bytes(damaged);
            assert!(!report.is_ok(), "{:?}", report.format);
        }
    }
}

#[test]
fn an_archive_of_ours_and_what_can_be_wrong_with_it() {
    let sample = whole();
    let report = of_bytes(&sample.archive);
    assert_eq!(report.findings, []);
    let stated: Vec<_> = sample.private.namespaces.iter().map(|n| (n.h_set.clone(), n.h_def.clone())).collect();
    let read: Vec<_> = report.namespaces.iter().map(|n| (n.h_set.clone(), n.h_def.clone())).collect();
    assert_eq!(read, stated);

    // A wrong checksum alone, an unknown version, a document that is broken inside.
    let mut pieces = pieces::apart(&sample.archive);
    let closing = pieces.iter().position(|p| p.kind == Kind::Closing && p.namespace == "shop.tags").unwrap();
    pieces[closing].bytes = pieces::header("shop.tags", true, 7);
    let report = of_bytes(&pieces::together(&pieces, false));
    assert_eq!(worse(&report).len(), 1);
    assert_eq!((worse(&report)[0].0, worse(&report)[0].1), (Check::Checksums, Some("shop.tags")));

    let mut pieces = pieces::apart(&sample.archive);
    let at = pieces[1].bytes.windows(4).position(|bytes| bytes == b"0.1\0").unwrap();
    pieces[1].bytes[at + 2] = b'2';
    let report = of_bytes(&pieces::together(&pieces, false));
    assert!(worse(&report)[0].2.contains("versión de archivo desconocida"));

    let mut pieces = pieces::apart(&sample.archive);
    let document = pieces.iter().position(|p| p.kind == Kind::Document && p.namespace == "shop.tags").unwrap();
    pieces[document].bytes[4] = 0x55;
    let report = of_bytes(&pieces::together(&pieces, true));
    assert_eq!(worse(&report).len(), 1, "{:?}", worse(&report));
    assert!(worse(&report)[0].1 == Some("shop.tags") && worse(&report)[0].2.contains("dañado por dentro"));
}

fn directory(at: &Path, gzip: bool) {
    let header = Header { server_version: "8.2.0".into(), tool_version: "test".into() };
    let mut writer = DirectoryWriter::new(at, &header, gzip).unwrap();
    for collection in collections().iter().chain(&[Collection::of("shop", "we ird%/né", &[doc! { "_id": 1 }])]) {
        writer.open(&collection.definition).unwrap();
        for document in &collection.documents {
            writer.document(document).unwrap();
        }
        writer.close().unwrap();
    }
}

#[test]
fn a_directory_is_read_whole_and_its_limits_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, packed) = (folder.path().join("plain"), folder.path().join("packed"));
    directory(&plain, false);
    directory(&packed, true);
    let report = judge(&plain, None);
    assert_eq!(worse(&report), []);
    assert!(report.findings.iter().any(|f| f.severity == Severity::Info && f.detail.contains("no trae cantidades")));
    assert_eq!(content(&judge(&packed, None)), content(&report));
    let archive = of_bytes(&whole().archive);
    let mut of_archive = content(&archive);
    of_archive.push(content(&report).into_iter().find(|row| row.0 == "shop.we ird%/né").unwrap());
    of_archive.sort();
    let mut of_directory = content(&report);
    of_directory.sort();
    assert_eq!(of_directory, of_archive);
    let one = content(&judge(&plain.join("shop"), None));
    assert_eq!(one.len(), of_directory.len() - 1);
}

#[test]
fn what_is_wrong_in_a_directory_is_named_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("dump");
    directory(&root, false);
    let shop = root.join("shop");
    let people = std::fs::read(shop.join("people.bson")).unwrap();
    std::fs::write(shop.join("people.bson"), &people[..people.len() - 3]).unwrap();
    std::fs::remove_file(shop.join("logs.bson")).unwrap();
    std::fs::remove_file(shop.join("tags.metadata.json")).unwrap();
    std::fs::write(shop.join("empty.bson.gz"), gzip(b"")).unwrap();
    std::fs::write(shop.join("recent.bson"), b"").unwrap();
    std::fs::write(shop.join("notes.txt"), b"x").unwrap();
    std::fs::write(root.join("site/one.bson"), b"\x09\0\0\0").unwrap();
    let report = judge(&root, None);
    let found = worse(&report);
    for (place, said) in [
        ("shop/people.bson", "cortado"),
        ("shop.logs", "falta el archivo"),
        ("shop/tags.bson", "falta su definición"),
        ("shop/empty.bson.gz", "dos veces"),
        ("shop/recent.bson", "vista"),
        ("site/one.bson", "cortado"),
    ] {
        assert!(found.iter().any(|(_, at, detail)| *at == Some(place) && detail.contains(said)), "{place}: {found:?}");
    }
    assert_eq!(found.len(), 6, "{found:?}");
    assert_eq!(report.namespaces.iter().find(|n| n.name == "people").unwrap().documents, 119);
}

#[test]
fn a_stored_backup_as_a_folder_and_as_a_tar() {
    let sample = whole();
    let place = sample.folder.path().join("store").join(&sample.prefix);
    let opener = Some(&sample.keys.opener);
    let report = judge(&place, opener);
    assert_eq!(report.findings, []);
    let tar = sample.folder.path().join("backup.tar");
    let name = sample.public.id.as_str().to_owned();
    let mut builder = tar::Builder::new(std::fs::File::create(&tar).unwrap());
    builder.append_dir_all(&name, &place).unwrap();
    builder.finish().unwrap();
    let of_tar = judge(&tar, opener);
    assert_eq!(of_tar.findings, []);
    assert_eq!(content(&of_tar), content(&report));

    let closed = judge(&tar, None);
    assert!(closed.findings.iter().any(|f| f.severity == Severity::Info && f.detail.contains("no se pudo descifrar")));
    assert_eq!(worse(&closed).iter().map(|found| found.0).collect::<Vec<_>>(), [Check::Signature]);

    let bytes = std::fs::read(&tar).unwrap();
    std::fs::write(&tar, &bytes[..bytes.len() / 2]).unwrap();
    assert!(!judge(&tar, opener).is_ok());
    std::fs::remove_file(place.join("manifest.json")).unwrap();
    let report = judge(&place, opener);
    assert_eq!(report.namespaces.len(), collections().len(), "the parts still tell what they hold");
    assert!(worse(&report).iter().any(|found| found.1 == Some("manifest.json")));
    std::fs::write(place.join("manifest.json"), b"{}").unwrap();
    assert!(!judge(&place, opener).is_ok());
}

#[test]
fn the_command_answers_in_json_and_with_its_exit_code() {
    let sample = whole();
    let place = sample.folder.path().join("store").join(&sample.prefix);
    let trust = sample.folder.path().join("trust");
    std::fs::write(&trust, sample.keys.signer.public()).unwrap();
    let verify = || {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_canje"))
            .args(["backup", "verify", "--json", "--trust"])
            .arg(&trust)
            .arg("--identity")
            .arg(sample.folder.path().join("keys/operations.identity"))
            .arg(&place)
            .output()
            .unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.success(), answer)
    };
    assert_eq!(verify(), (true, serde_json::json!({ "ok": true, "findings": [] })));
    std::fs::write(place.join("parts/00000002"), b"x").unwrap();
    let (is_success, answer) = verify();
    assert!(!is_success && answer["ok"] == false);
    let first = &answer["findings"][0];
    assert_eq!((&first["severity"], &first["namespace"]), (&"HIGH".into(), &"parts/00000002".into()));
    assert!(first["check"] == "parts" && first["detail"].is_string());
}

#[test]
fn what_is_no_backup_is_said_to_be_none() {
    for bytes in [&b""[..], b"x", b"PK\x03\x04 a picture of a cat", &[0; 2000], b"{}", b"[1,2]"] {
        let report = of_bytes(bytes);
        assert!(!report.is_ok() && !report.format.is_empty(), "{bytes:?}");
    }
    assert!(!judge(Path::new("/nowhere/at/all"), None).is_ok());
    let folder = tempfile::tempdir().unwrap();
    assert!(!judge(folder.path(), None).is_ok());
}

#[test]
fn counts_are_compared_with_the_live_ones() {
    let report = of_bytes(&whole().archive);
    let mut live: std::collections::BTreeMap<String, i64> =
        report.namespaces.iter().map(|n| (format!("{}.{}", n.database, n.name), n.documents)).collect();
    assert!(is_complete(&compare_with(&live, &report)));
    live.insert("shop.new".into(), 3);
    live.insert("shop.newer".into(), 0);
    live.insert("shop.people".into(), 121);
    live.insert("shop.logs".into(), 39);
    live.remove("shop.tags");
    let compared = compare_with(&live, &report);
    let of = |name: &str| {
        let found = compared.iter().find(|one| one.namespace == name).unwrap();
        (found.comparison, found.severity)
    };
    assert_eq!(of("shop.new"), (Comparison::MissingInBackup, Severity::High));
    assert_eq!(of("shop.newer"), (Comparison::MissingInBackup, Severity::Info));
    assert_eq!(of("shop.people"), (Comparison::CountMismatch, Severity::Medium));
    assert_eq!(of("shop.logs"), (Comparison::CountMismatch, Severity::Info));
    assert_eq!(of("shop.tags"), (Comparison::ExtraInBackup, Severity::Info));
    assert_eq!(of("shop.empty"), (Comparison::Ok, Severity::Info));
    assert!(!is_complete(&compared));
}

proptest! {
    #[test]
    fn a_sound_archive_has_no_finding_and_the_writers_hashes(
        collections in proptest::collection::vec(
            proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..20), 1..5),
        part in 500_usize..5000,
    ) {
        let collections: Vec<Collection> = collections
            .iter()
            .enumerate()
            .map(|(nth, documents)| {
                let documents: Vec<_> = documents
                    .iter()
                    .map(|bytes| doc! { "_id": bson::oid::ObjectId::new(), "b": bson::Binary { subtype: bson::spec::BinarySubtype::Generic, bytes: bytes.clone() } })
                    .collect();
                Collection::of("d", &format!("c{nth}"), &documents)
            })
            .collect();
        let sample = Sample::new(&collections, part);
        let report = of_bytes(&sample.archive);
        prop_assert_eq!(&report.findings, &[]);
        let place = sample.folder.path().join("store").join(&sample.prefix);
        let report = judge(&place, Some(&sample.keys.opener));
        prop_assert_eq!(&report.findings, &[]);
        prop_assert_eq!(report.root, Some(sample.public.root.clone()));
    }
}
