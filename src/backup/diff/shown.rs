//! The second pass: fetches the documents that are to be shown from both sides and compares them field by field.
//!
//! Each side is read once more, in the collections that differ, and the wanted documents go to an unnamed temporary file:
//! at most one pair is held in memory. On a server a document may have changed since; then it is said so.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};

use super::compare::{Comparison, Sampled};
use super::fields::{Differ, FieldDiff};
use super::read::{Taker, Told, Wanted, read};
use super::records::{IdDigest, Record, id_digest};
use super::side::Source;
use crate::backup::model::Progress;
use crate::dump::Definition;
use crate::dump::hash::{Leaf, leaf};
use crate::dump::raw::find;

/// How a document differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Same `_id`, other bytes.
    Changed,
    /// On the left only.
    OnlyLeft,
    /// On the right only.
    OnlyRight,
}

impl Kind {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Changed, Self::OnlyLeft, Self::OnlyRight];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::OnlyLeft => "only_left",
            Self::OnlyRight => "only_right",
        }
    }

    /// The kind with this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A differing document as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its collection.
    pub collection: String,
    /// How it differs.
    pub kind: Kind,
    /// Its `_id` as canonical Extended JSON, masked like any field.
    pub document: String,
    /// The differing fields; all fields of a document that only one side has.
    pub fields: Vec<FieldDiff>,
    /// Differing fields that aren't in `fields`.
    #[serde(default)]
    pub more: i32,
    /// Where it begins in the left side's archive or file; absent on a server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_offset: Option<i64>,
    /// Where it begins on the right side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_offset: Option<i64>,
    /// It was another one when it was fetched to be shown: the server went on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moved_on: bool,
}

/// Fetches what [`compare`](super::compare::compare) kept and sends it, by collection and kind.
pub async fn show(
    sides: [&Source; 2],
    comparison: Comparison,
    progress: &watch::Sender<Progress>,
    to: mpsc::Sender<Shown>,
) -> anyhow::Result<()> {
    let (told, _waiting) = Told::new(progress);
    let Comparison { wanted, samples, .. } = comparison;
    if samples.is_empty() {
        return Ok(());
    }
    let fetch = async |at: usize| -> anyhow::Result<Fetched> {
        let collector = Collector::new(&samples, at)?;
        let only: BTreeSet<String> = collector.wanted.keys().cloned().collect();
        if only.is_empty() {
            return Ok(collector.fetched);
        }
        let wanted = Wanted { only: Some(only), as_buckets: wanted[at].as_buckets.clone() };
        Ok(read(sides[at], &wanted, collector, &told).await?.0.fetched)
    };
    let (left, right) = futures::try_join!(fetch(0), fetch(1))?;
    let is_stream = sides.map(|side| matches!(side, Source::Stream(_)));
    tokio::task::spawn_blocking(move || {
        for (name, Sampled { joined, .. }) in &samples {
            let mut differ = Differ::new(name);
            let changed = joined.changed_samples.iter().map(|(a, b)| (Kind::Changed, Some(a), Some(b)));
            let only_left = joined.left_samples.iter().map(|a| (Kind::OnlyLeft, Some(a), None));
            let only_right = joined.right_samples.iter().map(|b| (Kind::OnlyRight, None, Some(b)));
            for (kind, a, b) in changed.chain(only_left).chain(only_right) {
                let (one, other) = (left.get(name, a)?, right.get(name, b)?);
                let moved_on = one.is_some() != a.is_some() || other.is_some() != b.is_some();
                let id = one.as_deref().or(other.as_deref()).map(|document| differ.id(document));
                let (fields, more) = match moved_on {
                    true => (Vec::new(), 0),
                    false => differ.compare(one.as_deref(), other.as_deref()),
                };
                let offset = |record: Option<&Record>, is_stream: bool| {
                    record.filter(|_| is_stream).and_then(|record| i64::try_from(record.offset).ok())
                };
                let shown = Shown {
                    collection: name.clone(),
                    kind,
                    document: id.unwrap_or_default(),
                    fields,
                    more: i32::try_from(more).unwrap_or(i32::MAX),
                    left_offset: offset(a, is_stream[0]),
                    right_offset: offset(b, is_stream[1]),
                    moved_on,
                };
                if to.blocking_send(shown).is_err() {
                    return Ok(());
                }
            }
        }
        anyhow::Ok(())
    })
    .await
    .context("comparing fields")?
}

/// Where a fetched document lies in the temporary file: start and length.
type Slots = HashMap<(String, IdDigest, Leaf), Option<(u64, usize)>>;

struct Fetched {
    file: File,
    end: u64,
    slots: Slots,
}

impl Fetched {
    fn get(&self, collection: &str, record: Option<&Record>) -> io::Result<Option<Vec<u8>>> {
        let Some(record) = record else { return Ok(None) };
        let slot = self.slots.get(&(collection.to_owned(), record.id, record.leaf));
        let Some((start, length)) = slot.copied().flatten() else { return Ok(None) };
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(Some(bytes))
    }
}

/// Takes a side in and keeps what is wanted of it.
struct Collector {
    wanted: BTreeMap<String, (HashMap<IdDigest, usize>, bool)>,
    open: HashMap<usize, String>,
    fetched: Fetched,
}

impl Collector {
    fn new(samples: &BTreeMap<String, Sampled>, at: usize) -> io::Result<Self> {
        let mut fetched = Fetched { file: tempfile::tempfile()?, end: 0, slots: Slots::new() };
        let mut wanted = BTreeMap::new();
        for (name, Sampled { joined, is_multiset }) in samples {
            let changed = joined.changed_samples.iter().map(|(a, b)| if at == 0 { a } else { b });
            let alone = if at == 0 { &joined.left_samples } else { &joined.right_samples };
            let mut ids: HashMap<IdDigest, usize> = HashMap::new();
            for record in changed.chain(alone) {
                *ids.entry(record.id).or_default() += 1;
                fetched.slots.insert((name.clone(), record.id, record.leaf), None);
            }
            if !ids.is_empty() {
                wanted.insert(name.clone(), (ids, *is_multiset));
            }
        }
        Ok(Self { wanted, open: HashMap::new(), fetched })
    }
}

impl Taker for Collector {
    fn open(&mut self, index: usize, definition: &Definition) -> anyhow::Result<()> {
        self.open.insert(index, definition.collection.clone());
        Ok(())
    }

    fn document(&mut self, index: usize, document: &[u8], _offset: u64) -> anyhow::Result<()> {
        let name = self.open.get(&index).context("a document of a collection that was never opened")?;
        let Some((ids, is_multiset)) = self.wanted.get(name) else { return Ok(()) };
        let id = match find(document, "_id").filter(|_| !is_multiset) {
            Some(id) => id_digest(&id),
            None => leaf(document),
        };
        if !ids.contains_key(&id) {
            return Ok(());
        }
        if let Some(slot) = self.fetched.slots.get_mut(&(name.clone(), id, leaf(document)))
            && slot.is_none()
        {
            self.fetched.file.write_all_at(document, self.fetched.end)?;
            *slot = Some((self.fetched.end, document.len()));
            self.fetched.end += document.len() as u64;
        }
        Ok(())
    }

    fn close(&mut self, index: usize) -> anyhow::Result<()> {
        self.open.remove(&index);
        Ok(())
    }
}
