//! Damaged dumps are found in the first pass: nothing is written, and the offset is named.

use canje::dump::TERMINATOR;
use canje::import::Cause;

use super::*;

#[tokio::test]
async fn a_dump_cut_at_any_border_is_refused_before_anything_is_written() {
    let test = TestDb::new().await;
    let dump = Dump::of(&test)
        .collection("a", "", &[], vec![simple(1, "a"), simple(2, "b")])
        .collection("b", "", &[], vec![])
        .namespace("v", "view", r#"{"viewOn":"a","pipeline":[]}"#, "", vec![]);
    let whole = dump.bytes();
    let mut borders = vec![];
    let mut at = 4;
    while at < whole.len() {
        borders.push(at);
        let head: [u8; 4] = whole[at..at + 4].try_into().unwrap();
        at += if head == TERMINATOR { 4 } else { u32::from_le_bytes(head) as usize };
    }
    assert!(borders.len() > 15);
    for border in borders {
        let failure = import(&test, source(whole[..border].to_vec())).await.expect_err("cut");
        let Cause::Dump(error) = &failure.cause else { panic!("{failure}") };
        assert_eq!(error.place.offset, Some(border as u64), "{failure}");
        let mut flipped = whole.clone();
        flipped[border] ^= 0x40;
        let failure = import(&test, source(flipped)).await.expect_err("flipped");
        let Cause::Dump(error) = &failure.cause else { panic!("{failure}") };
        assert!(error.place.offset.is_some(), "{failure}");
        assert!(failure.to_string().contains("byte"), "{failure}");
    }
    assert_eq!(databases(&test).await, Vec::<String>::new());
}
