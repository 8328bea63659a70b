use super::*;

/// Three namespaces, one of them empty and one a view: every kind of border occurs.
fn sample() -> Vec<u8> {
    let c = Definition::parse("d", "c", METADATA, Some("collection")).unwrap();
    let e = Definition::parse("d", "e", "", Some("collection")).unwrap();
    let view = r#"{"options":{"viewOn":"c","pipeline":[]},"indexes":[],"collectionName":"v","type":"view"}"#;
    let v = Definition::parse("d", "v", view, Some("view")).unwrap();
    let header = Header { server_version: "8.0.0".into(), tool_version: "x".into() };
    let mut writer = ArchiveWriter::new(Vec::new(), &header, &[c, e, v]).unwrap();
    for documents in [vec![d1(), d2()], vec![], vec![]] {
        writer.open().unwrap();
        for document in documents {
            writer.document(&document).unwrap();
        }
        writer.close().unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn an_archive_cut_anywhere_is_refused_at_its_end() {
    let whole = sample();
    assert!(read(&whole).is_ok());
    for length in 0..whole.len() {
        let error = read(&whole[..length]).expect_err("cut");
        let offset = error.place.offset.expect("an offset");
        assert!(offset <= length as u64, "{length}: {error}");
        if length > 4 {
            assert!(matches!(error.problem, Problem::Cut | Problem::NeverClosed { .. }), "{length}: {error}");
            assert_eq!(offset, length as u64, "{error}");
        }
    }
}

/// Where the parts of the sample begin.
fn borders(bytes: &[u8]) -> Vec<usize> {
    let mut borders = vec![0];
    let mut at = 4;
    while at < bytes.len() {
        borders.push(at);
        let head: [u8; 4] = bytes[at..at + 4].try_into().unwrap();
        at += if head == TERMINATOR { 4 } else { u32::from_le_bytes(head) as usize };
    }
    borders
}

#[test]
fn a_flipped_bit_at_any_border_is_refused() {
    let whole = sample();
    let borders = borders(&whole);
    assert!(borders.len() > 15);
    let mut ends: Vec<usize> = borders.iter().skip(1).map(|border| border - 1).collect();
    ends.push(whole.len() - 1);
    for border in borders.iter().flat_map(|border| *border..border + 4).chain(ends) {
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[border] ^= 1 << bit;
            let error = read(&damaged).expect_err(&format!("bit {bit} of byte {border}"));
            assert!(error.place.offset.is_some(), "{error}");
        }
    }
}

#[test]
fn a_flipped_bit_in_a_document_is_refused() {
    let whole = sample();
    let documents = whole.windows(d1().len()).position(|window| window == d1()).unwrap();
    for at in documents..documents + d1().len() + d2().len() {
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            assert!(read(&damaged).is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn a_flipped_bit_in_a_block_header_is_refused() {
    let whole = sample();
    let borders = borders(&whole);
    let prelude_end = borders.iter().position(|border| whole[*border..].starts_with(T)).unwrap();
    for pair in borders[prelude_end + 1..].windows(2) {
        for at in pair[0]..pair[1] {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                assert!(read(&damaged).is_err(), "bit {bit} of byte {at}");
            }
        }
    }
}

#[test]
fn no_damage_makes_the_reader_panic() {
    let whole = sample();
    for at in 0..whole.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] = value;
            let _ = read(&damaged);
        }
    }
}
