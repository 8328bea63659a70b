//! What a run says about itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rule::{Noticed, Rule, Treatment};
use super::state::MirrorState;

/// The findings of one rule that a stored report spells out; all of them are in the ledger.
const STORED_FINDINGS: usize = 1_000;

/// What a run did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The run.
    pub run: String,
    /// The legacy database.
    pub source: String,
    /// Where the live database stands afterwards.
    pub state: MirrorState,
    /// Whether everything had been finished before and nothing was read.
    pub already_finished: bool,
    /// One report per rule, in the order they ran.
    pub rules: Vec<RuleReport>,
    /// What finishing brought to light, when this run finished.
    pub finish: Option<FinishReport>,
}

/// What one rule did. Every row read is counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleReport {
    /// The rule.
    pub rule: String,
    /// Its version.
    pub version: i32,
    /// The legacy collection.
    pub source: String,
    /// Whether the legacy database has that collection.
    pub source_exists: bool,
    /// The live collection.
    pub target: String,
    /// Rows read.
    pub read: u64,
    /// Rows whose document was written to the target.
    pub written: u64,
    /// Rows whose document was there already, as it should be.
    pub unchanged: u64,
    /// Rows that another row's document carries.
    pub folded: u64,
    /// Rows whose document was written to another collection.
    pub moved: u64,
    /// Rows not adopted; the findings say why.
    pub refused: u64,
    /// Rows whose document was changed here since, and left so.
    pub kept: u64,
    /// Findings by code and by what was done.
    pub counts: BTreeMap<String, BTreeMap<Treatment, u64>>,
    /// The findings, in the order of the rows.
    pub findings: Vec<Finding>,
}

/// One thing noticed about one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable code.
    pub code: String,
    /// The row, as people know it.
    pub id: String,
    /// What was done about it.
    pub outcome: Treatment,
}

/// What finishing brought to light.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishReport {
    /// Jobs whose time came while everything was a mirror. They wait for approval and aren't run by themselves.
    pub overdue_jobs: Vec<String>,
}

/// How one row was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tally {
    /// Its document was written to the target.
    Written,
    /// Nothing had to be written.
    Unchanged,
    /// Another row's document carries it.
    Folded,
    /// Its document was written to another collection.
    Moved,
    /// It wasn't adopted.
    Refused,
    /// Its document was changed here and left so.
    Kept,
}

impl RuleReport {
    /// The report of a rule that hasn't read anything yet.
    pub fn of(rule: &dyn Rule) -> Self {
        Self {
            rule: rule.name().to_owned(),
            version: rule.version(),
            source: rule.source().to_owned(),
            target: rule.target().collection.to_owned(),
            ..Self::default()
        }
    }

    /// Counts a row.
    pub fn count(&mut self, tally: Tally) {
        self.read += 1;
        *match tally {
            Tally::Written => &mut self.written,
            Tally::Unchanged => &mut self.unchanged,
            Tally::Folded => &mut self.folded,
            Tally::Moved => &mut self.moved,
            Tally::Refused => &mut self.refused,
            Tally::Kept => &mut self.kept,
        } += 1;
    }

    /// Records a finding about a row.
    pub fn find(&mut self, id: &str, noticed: Noticed) {
        *self.counts.entry(noticed.code.to_owned()).or_default().entry(noticed.outcome).or_default() += 1;
        self.findings.push(Finding { code: noticed.code.to_owned(), id: id.to_owned(), outcome: noticed.outcome });
    }

    /// How often a code was found, whatever was done about it.
    pub fn count_of(&self, code: &str) -> u64 {
        self.counts.get(code).map_or(0, |by_outcome| by_outcome.values().sum())
    }

    /// Whether every row read ended in exactly one way.
    pub fn adds_up(&self) -> bool {
        self.read == self.written + self.unchanged + self.folded + self.moved + self.refused + self.kept
    }
}

impl Report {
    /// The report as it is stored: the counts are whole, the list of findings is cut.
    pub fn for_storage(&self) -> Self {
        let mut stored = self.clone();
        for rule in &mut stored.rules {
            rule.findings.truncate(STORED_FINDINGS);
        }
        stored
    }
}
