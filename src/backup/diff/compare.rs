//! The whole comparison: both sides read at the same time, then joined collection by collection.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use tokio::sync::watch;

use super::join::{Joined, join};
use super::read::{Told, Wanted, read};
use super::records::RUN;
use super::scan::{Scan, Scanned, Scanner};
use super::side::{BadSide, Source};
use super::{CollectionDiff, DefinitionDiff, Report, Which};
use crate::backup::model::Progress;
use crate::dump::compare::{Difference, Expiry, differences, is_ttl};
use crate::dump::{Definition, Kind};
use crate::i18n::backup::diff as words;
use crate::import::catalogue;

/// Most differences of one definition that are kept, and characters of each.
const DEFINITIONS: usize = 50;
const CHARACTERS: usize = 1_000;

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Records sorted in memory before they go to the disk.
    pub run: usize,
    /// Differing documents kept per collection and kind, to be shown.
    pub samples: usize,
}

impl Limits {
    /// Only counts.
    pub const COUNTS: Self = Self { run: RUN, samples: 0 };
    /// With documents to show.
    pub const SHOWN: Self = Self { run: RUN, samples: 200 };
}

/// What was found, and which documents are to be fetched for showing.
#[derive(Debug)]
pub struct Comparison {
    /// The result.
    pub report: Report,
    pub(super) wanted: [Wanted; 2],
    pub(super) samples: BTreeMap<String, Sampled>,
}

/// The first differing documents of a collection.
#[derive(Debug)]
pub(super) struct Sampled {
    pub joined: Joined,
    pub is_multiset: bool,
}

/// Compares two sides; with `only`, these collections of them. Dropping the future ends the reading.
pub async fn compare(
    sides: [&Source; 2],
    only: &[String],
    limits: Limits,
    progress: &watch::Sender<Progress>,
) -> anyhow::Result<Comparison> {
    let (told, _waiting) = Told::new(progress);
    let only: Option<BTreeSet<String>> = (!only.is_empty()).then(|| only.iter().cloned().collect());
    let wanted = Wanted { only: only.clone(), as_buckets: BTreeSet::new() };
    let scan = async |source: &Source, wanted: &Wanted, which: Which| -> anyhow::Result<(Scanned, Vec<String>)> {
        let (scanner, notes) =
            read(source, wanted, Scanner::new(limits.run)?, &told).await.with_context(|| words::reading(which))?;
        let notes = notes.into_iter().map(|note| words::of_side(which, &note)).collect();
        Ok((scanner.finish(), notes))
    };
    let (left, right) =
        futures::try_join!(scan(sides[0], &wanted, Which::Left), scan(sides[1], &wanted, Which::Right))?;
    let ((mut left, mut notes), (mut right, more)) = (left, right);
    notes.extend(more);
    for name in only.iter().flatten() {
        let is_there = left.collections.contains_key(name) || right.collections.contains_key(name);
        ensure!(is_there, BadSide(words::no_collection(name)));
    }
    let mut wanted = [wanted.clone(), wanted];
    let in_buckets = |one: &Scanned, other: &Scanned| -> BTreeSet<String> {
        let differ = one.collections.iter().filter(|(name, scan)| {
            let other = other.collections.get(*name);
            scan.is_multiset && other.is_some_and(|other| other.holds_buckets)
        });
        differ.map(|(name, _)| name.clone()).collect()
    };
    let again = [in_buckets(&left, &right), in_buckets(&right, &left)];
    for (at, (scanned, which)) in [(&mut left, Which::Left), (&mut right, Which::Right)].into_iter().enumerate() {
        if !again[at].is_empty() && matches!(sides[at], Source::Live { .. }) {
            let as_buckets = Wanted { only: Some(again[at].clone()), as_buckets: again[at].clone() };
            scanned.collections.extend(scan(sides[at], &as_buckets, which).await?.0.collections);
            wanted[at].as_buckets.clone_from(&again[at]);
        }
    }
    let sources = [sides[0].clone(), sides[1].clone()];
    let joining = tokio::task::spawn_blocking(move || join_all(&sources, left, right, limits.samples));
    let (collections, samples) = joining.await.context("joining")??;
    let equal = collections.iter().all(CollectionDiff::is_equal);
    Ok(Comparison { report: Report { equal, collections, notes }, wanted, samples })
}

type Found = (Vec<CollectionDiff>, BTreeMap<String, Sampled>);

fn join_all(sources: &[Source; 2], mut left: Scanned, mut right: Scanned, most: usize) -> anyhow::Result<Found> {
    let names: BTreeSet<String> = left.collections.keys().chain(right.collections.keys()).cloned().collect();
    let (mut rows, mut samples) = (Vec::with_capacity(names.len()), BTreeMap::new());
    for name in names {
        let mut row = CollectionDiff { name: name.clone(), ..CollectionDiff::default() };
        let (a, b) = (left.collections.remove(&name), right.collections.remove(&name));
        let (mut joined, is_multiset) = match (&a, &b) {
            (Some(a), Some(b)) => both(a, b, [&mut left, &mut right], (most, without_expiry(sources)), &mut row)?,
            (one, other) => {
                row.missing = Some(if one.is_none() { Which::Left } else { Which::Right });
                let source = if one.is_none() { &sources[0] } else { &sources[1] };
                if let Source::Stream(stream) = source {
                    row.notes.extend(stream.excluded(&name).map(words::excluded));
                }
                alone(one.as_ref(), other.as_ref(), [&mut left, &mut right], most)?
            }
        };
        (row.left, row.right) = (joined.left, joined.right);
        if row.incomparable {
            joined = Joined { left: joined.left, right: joined.right, ..Joined::default() };
        }
        (row.changed, row.only_left, row.only_right) = (joined.changed, joined.only_left, joined.only_right);
        rows.push(row);
        if !joined.is_equal() && most > 0 {
            samples.insert(name, Sampled { joined, is_multiset });
        }
    }
    Ok((rows, samples))
}

/// A collection that both sides have.
fn both(
    a: &Scan,
    b: &Scan,
    [left, right]: [&mut Scanned; 2],
    (most, without_expiry): (usize, Option<Which>),
    row: &mut CollectionDiff,
) -> anyhow::Result<(Joined, bool)> {
    row.definitions = definitions(&a.definition, &b.definition, without_expiry, &mut row.notes);
    let is_multiset = a.is_multiset || b.is_multiset;
    let converted = |scan: &Scan, side: &mut Scanned| match scan.is_multiset == is_multiset {
        true => Ok(scan.records.clone()),
        false => scan.records.as_multiset(&mut side.spool),
    };
    let joined = join(&converted(a, left)?, &converted(b, right)?, most)?;
    if a.holds_buckets != b.holds_buckets && joined.left > 0 && joined.right > 0 {
        row.incomparable = true;
        row.notes.push(words::BUCKETS.to_owned());
    }
    if joined.is_equal() && a.order.is_some() && b.order.is_some() {
        row.order_differs = a.order != b.order;
    }
    Ok((joined, is_multiset))
}

/// A collection that one side has: all its documents are on that side only.
fn alone(
    a: Option<&Scan>,
    b: Option<&Scan>,
    [left, right]: [&mut Scanned; 2],
    most: usize,
) -> anyhow::Result<(Joined, bool)> {
    let nothing = |side: &mut Scanned| super::records::Gathering::default().finish(&mut side.spool);
    let joined = match (a, b) {
        (Some(a), _) => join(&a.records, &nothing(left)?, most)?,
        (_, Some(b)) => join(&nothing(right)?, &b.records, most)?,
        (None, None) => Joined::default(),
    };
    Ok((joined, a.or(b).is_some_and(|scan| scan.is_multiset)))
}

/// Whose definition leaves out expiry on purpose.
fn without_expiry(sources: &[Source; 2]) -> Option<Which> {
    match [sources[0].is_preview(), sources[1].is_preview()] {
        [true, false] => Some(Which::Left),
        [false, true] => Some(Which::Right),
        _ => None,
    }
}

/// What differs between two definitions of the same name.
fn definitions(
    left: &Definition,
    right: &Definition,
    without_expiry: Option<Which>,
    notes: &mut Vec<String>,
) -> Vec<DefinitionDiff> {
    if left.kind != right.kind {
        let kind = |definition: &Definition| Some(definition.kind.as_str().to_owned());
        return vec![DefinitionDiff { part: "type".into(), left: kind(left), right: kind(right) }];
    }
    // The whole definition first: what a preview leaves out is looked for in the other side.
    let is_turned = without_expiry == Some(Which::Left);
    let (mut whole, other) = if is_turned { (right.clone(), left) } else { (left.clone(), right) };
    if whole.kind != Kind::View && (whole.indexes.is_none() || other.indexes.is_none()) {
        whole.indexes = None;
        notes.push(words::NO_INDEXES.to_owned());
    }
    let expiry = if without_expiry.is_some() { Expiry::Pending } else { Expiry::Included };
    if without_expiry.is_some() && (catalogue::expires(&whole) || whole.indexes.iter().flatten().any(|one| is_ttl(one)))
    {
        notes.push(words::NO_EXPIRY.to_owned());
    }
    let cut = |text: Option<String>| {
        text.map(|text| match text.char_indices().nth(CHARACTERS) {
            Some((at, _)) => format!("{}…", &text[..at]),
            None => text,
        })
    };
    let found = differences(&whole, &other.options, other.indexes.as_deref().unwrap_or_default(), expiry);
    let of_sides = found.into_iter().take(DEFINITIONS).map(|Difference { part, expected, found }| {
        let (left, right) = if is_turned { (found, expected) } else { (expected, found) };
        DefinitionDiff { part, left: cut(left), right: cut(right) }
    });
    of_sides.collect()
}
