use sha2::{Digest as _, Sha256};

use super::*;

#[test]
fn the_worked_example_is_written_and_read_byte_for_byte() {
    let bytes = golden();
    assert_eq!(bytes.len(), 446);
    assert_eq!(hex::encode(Sha256::digest(&bytes)), "0e6bdb90bd8e4f24d128fb78ea751a9c993410692dbfc94bc67d89fff815eabd");
    assert_eq!(read(&bytes).unwrap(), [("d.c".to_owned(), vec![d1()])]);
    let reader = open(&bytes).unwrap();
    assert_eq!(reader.overview().server(), Some(ServerVersion(8, 0, 0)));
    assert_eq!(reader.overview().tool_version.as_deref(), Some("x"));
}

#[test]
fn gzip_in_several_members_reads_as_one() {
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    let bytes = golden();
    let mut packed = Vec::new();
    for part in bytes.chunks(100) {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(part).unwrap();
        packed.extend(encoder.finish().unwrap());
    }
    let source = |bytes: &[u8]| Source::Bytes { name: "test", bytes: bytes.to_vec().leak() };
    assert_eq!(read_all(source(&packed).open().unwrap()).unwrap(), read(&bytes).unwrap());
    assert!(source(&packed).open().unwrap().overview().compressed);

    let cut = read_all(source(&packed[..packed.len() - 20]).open().unwrap()).unwrap_err();
    assert_eq!(cut.problem, Problem::Cut);
    let mut garbage = packed.clone();
    garbage.extend(b"more");
    let refused = read_all(source(&garbage).open().unwrap()).unwrap_err();
    assert!(matches!(refused.problem, Problem::Gzip { .. } | Problem::Cut), "{refused}");
    let mut flipped = packed.clone();
    let last = flipped.len() - 6;
    flipped[last] ^= 1;
    let refused = read_all(source(&flipped).open().unwrap()).unwrap_err();
    assert!(matches!(refused.problem, Problem::Gzip { .. }), "{refused}");
}

#[test]
fn interleaved_namespaces_are_followed() {
    let (a, b) = (entry("d", "a", "", "collection"), entry("d", "b", "", "collection"));
    let both = {
        let mut checksum = Checksum::default();
        checksum.update(&d1());
        checksum.update(&d2());
        checksum.value()
    };
    let bytes = archive(&[
        &header("0.1", "7.0.28-rc1"),
        &a,
        &b,
        T,
        &block("d", "a", false, 0),
        &d1(),
        T,
        &block("d", "b", false, 0),
        &d2(),
        T,
        &block("d", "a", false, 0),
        &d2(),
        T,
        &block("d", "b", true, 0x179d_f8e3_3e08_391c),
        T,
        &block("d", "a", true, both),
        T,
    ]);
    let expected = [("d.a".to_owned(), vec![d1(), d2()]), ("d.b".to_owned(), vec![d2()])];
    assert_eq!(read(&bytes).unwrap(), expected);
}

#[test]
fn what_the_official_restore_accepts_is_accepted() {
    // An empty collection without its opening block.
    let bytes =
        archive(&[&header("0.1", "8.0.0"), &entry("d", "c", METADATA, "collection"), T, &block("d", "c", true, 0), T]);
    assert_eq!(read(&bytes).unwrap(), [("d.c".to_owned(), vec![])]);

    // Unknown fields in the header and in an entry are kept and shown; `size` may be an int64; metadata may be relaxed.
    let mut head = Builder::new();
    head.int32("concurrent_collections", 4).string("version", "0.1").string("server_version", "8.0.0");
    head.string("tool_version", "x").string("canje_root", "abc");
    let mut listed = Builder::new();
    listed
        .string("db", "d")
        .string("collection", "c")
        .string("metadata", r#"{"indexes":[{"key":{"_id":1},"name":"_id_"}]}"#);
    listed.int64("size", 7).string("type", "collection").string("note", "n");
    let bytes = archive(&[&head.finish(), &listed.finish(), T, &block("d", "c", true, 0), T]);
    let reader = open(&bytes).unwrap();
    assert_eq!(reader.overview().unknown, ["canje_root"]);
    assert_eq!(reader.overview().definitions[0].unknown, ["note"]);

    // A dump of a server without any collection.
    assert_eq!(read(&archive(&[&header("0.1", "8.0.0"), T])).unwrap(), []);
}

#[test]
fn special_namespaces_are_named_for_what_they_are() {
    let view = r#"{"options":{"viewOn":"c","pipeline":[]},"indexes":[],"collectionName":"v","type":"view"}"#;
    let series =
        r#"{"options":{"timeseries":{"timeField":"t"}},"indexes":[],"collectionName":"s","type":"timeseries"}"#;
    for (server, name) in [("8.2.9", "system.buckets.s"), ("8.3.0", "s")] {
        let bytes = archive(&[
            &header("0.1", server),
            &entry("d", "v", view, "view"),
            &entry("d", "s", series, "timeseries"),
            &entry("d", "$admin.system.users", "", "collection"),
            &entry("", "oplog", "", ""),
            T,
            &block("d", "v", false, 0),
            T,
            &block("d", "v", true, 0),
            T,
            &block("d", name, false, 0),
            &d2(),
            T,
            &block("d", name, true, 0x179d_f8e3_3e08_391c),
            T,
            &block("d", "$admin.system.users", true, 0),
            T,
            &block("", "oplog", true, 0),
            T,
        ]);
        let kinds: Vec<_> = open(&bytes).unwrap().overview().definitions.iter().map(|d| d.kind).collect();
        assert_eq!(kinds, [Kind::View, Kind::TimeSeries, Kind::Collection, Kind::Oplog]);
        assert_eq!(read(&bytes).unwrap()[1], ("d.s".to_owned(), vec![d2()]));
        assert_eq!(read(&bytes).unwrap()[3].0, "oplog");
    }
}
