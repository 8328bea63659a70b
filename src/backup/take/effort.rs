//! How hard to try: bounds of time, memory and patience.

use std::time::Duration;

use crate::backup::model::Label;

/// The bounds of a run. The usual ones are [`Effort::default`]; tests force a rung with them.
#[derive(Clone, Debug)]
pub struct Effort {
    /// The rungs that may be tried, in this order.
    pub rungs: Vec<Label>,
    /// How long a transaction may take to read everything: well below the minute after which servers end one.
    pub transaction: Duration,
    /// More bytes than these aren't tried in a transaction at all.
    pub transaction_bytes: u64,
    /// How often everything is read again because definitions changed meanwhile.
    pub attempts: u32,
    /// The pause before the second attempt; each further one doubles it.
    pub pause: Duration,
    /// Collections read at the same time where no transaction forbids it.
    pub workers: usize,
    /// Most documents changed during a long scan that are still read again.
    pub touched: usize,
    /// How long the change stream may take to show a write of our own.
    pub silence: Duration,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            rungs: vec![Label::SnapshotProven, Label::Transaction, Label::FixedUp, Label::Quiescent],
            transaction: Duration::from_secs(40),
            transaction_bytes: 2_000_000_000,
            attempts: 5,
            pause: Duration::from_millis(250),
            workers: 2,
            touched: 400_000,
            silence: Duration::from_secs(60),
        }
    }
}

impl Effort {
    /// Only this rung.
    pub fn only(rung: Label) -> Self {
        Self { rungs: vec![rung], ..Self::default() }
    }
}
