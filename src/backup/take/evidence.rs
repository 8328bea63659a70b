//! The checks of the source's side: what was looked at, what was seen, and what follows from it.

use bson::DateTime;

use super::gridfs;
use super::identity::Identity;
use super::ladder::Taken;
use super::list::Listing;
use super::scan::blocking;
use super::trouble::Trouble;
use crate::app::Clock;
use crate::backup::model::{Check, CheckResult, Finding, Label, Outcome, Severity};
use crate::db::date;
use crate::dump::{Kind, raw};
use crate::i18n::backup::take as words;

/// Checks and findings as they come in.
#[derive(Clone)]
pub struct Evidence {
    clock: Clock,
    checks: Vec<CheckResult>,
    findings: Vec<Finding>,
}

impl Evidence {
    /// Nothing seen yet.
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), checks: Vec::new(), findings: Vec::new() }
    }

    /// The checks, in the order of the report.
    pub fn checks(&self) -> Vec<CheckResult> {
        let mut checks = self.checks.clone();
        checks.sort_by_key(|result| result.check as u8);
        checks
    }

    /// What was found.
    pub fn findings(&self) -> Vec<Finding> {
        self.findings.clone()
    }

    fn now(&self) -> DateTime {
        date(self.clock.now())
    }

    fn note(&mut self, check: Check, outcome: Outcome, evidence: Vec<String>) {
        let at = self.now();
        self.checks.push(CheckResult { check, outcome, evidence, at, subject: None });
    }

    /// A check passed unless something is wrong, each thing a finding of this severity.
    fn decide(&mut self, check: Check, seen: Vec<String>, wrong: Vec<Finding>) {
        let fails = wrong.iter().any(|finding| finding.severity != Severity::Info);
        self.note(check, if fails { Outcome::Failed } else { Outcome::Passed }, seen);
        self.findings.extend(wrong);
    }

    /// Findings that ended it before their checks were through.
    pub fn refuse(&mut self, findings: &[Finding]) {
        for finding in findings.iter().filter(|finding| finding.severity != Severity::Info) {
            if !self.checks.iter().any(|result| result.check == finding.check) {
                self.note(finding.check, Outcome::Failed, vec![finding.detail.clone()]);
            }
        }
    }

    /// Whether anything found fails the run.
    pub fn judge(&self) -> Result<(), Trouble> {
        match self.findings.iter().any(|finding| finding.severity != Severity::Info) {
            true => Err(Trouble::Refused(self.findings.clone())),
            false => Ok(()),
        }
    }

    /// Checks 1: which server, as whom.
    pub fn identity(&mut self, identity: &Identity) {
        let server = &identity.server;
        let mut wrong = Vec::new();
        let seen = match &server.user {
            None => words::NO_ACCESS_CONTROL.to_owned(),
            Some(user) if identity.sees_everything => words::sees_everything(user),
            Some(user) => {
                let said = words::sees_some(user);
                let finding = Finding::new(Severity::Info, Check::Privileges, None, said.clone());
                wrong.push(finding.remedy(words::SEES_SOME_REMEDY));
                said
            }
        };
        self.decide(Check::Privileges, vec![seen], wrong);
        let mut seen = vec![words::server(&server.version, server.fcv.as_deref())];
        seen.push(words::hosts(server.replica_set.as_deref(), &server.hosts));
        seen.extend(server.cluster_id.as_deref().map(words::cluster));
        self.decide(Check::Identity, seen, Vec::new());
    }

    /// Check 2: nothing was redefined meanwhile. An attempt that gets here passed it.
    pub fn fence(&mut self, before: &Listing, changes: Option<u64>) {
        let mut seen = vec![words::same_lists(before.included.len(), before.databases.len())];
        seen.push(match changes {
            Some(changes) => words::stream_watched(changes),
            None => words::NO_STREAM.into(),
        });
        self.decide(Check::Fence, seen, Vec::new());
    }

    /// Checks 3 to 11 on what was read.
    pub async fn taken(&mut self, listing: &Listing, taken: &Taken, wanted: Option<&[String]>) -> Result<(), Trouble> {
        self.listed(listing, wanted);
        self.consistency(taken);
        self.counts(taken);
        self.ids(taken);
        self.order(listing, taken);
        let buckets = gridfs::buckets(&taken.read);
        let mut broken = Vec::new();
        let (mut files, mut chunks) = (0, 0);
        for bucket in &buckets {
            let bucket = bucket.clone();
            let looked = blocking(move || bucket.look()).await?;
            (files, chunks) = (files + looked.files, chunks + looked.chunks);
            broken.extend(looked.problems);
        }
        self.gridfs(buckets.len(), files, chunks, broken);
        self.views(listing);
        let seen = vec![words::definitions_survive(listing.included.len())];
        self.decide(Check::Definitions, seen, Vec::new());
        Ok(())
    }

    fn listed(&mut self, listing: &Listing, wanted: Option<&[String]>) {
        let mut seen = vec![words::included(listing.included.len(), listing.excluded.len())];
        seen.extend(wanted.map(words::only_these));
        seen.extend(listing.excluded.iter().map(|left| words::left_out(&left.namespace, &left.reason)));
        self.decide(Check::Listed, seen, Vec::new());
    }

    fn consistency(&mut self, taken: &Taken) {
        let mut seen = vec![words::label(taken.label)];
        seen.extend(taken.how.iter().cloned());
        let mut wrong = Vec::new();
        if taken.label == Label::PerCollection {
            let finding = Finding::new(Severity::Info, Check::Consistency, None, words::label(taken.label));
            wrong.push(finding.remedy(words::PER_COLLECTION_REMEDY));
        }
        self.decide(Check::Consistency, seen, wrong);
        let cursors = taken.read.iter().filter(|read| read.file.is_some()).count();
        self.decide(Check::Cursors, vec![words::cursors(cursors)], Vec::new());
    }

    fn counts(&mut self, taken: &Taken) {
        let confirmed = &taken.confirmed;
        let mut seen = Vec::new();
        if confirmed.counted > 0 {
            seen.push(words::counted_by_server(confirmed.counted));
        }
        if confirmed.uncounted > 0 {
            seen.push(words::uncounted(confirmed.uncounted));
        }
        let mut wrong: Vec<_> = confirmed
            .miscounted
            .iter()
            .map(|(namespace, read, counted)| {
                Finding::new(Severity::High, Check::Counts, Some(namespace), words::miscounted(*read, *counted))
            })
            .collect();
        for read in &taken.read {
            let namespace = read.listed.namespace();
            wrong.extend(read.too_long.iter().map(|(id, bytes)| {
                let finding =
                    Finding::new(Severity::High, Check::Counts, Some(&namespace), words::too_long(id, *bytes));
                finding.remedy(words::TOO_LONG_REMEDY)
            }));
        }
        match seen.is_empty() && wrong.is_empty() {
            true => self.note(Check::Counts, Outcome::NotApplicable, vec![words::NOTHING_TO_COUNT.into()]),
            false => self.decide(Check::Counts, seen, wrong),
        }
    }

    fn ids(&mut self, taken: &Taken) {
        let with_ids: Vec<_> = taken.read.iter().filter(|read| read.listed.has_ids()).collect();
        let wrong = with_ids.iter().filter(|read| read.sums.repeated_ids > 0).map(|read| {
            let said = words::repeated_ids(read.sums.repeated_ids);
            Finding::new(Severity::High, Check::DuplicateIds, Some(&read.listed.namespace()), said)
        });
        let wrong = wrong.collect();
        self.decide(Check::DuplicateIds, vec![words::unique_ids(with_ids.len())], wrong);
    }

    fn order(&mut self, listing: &Listing, taken: &Taken) {
        let capped = listing.included.iter().filter(|listed| listed.definition.is_capped()).count();
        if capped == 0 {
            return self.note(Check::CappedOrder, Outcome::NotApplicable, vec![words::NO_CAPPED.into()]);
        }
        let confirmed = &taken.confirmed;
        let wrong = confirmed
            .disordered
            .iter()
            .map(|namespace| Finding::new(Severity::High, Check::CappedOrder, Some(namespace), words::DISORDERED));
        let wrong = wrong.collect();
        self.decide(Check::CappedOrder, vec![words::capped(capped, confirmed.ordered)], wrong);
    }

    fn gridfs(&mut self, buckets: usize, files: u64, chunks: u64, problems: Vec<Finding>) {
        if buckets == 0 {
            return self.note(Check::Gridfs, Outcome::NotApplicable, vec![words::NO_GRIDFS.into()]);
        }
        let mut seen = vec![words::gridfs(buckets, files, chunks)];
        if !problems.is_empty() {
            seen.push(words::gridfs_broken(problems.len()));
        }
        self.decide(Check::Gridfs, seen, problems);
    }

    fn views(&mut self, listing: &Listing) {
        let views: Vec<_> = listing.included.iter().filter(|listed| listed.definition.kind == Kind::View).collect();
        if views.is_empty() {
            return self.note(Check::Views, Outcome::NotApplicable, vec![words::NO_VIEWS.into()]);
        }
        let mut dangling = Vec::new();
        for view in &views {
            let base = raw::find(&view.definition.options, "viewOn").and_then(|base| base.as_str());
            let exists = listing.included.iter().any(|listed| {
                listed.definition.database == view.definition.database
                    && Some(listed.definition.collection.as_str()) == base
            });
            if !exists {
                let said = words::dangling(base.unwrap_or_default());
                dangling.push(Finding::new(Severity::Info, Check::Views, Some(&view.namespace()), said));
            }
        }
        self.decide(Check::Views, vec![words::views(views.len(), dangling.len())], dangling);
    }
}
