//! Gathers findings, so many of each severity: a file made of nothing but faults must not fill the memory.

use crate::backup::model::{Check, Finding, Severity};
use crate::i18n::backup::verify as words;

/// Findings kept of each severity.
const KEPT: usize = 500;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
    counts: [usize; 3],
}

impl Findings {
    /// Data is or may be missing or altered.
    pub fn high(&mut self, check: Check, place: Option<&str>, detail: impl Into<String>) {
        self.push(Finding::new(Severity::High, check, place, detail));
    }

    /// Something doesn't match and has to be understood.
    pub fn medium(&mut self, check: Check, place: Option<&str>, detail: impl Into<String>) {
        self.push(Finding::new(Severity::Medium, check, place, detail));
    }

    /// Worth knowing.
    pub fn info(&mut self, check: Check, place: Option<&str>, detail: impl Into<String>) {
        self.push(Finding::new(Severity::Info, check, place, detail));
    }

    /// Adds one; what to do about it is put in where the check has a remedy of its own.
    pub fn push(&mut self, mut finding: Finding) {
        let count = &mut self.counts[finding.severity as usize];
        *count += 1;
        if *count <= KEPT {
            if finding.remedy.is_none() && finding.severity != Severity::Info {
                finding.remedy = words::remedy(finding.check).map(str::to_owned);
            }
            self.list.push(finding);
        }
    }

    /// Adds all of another gathering.
    pub fn append(&mut self, others: Self) {
        let kept = [0, 1, 2].map(|severity| others.list.iter().filter(|f| f.severity as usize == severity).count());
        for finding in others.list {
            self.push(finding);
        }
        for (severity, count) in others.counts.into_iter().enumerate() {
            self.counts[severity] += count - kept[severity];
        }
    }

    /// Whether something is severe enough to fail, and belongs to this check.
    pub fn fails(&self, check: Check) -> bool {
        self.list.iter().any(|finding| finding.check == check && finding.severity != Severity::Info)
    }

    /// All that were kept, and how many more there were.
    pub fn finish(mut self) -> Vec<Finding> {
        let more = self.counts.iter().map(|count| count.saturating_sub(KEPT)).sum::<usize>();
        if more > 0 {
            self.list.push(Finding::new(Severity::Info, Check::Archive, None, words::and_more(more)));
        }
        self.list
    }
}
