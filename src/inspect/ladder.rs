//! Every 500th place of a collection in one order, taken while counting.
//!
//! Two neighbouring rungs bound a range of about [`STEP`] documents, so reading from anywhere costs the same on a thousand
//! documents and on a hundred million, on servers that stop at a limit and on servers that don't. Rungs also give position
//! and jump. They are a map, not the truth: the first span is open below and the last one above, so documents written
//! after the count are read like all others, and documents deleted since only make a span thinner.

use std::cmp::Ordering;

use super::order::Key;
use super::sort::{Place, Sort};

/// Documents from one rung to the next, when it was taken.
pub const STEP: u64 = 500;

/// The rungs of one collection in one order.
#[derive(Clone, Debug)]
pub struct Ladder {
    sort: Sort,
    /// Documents from one rung to the next; [`STEP`] outside tests.
    step: u64,
    /// `rungs[i]` was the place of document number `i × step`.
    rungs: Vec<Place>,
    count: u64,
    rare: bool,
    reach: Reach,
}

/// How much of its order a ladder covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Whole,
    /// Up to its last rung.
    Start,
    /// Nowhere for sure: its rungs are any places, at any distance.
    Scouted,
}

impl Ladder {
    /// A ladder from its rungs, which must ascend.
    pub fn new(sort: Sort, step: u64, rungs: Vec<Place>, count: u64, rare: bool) -> Self {
        Self { sort, step, rungs, count, rare, reach: Reach::Whole }
    }

    /// The lower part of a ladder whose upper part isn't known yet: what lies above its last rung may be large.
    pub fn start(sort: Sort, step: u64, rungs: Vec<Place>, rare: bool) -> Self {
        let count = rungs.len() as u64 * step;
        Self { sort, step, rungs, count, rare, reach: Reach::Start }
    }

    /// Some places of an order nothing else is known of: they bound what is read for a first page, and say no position.
    pub fn scouted(sort: Sort, mut places: Vec<Place>) -> Self {
        places.sort_by(|a, b| sort.compare(a, b));
        places.dedup();
        let count = places.len() as u64;
        Self { sort, step: 1, rungs: places, count, rare: false, reach: Reach::Scouted }
    }

    /// Whether its rungs are any places.
    pub fn is_scouted(&self) -> bool {
        self.reach == Reach::Scouted
    }

    /// Whether it is known what a span holds: the last one of a start goes on nobody knows how far.
    pub fn is_bounded(&self, span: usize) -> bool {
        self.reach == Reach::Whole || span + 1 < self.spans()
    }

    /// Documents from one rung to the next.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The order it was taken in.
    pub fn sort(&self) -> &Sort {
        &self.sort
    }

    /// Documents seen when it was taken.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether values of types that need a clause of their own were seen.
    pub fn rare(&self) -> bool {
        self.rare
    }

    /// Whether such values may stand below this end: nobody has looked above the start of a ladder.
    pub fn rare_below(&self, end: Option<&[Key]>) -> bool {
        self.rare || (self.reach != Reach::Whole && end.is_none())
    }

    /// Its rungs.
    pub fn rungs(&self) -> &[Place] {
        &self.rungs
    }

    /// Number of spans; there is always one.
    pub fn spans(&self) -> usize {
        self.rungs.len().max(1)
    }

    /// The span a place lies in.
    pub fn span_of(&self, place: &[Key]) -> usize {
        self.rungs.partition_point(|rung| self.sort.compare(rung, place) != Ordering::Greater).saturating_sub(1)
    }

    /// Where a span begins; `None` for the first, which is open below.
    pub fn begin(&self, span: usize) -> Option<&Place> {
        if span == 0 { None } else { self.rungs.get(span) }
    }

    /// Where a span ends (exclusive); `None` for the last, which is open above.
    pub fn end(&self, span: usize) -> Option<&Place> {
        self.rungs.get(span + 1)
    }

    /// Whether the documents that share this beginning of a place are so many that looking for some of them by `_id` reads
    /// fewer than looking at all of them: n sharers are all read one way, `step × count / n` documents the other.
    pub fn is_crowded(&self, beginning: &[Key]) -> bool {
        let cut = |rung: &Place| self.sort.compare(&rung[..beginning.len()], beginning);
        let from = self.rungs.partition_point(|rung| cut(rung) == Ordering::Less);
        let to = self.rungs.partition_point(|rung| cut(rung) != Ordering::Greater);
        let sharers = (to - from) as u64 * self.step;
        u128::from(sharers) * u128::from(sharers) > u128::from(self.step) * u128::from(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::raw::kind;

    fn place(n: i32) -> Place {
        vec![Key::new(kind::INT32, &n.to_le_bytes())]
    }

    #[test]
    fn spans_cover_everything_once() {
        let ladder = Ladder::new(Sort::id(), 500, vec![place(0), place(500), place(1000)], 1200, false);
        assert_eq!(ladder.spans(), 3);
        for (n, span) in [(-5, 0), (0, 0), (499, 0), (500, 1), (999, 1), (1000, 2), (99_999, 2)] {
            assert_eq!(ladder.span_of(&place(n)), span, "{n}");
        }
        assert_eq!((ladder.begin(0), ladder.end(0)), (None, Some(&place(500))));
        assert_eq!((ladder.begin(2), ladder.end(2)), (Some(&place(1000)), None));
        let empty = Ladder::new(Sort::id(), 500, vec![], 0, false);
        assert_eq!((empty.spans(), empty.span_of(&place(3)), empty.begin(0), empty.end(0)), (1, 0, None, None));
    }

    #[test]
    fn the_start_of_a_ladder_says_where_it_ends() {
        let start = Ladder::start(Sort::id(), 500, vec![place(0), place(500), place(1000)], false);
        assert_eq!([0, 1, 2].map(|span| start.is_bounded(span)), [true, true, false]);
        assert!(!start.rare_below(start.end(1).map(Vec::as_slice)) && start.rare_below(None));
    }

    #[test]
    fn scouted_places_are_put_in_order() {
        let scouted = Ladder::scouted(Sort::id(), vec![place(9), place(2), place(9), place(5)]);
        assert_eq!(scouted.rungs(), [place(2), place(5), place(9)]);
        assert!(scouted.is_bounded(0) && !scouted.is_bounded(2));
    }

    #[test]
    fn crowds_are_seen_from_the_rungs() {
        let (sort, _) = Sort::parse("city").unwrap();
        let rungs = (0..2000).map(|n| vec![place(i32::from(n >= 10))[0].clone(), place(n)[0].clone()]).collect();
        let ladder = Ladder::new(sort, STEP, rungs, 1_000_000, false);
        assert!(!ladder.is_crowded(&place(0)));
        assert!(ladder.is_crowded(&place(1)));
        assert!(!ladder.is_crowded(&place(7)));
    }
}
