//! The merge join of two sorted sides: what is the same, what changed, what only one of them has.

use std::io;

use super::records::{Record, Records, Sorted};

/// What a join counted, and the first of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// Documents on the left.
    pub left: u64,
    /// Documents on the right.
    pub right: u64,
    /// Same `_id`, other bytes.
    pub changed: u64,
    /// On the left only.
    pub only_left: u64,
    /// On the right only.
    pub only_right: u64,
    /// Changed ones, as a pair.
    pub changed_samples: Vec<(Record, Record)>,
    /// Of the left only.
    pub left_samples: Vec<Record>,
    /// Of the right only.
    pub right_samples: Vec<Record>,
}

impl Joined {
    /// Whether both sides hold the same documents.
    pub fn is_equal(&self) -> bool {
        self.changed == 0 && self.only_left == 0 && self.only_right == 0
    }
}

/// Joins two sides. Records with the same `_id` are compared as multisets of their contents, so that a side that holds an
/// `_id` twice is compared like any other. At most `samples` documents of each kind are kept.
pub fn join(left: &Records, right: &Records, samples: usize) -> io::Result<Joined> {
    let mut found = Joined { left: left.count, right: right.count, ..Joined::default() };
    let (mut left, mut right) = (Ahead::new(left.sorted()?)?, Ahead::new(right.sorted()?)?);
    let mut group = Group { samples, ..Group::default() };
    loop {
        let id = match (left.next, right.next) {
            (Some(a), Some(b)) => a.id.min(b.id),
            (Some(a), None) => a.id,
            (None, Some(b)) => b.id,
            (None, None) => return Ok(found),
        };
        loop {
            let (a, b) = (left.next.filter(|a| a.id == id), right.next.filter(|b| b.id == id));
            match (a, b) {
                (None, None) => break,
                (Some(a), Some(b)) if a.leaf == b.leaf => {
                    left.step()?;
                    right.step()?;
                }
                (Some(a), Some(b)) if b.leaf < a.leaf => {
                    group.right(b);
                    right.step()?;
                }
                (Some(a), _) => {
                    group.left(a);
                    left.step()?;
                }
                (None, Some(b)) => {
                    group.right(b);
                    right.step()?;
                }
            }
        }
        group.settle(&mut found);
    }
}

struct Ahead {
    sorted: Sorted,
    next: Option<Record>,
}

impl Ahead {
    fn new(mut sorted: Sorted) -> io::Result<Self> {
        let next = sorted.pull()?;
        Ok(Self { sorted, next })
    }

    fn step(&mut self) -> io::Result<()> {
        self.next = self.sorted.pull()?;
        Ok(())
    }
}

/// The records of one `_id` that have no twin on the other side.
#[derive(Default)]
struct Group {
    samples: usize,
    left_count: u64,
    right_count: u64,
    left: Vec<Record>,
    right: Vec<Record>,
}

impl Group {
    fn left(&mut self, record: Record) {
        self.left_count += 1;
        if self.left.len() < self.samples {
            self.left.push(record);
        }
    }

    fn right(&mut self, record: Record) {
        self.right_count += 1;
        if self.right.len() < self.samples {
            self.right.push(record);
        }
    }

    /// As many as both sides have were changed; the rest is on one side only.
    fn settle(&mut self, found: &mut Joined) {
        if self.left_count == 0 && self.right_count == 0 {
            return;
        }
        let changed = self.left_count.min(self.right_count);
        found.changed += changed;
        found.only_left += self.left_count - changed;
        found.only_right += self.right_count - changed;
        let pairs = usize::try_from(changed).unwrap_or(usize::MAX).min(self.left.len()).min(self.right.len());
        let (left, right) = (self.left.drain(..pairs), self.right.drain(..pairs));
        for pair in left.zip(right) {
            push(&mut found.changed_samples, pair, self.samples);
        }
        // What was drained in pairs is gone; a longer side keeps its rest.
        if self.left_count > changed {
            self.left.drain(..).for_each(|record| push(&mut found.left_samples, record, self.samples));
        } else {
            self.right.drain(..).for_each(|record| push(&mut found.right_samples, record, self.samples));
        }
        *self = Self { samples: self.samples, ..Self::default() };
    }
}

fn push<T>(list: &mut Vec<T>, item: T, most: usize) {
    if list.len() < most {
        list.push(item);
    }
}
