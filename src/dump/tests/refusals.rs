use super::*;

fn refused(bytes: &[u8]) -> DumpError {
    read(bytes).expect_err("this archive must be refused")
}

fn check(parts: &[&[u8]], problem: Problem, offset: usize) {
    let error = refused(&archive(parts));
    assert_eq!(error.problem, problem);
    assert_eq!(error.place, Place::at(offset as u64), "{error}");
}

fn head() -> Vec<u8> {
    header("0.1", "8.0.0")
}

fn listed() -> Vec<u8> {
    entry("d", "c", METADATA, "collection")
}

const CRC_D2: u64 = 0x179d_f8e3_3e08_391c;
const AFTER_MAGIC: usize = 4;
const PRELUDE: usize = 0x135;

#[test]
fn headers_that_say_something_else() {
    assert_eq!(refused(b"").problem, Problem::NotADump);
    assert_eq!(refused(b"BZh9").problem, Problem::NotADump);
    check(&[&header("0.2", "8.0.0"), T], Problem::Version { version: "0.2".into() }, AFTER_MAGIC);
    for version in ["", "unknown", "8.0"] {
        let problem = Problem::ServerVersion { version: version.into() };
        check(&[&header("0.1", version), T], problem, AFTER_MAGIC);
    }
    let bare = Builder::new().string("version", "0.1").clone().finish();
    check(&[&bare, T], Problem::Field { field: "concurrent_collections" }, AFTER_MAGIC);
    check(&[T], Problem::Header, AFTER_MAGIC);
}

#[test]
fn entries_that_can_not_be_trusted() {
    let at = AFTER_MAGIC + head().len();
    for name in ["../etc", "a/b", "a.b", "", "a b", &"x".repeat(64)] {
        check(&[&head(), &entry(name, "c", "", "collection"), T], Problem::Name { name: name.into() }, at);
    }
    let long = "c".repeat(300);
    assert!(matches!(refused(&archive(&[&head(), &entry("d", &long, "", ""), T])).problem, Problem::Name { .. }));
    let kind = Problem::Kind { namespace: "d.c".into(), kind: "later".into() };
    check(&[&head(), &entry("d", "c", "", "later"), T], kind, at);
    assert!(matches!(refused(&archive(&[&head(), &entry("d", "c", "{", ""), T])).problem, Problem::Metadata { .. }));
    let deep = format!("{{\"options\":{}{}}}", "{\"a\":".repeat(5000), "1".to_owned() + &"}".repeat(5000));
    assert!(matches!(refused(&archive(&[&head(), &entry("d", "c", &deep, ""), T])).problem, Problem::Metadata { .. }));
    let big = format!("{{\"x\":\"{}\"}}", "y".repeat(limits::METADATA_BYTES));
    let problem = Problem::MetadataLength { namespace: "d.c".into() };
    check(&[&head(), &entry("d", "c", &big, "collection"), T], problem, at);
    let twice = Problem::Repeated { namespace: "d.c".into() };
    check(&[&head(), &listed(), &listed(), T], twice, at + listed().len());
}

#[test]
fn blocks_that_break_the_grammar() {
    let open = block("d", "c", false, 0);
    let close = block("d", "c", true, CRC_D2);
    let prelude = [&head()[..], &listed(), T].concat();
    assert_eq!(prelude.len() + 4, PRELUDE);

    let mut extra = Builder::new();
    extra.string("db", "d").string("collection", "c").boolean("EOF", false).int64("CRC", 0).int32("x", 1);
    check(&[&prelude, &extra.finish(), T], Problem::UnknownField { field: "x".into() }, PRELUDE);

    let mut small = Builder::new();
    small.string("db", "d").string("collection", "c").boolean("EOF", true).int32("CRC", 0);
    check(&[&prelude, &small.finish(), T], Problem::Field { field: "CRC" }, PRELUDE);

    let wrong = Problem::Checksum { namespace: "d.c".into(), stated: 1, computed: CRC_D2 };
    let at = PRELUDE + open.len() + d2().len() + 4;
    check(&[&prelude, &open, &d2(), T, &block("d", "c", true, 1), T], wrong, at);

    let unlisted = Problem::Unlisted { namespace: "d.other".into() };
    check(&[&prelude, &block("d", "other", false, 0), T], unlisted, PRELUDE);

    let never = Problem::NeverClosed { namespace: "d.c".into() };
    check(&[&prelude, &open, &d2(), T], never.clone(), at);
    check(&[&prelude], never, PRELUDE);

    let whole = [&prelude[..], &open, &d2(), T, &close, T].concat();
    let end = whole.len() + 4;
    check(&[&whole, &open, T], Problem::Reopened { namespace: "d.c".into() }, end);
    check(&[&whole, T], Problem::DoubleTerminator, end);
    check(&[&whole, b"x"], Problem::Trailing, end);
    check(&[&whole, b"garbage garbage"], Problem::Trailing, end);
    check(&[&whole, &d2(), T], Problem::Trailing, end);
    check(&[&prelude, T], Problem::DoubleTerminator, PRELUDE);
    check(&[&prelude, &open, &d2(), T, T], Problem::DoubleTerminator, at);
    check(&[&prelude, &open, &d2(), T, &close, &d2()], Problem::NoTerminator, at + close.len());

    check(&[&prelude, &4u32.to_le_bytes(), T], Problem::Length { length: 4 }, PRELUDE);
    check(&[&prelude, &16_777_217u32.to_le_bytes(), T], Problem::Length { length: 16_777_217 }, PRELUDE);
    let mut unclosed = d2();
    unclosed[13] = 7;
    check(&[&prelude, &open, &unclosed, T], Problem::Unclosed, PRELUDE + open.len() + 13);
}

#[test]
fn a_view_with_documents() {
    let view = entry("d", "v", r#"{"options":{"viewOn":"c"},"type":"view"}"#, "view");
    let error = refused(&archive(&[&head(), &view, T, &block("d", "v", false, 0), &d2(), T]));
    assert_eq!(error.problem, Problem::Documents { namespace: "d.v".into() });
}

#[test]
fn a_length_that_promises_more_than_there_is_takes_no_memory() {
    let open = block("d", "c", false, 0);
    let bytes = archive(&[&head(), &listed(), T, &open, &16_000_000u32.to_le_bytes(), b"short"]);
    let error = refused(&bytes);
    assert_eq!((error.problem, error.place), (Problem::Cut, Place::at(bytes.len() as u64)));
}
