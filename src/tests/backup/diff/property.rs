//! Against a naive comparison in memory.

use std::collections::{BTreeMap, BTreeSet};

use canje::backup::diff::{Kind, Limits};
use canje::dump::raw::{Builder, find};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::{archive, double, shown};
use crate::backup::sample::Collection;

type Document = Vec<u8>;

/// Ids that are easily taken for one another, and documents without one.
fn any_document() -> impl Strategy<Value = Document> {
    (0..9_u8, 0..4_i32, 0..3_i32).prop_map(|(of, n, content)| {
        let mut builder = Builder::new();
        let (double_kind, double_value) = double(f64::from(n));
        match of {
            0 | 1 => drop(builder.int32("_id", n)),
            2 => drop(builder.int64("_id", n.into())),
            3 => drop(builder.raw(double_kind, b"_id", &double_value)),
            4 => drop(builder.string("_id", &n.to_string())),
            5 => drop(builder.raw(canje::dump::raw::kind::NULL, b"_id", &[])),
            6 => drop(builder.document("_id", &Builder::new().int32("n", n).clone().finish())),
            7 => drop(builder.int32("v", 7).int32("_id", n)),
            _ => {}
        }
        builder.int32("v", content).int32("v", content % 2);
        builder.finish()
    })
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Naive {
    changed: u64,
    only_left: u64,
    only_right: u64,
}

/// By `_id`, or by the whole document where there is none: the same contents cancel out, the rest is paired.
fn naive(left: &[Document], right: &[Document]) -> Naive {
    let key =
        |document: &Document| find(document, "_id").map_or((0, document.clone()), |id| (id.kind, id.value.to_vec()));
    let by_key = |side: &[Document]| {
        let mut map: BTreeMap<(u8, Vec<u8>), Vec<Document>> = BTreeMap::new();
        side.iter().for_each(|document| map.entry(key(document)).or_default().push(document.clone()));
        map
    };
    let (left, right) = (by_key(left), by_key(right));
    let mut found = Naive::default();
    for key in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
        let (mut a, mut b) = (left.get(key).cloned().unwrap_or_default(), right.get(key).cloned().unwrap_or_default());
        a.retain(|document| match b.iter().position(|other| other == document) {
            Some(at) => {
                b.remove(at);
                false
            }
            None => true,
        });
        let (a, b) = (a.len() as u64, b.len() as u64);
        found.changed += a.min(b);
        found.only_left += a - a.min(b);
        found.only_right += b - a.min(b);
    }
    found
}

#[test]
fn every_difference_is_found_and_no_other() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sides = (
        proptest::collection::vec(any_document(), 0..40),
        proptest::collection::vec(any_document(), 0..40),
        // How much the right side shares with the left one, and how long runs are.
        any::<bool>(),
        1..12_usize,
    );
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() });
    runner
        .run(&sides, |(left, mut right, shares, run)| {
            if shares {
                right.truncate(5);
                right.extend(left.iter().rev().skip(2).cloned());
            }
            let expected = naive(&left, &right);
            let folder = tempfile::tempdir().unwrap();
            let a = archive(&folder, "a", &[Collection::plain("d", "c", left.clone())]);
            let b = archive(&folder, "b", &[Collection::plain("d", "c", right.clone())]);
            let (report, documents) = runtime.block_on(shown(&a, &b, Limits { run, samples: 100 }));
            let row = &report.collections[0];
            let found = Naive { changed: row.changed, only_left: row.only_left, only_right: row.only_right };
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!((row.left, row.right), (left.len() as u64, right.len() as u64));
            prop_assert_eq!(report.equal, expected == Naive::default());
            let of = |kind| documents.iter().filter(|shown| shown.kind == kind).count() as u64;
            let kept =
                Naive { changed: of(Kind::Changed), only_left: of(Kind::OnlyLeft), only_right: of(Kind::OnlyRight) };
            prop_assert_eq!(kept, expected, "every differing document is fetched");
            for shown in &documents {
                prop_assert!(!shown.moved_on && !shown.fields.is_empty(), "{:?}", shown);
            }
            Ok(())
        })
        .unwrap();
}
