use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

fn head() -> Header {
    Header { server_version: "7.0.28".into(), tool_version: "100.14.0".into() }
}

fn read_directory(path: &Path) -> Result<(Overview, Content), DumpError> {
    let reader = Source::Path(path.to_owned()).open()?;
    let overview = reader.overview().clone();
    Ok((overview, read_all(reader)?))
}

/// A dump in memory: definitions with their documents.
fn dump() -> impl Strategy<Value = Vec<(Definition, Vec<Vec<u8>>)>> {
    let name = "[a-z]{1,6}|[a-z% /+é~$-]{1,12}|ñ{40,60}".prop_filter("system names", |name| name != "oplog");
    let value = proptest::collection::vec(any::<u8>(), 0..20);
    let documents = proptest::collection::vec((any::<i32>(), value), 0..5);
    let namespace = ("[a-z]{1,3}", name, 0..4u8, documents);
    proptest::collection::vec(namespace, 0..6).prop_map(|namespaces| {
        let mut seen = std::collections::BTreeMap::new();
        for (database, collection, what, documents) in namespaces {
            let options = match what {
                0 => "",
                1 => r#""options":{"capped":true,"size":{"$numberInt":"4096"}},"#,
                2 => r#""options":{"viewOn":"c","pipeline":[]},"#,
                _ => r#""options":{"timeseries":{"timeField":"t"}},"#,
            };
            let kind = ["collection", "collection", "view", "timeseries"][usize::from(what)];
            let name = serde_json::to_string(&collection).unwrap();
            let metadata = format!(r#"{{{options}"indexes":[],"collectionName":{name},"type":"{kind}"}}"#);
            let definition = Definition::parse(&database, &collection, &metadata, Some(kind)).unwrap();
            let documents = documents.into_iter().map(|(id, data)| {
                let mut value = (data.len() as u32).to_le_bytes().to_vec();
                value.push(0);
                value.extend(data);
                Builder::new().int32("_id", id).raw(raw::kind::BINARY, b"b", &value).clone().finish()
            });
            let documents = if kind == "view" { vec![] } else { documents.collect() };
            // Directories sort by escaped name; the archive made from one keeps that order.
            seen.insert((database, names::escape(&collection)), (definition, documents));
        }
        seen.into_values().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn archive_to_directory_to_archive_gives_the_same_bytes(dump in dump(), gzip in any::<bool>()) {
        let definitions: Vec<Definition> = dump.iter().map(|(definition, _)| definition.clone()).collect();
        let mut writer = ArchiveWriter::new(Vec::new(), &head(), &definitions).unwrap();
        for (_, documents) in &dump {
            writer.open().unwrap();
            for document in documents {
                writer.document(document).unwrap();
            }
            writer.close().unwrap();
        }
        let bytes = writer.finish().unwrap();

        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().join("dump");
        to_directory(&mut open(&bytes).unwrap(), &mut DirectoryWriter::new(&root, &head(), gzip).unwrap()).unwrap();
        let mut reader = Source::Path(root).open().unwrap();
        prop_assert!(reader.overview().foreign_files.is_empty());
        prop_assert_eq!(&reader.overview().definitions, &definitions);
        let again = to_archive(&mut reader, &head(), Vec::new()).unwrap();
        prop_assert_eq!(again, bytes);
    }
}

fn written(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    root
}

fn problem(files: &[(&str, &[u8])]) -> Problem {
    read_directory(written(files).path()).expect_err("refused").problem
}

#[test]
fn the_directory_of_one_database_is_read_under_its_name() {
    let root = written(&[
        ("solo/prelude.json", br#"{"ServerVersion":"8.2.11","ToolVersion":"100.16.1"}"#),
        ("solo/c.bson", &d1()),
        ("solo/c.metadata.json", METADATA.as_bytes()),
    ]);
    for path in [root.path().to_owned(), root.path().join("solo")] {
        let (overview, content) = read_directory(&path).unwrap();
        assert_eq!(content, [("solo.c".to_owned(), vec![d1()])]);
        assert_eq!(overview.server(), Some(ServerVersion(8, 2, 11)));
        assert!(overview.foreign_files.is_empty());
    }
}

#[test]
fn files_that_are_no_part_of_a_dump_are_listed() {
    let root = written(&[
        ("d/c.bson", b""),
        ("d/c.metadata.json", METADATA.as_bytes()),
        ("d/.DS_Store", b""),
        ("EXPECTED.json", b"{}"),
    ]);
    let (overview, _) = read_directory(root.path()).unwrap();
    assert_eq!(overview.foreign_files, ["EXPECTED.json", "d/.DS_Store"]);
}

#[test]
fn buckets_of_a_series_and_the_oplog_are_found() {
    let series =
        r#"{"options":{"timeseries":{"timeField":"t"}},"indexes":[],"collectionName":"s","type":"timeseries"}"#;
    for data in ["d/system.buckets.s.bson", "d/s.bson"] {
        let root = written(&[(data, &d2()), ("d/s.metadata.json", series.as_bytes()), ("oplog.bson", &d1())]);
        let (_, content) = read_directory(root.path()).unwrap();
        let oplog = ("oplog".to_owned(), vec![d1()]);
        assert!(content.contains(&oplog) && content.contains(&("d.s".to_owned(), vec![d2()])), "{content:?}");
        assert_eq!(content.len(), 2);
    }
}

#[test]
fn directories_that_can_not_be_trusted_are_refused() {
    let metadata = METADATA.as_bytes();
    assert_eq!(problem(&[("readme.txt", b"")]), Problem::NotADump);
    assert_eq!(problem(&[("d/c.bson", b"")]), Problem::MissingMetadata);
    assert_eq!(problem(&[("d/c.metadata.json", metadata)]), Problem::MissingData { namespace: "d.c".into() });
    let twice = [("d/c.bson", &b""[..]), ("d/c.bson.gz", b""), ("d/c.metadata.json", metadata)];
    assert_eq!(problem(&twice), Problem::TwoFiles { namespace: "c".into() });
    let other = [("d/x.bson", &b""[..]), ("d/x.metadata.json", metadata)];
    assert!(matches!(problem(&other), Problem::Metadata { .. }));
    let version = [("prelude.json", &br#"{"ServerVersion":"8.0","ToolVersion":"x"}"#[..])];
    assert_eq!(problem(&version), Problem::ServerVersion { version: "8.0".into() });
    let broken = [("d/c.bson", &b""[..]), ("d/c.metadata.json", b"{"), ("prelude.json", b"x")];
    assert!(matches!(problem(&broken), Problem::Metadata { .. }));
    let view = br#"{"options":{"viewOn":"c"},"collectionName":"v","type":"view"}"#;
    assert!(matches!(problem(&[("d/v.bson", &d1()), ("d/v.metadata.json", view)]), Problem::Documents { .. }));
    let dangerous = [("a b/c.bson", &b""[..]), ("a b/c.metadata.json", metadata)];
    assert_eq!(problem(&dangerous), Problem::Name { name: "a b".into() });
}

#[test]
fn a_cut_data_file_is_refused_with_its_name_and_offset() {
    let whole = [d1(), d2()].concat();
    for length in 1..whole.len() {
        if length == d1().len() {
            // Cut at a border: this layout can't tell. The import compares with nothing but what it read.
            continue;
        }
        let root = written(&[("d/c.bson", &whole[..length]), ("d/c.metadata.json", METADATA.as_bytes())]);
        let error = read_directory(root.path()).unwrap_err();
        assert_eq!(error.problem, Problem::Cut);
        assert_eq!(error.place, Place { file: Some("d/c.bson".into()), offset: Some(length as u64) });
    }
    let root = written(&[("d/c.bson", &[d1(), T.to_vec()].concat()), ("d/c.metadata.json", METADATA.as_bytes())]);
    assert_eq!(read_directory(root.path()).unwrap_err().problem, Problem::Length { length: u32::MAX });
}
