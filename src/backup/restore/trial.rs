//! The trial restore: a whole backup into scratch databases, compared document by document, damaged on purpose, removed.

use std::collections::BTreeMap;

use tokio::sync::watch;

use super::controls::{self, Control};
use super::gridfs;
use super::interlocks;
use super::judge::{Judge, Strict};
use super::origin::Origin;
use super::rebuild::{Deleting, OnDifference, Outcome, Rebuild};
use super::scratch::{self, Scratch};
use super::views::{self, Answer};
use super::watching::Watching;
use crate::backup::Depot;
use crate::backup::container::OpenBackup;
use crate::backup::keys::Opener;
use crate::backup::model::{
    Check, CheckResult, Finding, Namespace, Outcome as CheckOutcome, Progress, Restored, Severity,
};
use crate::db::date;
use crate::dump::Kind;
use crate::i18n::backup::restore as words;
use crate::i18n::import::ORDER;
use crate::import::Failure;

/// What a trial restore found.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Every included namespace with what was found in the restored copy.
    pub namespaces: Vec<Namespace>,
    /// The restore side's checks, the known-bad controls among them.
    pub checks: Vec<CheckResult>,
    /// What wasn't equal.
    pub findings: Vec<Finding>,
}

/// Restores every database of a stored backup into `restore_check_<id>_<n>`, compares, damages copies and proves that the
/// comparison sees it, and drops what it made. Scratch databases of an earlier trial of the same backup are cleared first.
pub async fn trial(
    depot: &Depot,
    backup: &OpenBackup,
    opener: &Opener,
    progress: &watch::Sender<Progress>,
) -> anyhow::Result<Trial> {
    judged(depot, backup, opener, progress, &Strict).await
}

/// A trial with somebody else to compare.
pub async fn judged(
    depot: &Depot,
    backup: &OpenBackup,
    opener: &Opener,
    progress: &watch::Sender<Progress>,
    judge: &dyn Judge,
) -> anyhow::Result<Trial> {
    let id = &backup.public.id;
    scratch::clear(depot, id).await?;
    let origin = Origin::stored(backup).await?;
    let bytes = origin.survey.namespaces.iter().map(|namespace| namespace.digest.bytes).sum::<u64>();
    if let Err(failure) = interlocks::check_server(depot, i64::try_from(bytes).unwrap_or(i64::MAX), None).await {
        anyhow::bail!(words::refusal(failure));
    }
    let mut scratches = Vec::new();
    for (place, source) in origin.databases().into_iter().enumerate() {
        scratches.push(Scratch::claim(depot, id, place, source).await?);
    }
    let tried = Trying { depot, backup, opener, origin: &origin, scratches: &scratches, judge };
    let tried = tried.run(progress).await;
    let mut left = Vec::new();
    for scratch in scratches {
        let name = scratch.database.name().to_owned();
        if let Err(error) = scratch.discard(depot).await {
            left.push(words::not_removed(&name, &error));
        }
    }
    // They stay on record and the next trial of this backup removes them; nothing in the backup is wrong because of it.
    let mut trial = tried?;
    let left = left.into_iter().map(|what| Finding::new(Severity::Info, Check::RestoredDocuments, None, what));
    trial.findings.extend(left);
    Ok(trial)
}

struct Trying<'a> {
    depot: &'a Depot,
    backup: &'a OpenBackup,
    opener: &'a Opener,
    origin: &'a Origin,
    scratches: &'a [Scratch],
    judge: &'a dyn Judge,
}

impl Trying<'_> {
    async fn run(&self, progress: &watch::Sender<Progress>) -> anyhow::Result<Trial> {
        let names: BTreeMap<&str, &str> =
            self.scratches.iter().map(|scratch| (scratch.source.as_str(), scratch.database.name())).collect();
        let plan =
            self.origin.plan(|definition| names.get(definition.database.as_str()).map(|name| (*name).to_owned()));
        let documents = self.origin.survey.namespaces.iter().map(|namespace| namespace.digest.documents).sum();
        let watching = Watching::new(progress, self.origin.definitions.len(), documents);
        let rebuild = Rebuild {
            db: &self.depot.db,
            origin: self.origin,
            plan: &plan,
            judge: self.judge,
            progress: &watching,
            deleting: Deleting::LeftOut,
            on_difference: OnDifference::Note,
            finished: std::collections::BTreeSet::new(),
            marks: None,
        };
        let outcome = rebuild.run().await.map_err(Failure::from)?;
        let mut trial = Trial::default();
        self.documents(&outcome, &mut trial);
        self.definitions(&outcome, &mut trial);
        self.gridfs(&mut trial).await?;
        self.views(&mut trial).await?;
        self.namespaces(&outcome, &mut trial);
        self.controls(&outcome, &mut trial).await?;
        progress.send_modify(|progress| progress.permille = Some(1000));
        Ok(trial)
    }

    /// `restore_check_….name` as the backup calls it.
    fn named(&self, namespace: &str) -> String {
        let of = |scratch: &Scratch| {
            let rest = namespace.strip_prefix(scratch.database.name())?.strip_prefix('.')?;
            Some(format!("{}.{rest}", scratch.source))
        };
        self.scratches.iter().find_map(of).unwrap_or_else(|| namespace.to_owned())
    }

    fn note(&self, trial: &mut Trial, check: Check, failed: bool, evidence: Vec<String>) {
        let outcome = match (failed, evidence.is_empty()) {
            (true, _) => CheckOutcome::Failed,
            (false, true) => CheckOutcome::NotApplicable,
            (false, false) => CheckOutcome::Passed,
        };
        let at = date(self.depot.clock.now());
        trial.checks.push(CheckResult { check, outcome, evidence, at, subject: None });
    }

    /// Counts and `H_set` of every collection, order of capped ones, and inserted = sent.
    fn documents(&self, outcome: &Outcome, trial: &mut Trial) {
        let (mut documents, mut order, mut inserted) = (Vec::new(), Vec::new(), Vec::new());
        let mut capped = 0;
        for scratch in self.scratches {
            let own = |index: usize| self.origin.definitions[index].database == scratch.source;
            let rebuilt: Vec<_> = outcome.collections.iter().filter(|rebuilt| own(rebuilt.index)).collect();
            let read = rebuilt.iter().map(|rebuilt| rebuilt.digest.documents).sum();
            let sent = rebuilt.iter().map(|rebuilt| rebuilt.loaded.documents).sum();
            let equal = rebuilt.iter().filter(|rebuilt| rebuilt.differences.is_empty()).count();
            let name = scratch.database.name();
            documents.push(words::compared(name, &scratch.source, read, equal, rebuilt.len()));
            inserted.push(words::inserted(name, sent));
            capped += rebuilt.iter().filter(|rebuilt| self.origin.definitions[rebuilt.index].is_capped()).count();
        }
        for difference in &outcome.refused {
            let namespace = self.named(&difference.namespace);
            let what = words::document(difference.id.as_deref(), &difference.what);
            trial.findings.push(Finding::new(Severity::High, Check::Inserted, Some(&namespace), what));
        }
        for rebuilt in &outcome.collections {
            let expected = &self.origin.survey.namespaces[rebuilt.index];
            let namespace = self.origin.definitions[rebuilt.index].namespace();
            if rebuilt.loaded.documents != expected.digest.documents {
                let what = words::short(expected.digest.documents, rebuilt.loaded.documents);
                trial.findings.push(Finding::new(Severity::High, Check::Inserted, Some(&namespace), what));
            }
            for difference in &rebuilt.differences {
                let check = if difference.what == ORDER { Check::RestoredOrder } else { Check::RestoredDocuments };
                let what = match &difference.id {
                    None if check == Check::RestoredDocuments => words::digest(&expected.digest, &rebuilt.digest),
                    id => words::document(id.as_deref(), &difference.what),
                };
                let finding = Finding::new(Severity::High, check, Some(&namespace), what);
                trial.findings.push(finding.remedy(words::DO_NOT_TRUST));
            }
        }
        let lost = self.origin.definitions.iter().enumerate().filter(|(index, definition)| {
            definition.kind != Kind::View && !outcome.collections.iter().any(|rebuilt| rebuilt.index == *index)
        });
        for (_, definition) in lost {
            let namespace = definition.namespace();
            let finding = Finding::new(Severity::High, Check::RestoredDocuments, Some(&namespace), words::NOT_RESTORED);
            trial.findings.push(finding);
        }
        if capped > 0 {
            order.push(words::capped(capped));
        }
        let failed = |trial: &Trial, check| trial.findings.iter().any(|finding| finding.check == check);
        for (check, evidence) in
            [(Check::Inserted, inserted), (Check::RestoredDocuments, documents), (Check::RestoredOrder, order)]
        {
            let failed = failed(trial, check);
            self.note(trial, check, failed, evidence);
        }
    }

    fn definitions(&self, outcome: &Outcome, trial: &mut Trial) {
        for difference in &outcome.definitions {
            let (check, namespace) = (Check::RestoredDefinitions, self.named(&difference.namespace));
            trial.findings.push(Finding::new(Severity::High, check, Some(&namespace), &difference.what));
        }
        let indexes = self.origin.definitions.iter().flat_map(|definition| definition.indexes.iter().flatten()).count();
        let mut evidence = vec![words::defined(self.origin.definitions.len(), indexes)];
        if !outcome.left_out.is_empty() {
            let names: Vec<String> = outcome.left_out.iter().map(|namespace| self.named(namespace)).collect();
            evidence.push(words::ttl_left_out(&names));
        }
        self.note(trial, Check::RestoredDefinitions, !outcome.definitions.is_empty(), evidence);
    }

    async fn gridfs(&self, trial: &mut Trial) -> anyhow::Result<()> {
        let mut evidence = Vec::new();
        for scratch in self.scratches {
            let own = || self.origin.definitions.iter().filter(|definition| definition.database == scratch.source);
            for files in own().filter_map(|definition| definition.collection.strip_suffix(".files")) {
                if !own().any(|definition| definition.collection.strip_suffix(".chunks") == Some(files)) {
                    continue;
                }
                let namespace = format!("{}.{files}", scratch.source);
                let bucket = gridfs::look(&scratch.database, files).await?;
                evidence.push(words::bucket(&namespace, &bucket));
                // The documents are the backup's, compared above: what is incomplete here was incomplete there.
                if bucket.incomplete_files > 0 || bucket.orphans > 0 {
                    let what = words::incomplete(&bucket);
                    trial.findings.push(Finding::new(Severity::Info, Check::Gridfs, Some(&namespace), what));
                }
            }
        }
        self.note(trial, Check::Gridfs, false, evidence);
        Ok(())
    }

    async fn views(&self, trial: &mut Trial) -> anyhow::Result<()> {
        let mut evidence = Vec::new();
        let mut is_failed = false;
        for view in self.origin.definitions.iter().filter(|definition| definition.kind == Kind::View) {
            let Some(scratch) = self.scratches.iter().find(|scratch| scratch.source == view.database) else { continue };
            let namespace = view.namespace();
            match views::ask(&scratch.database, view).await? {
                Answer::Same(documents) => evidence.push(words::view(&namespace, documents)),
                Answer::Different => {
                    is_failed = true;
                    let finding = Finding::new(Severity::High, Check::RestoredViews, Some(&namespace), words::VIEW);
                    trial.findings.push(finding);
                }
                Answer::Unanswered(why) => {
                    let what = words::view_unanswered(&why);
                    trial.findings.push(Finding::new(Severity::Info, Check::RestoredViews, Some(&namespace), what));
                }
            }
        }
        self.note(trial, Check::RestoredViews, is_failed, evidence);
        Ok(())
    }

    /// The included namespaces with what was found of them.
    fn namespaces(&self, outcome: &Outcome, trial: &mut Trial) {
        let namespaces = self.backup.private.namespaces.iter().enumerate().map(|(index, namespace)| {
            let name = format!("{}.{}", namespace.database, namespace.name);
            let is_bad = |finding: &Finding| {
                finding.severity != Severity::Info && finding.namespace.as_deref() == Some(name.as_str())
            };
            let equal = !trial.findings.iter().any(is_bad);
            let rebuilt = outcome.collections.iter().find(|rebuilt| rebuilt.index == index);
            let restored = match rebuilt {
                Some(rebuilt) => Restored {
                    documents: i64::try_from(rebuilt.digest.documents).unwrap_or(i64::MAX),
                    h_set: rebuilt.digest.h_set_hex(),
                    equal,
                },
                // A view has no documents of its own.
                None => Restored { documents: 0, h_set: namespace.h_set.clone(), equal },
            };
            let is_known = rebuilt.is_some() || namespace.kind == Kind::View.as_str();
            Namespace { restored: is_known.then_some(restored), ..namespace.clone() }
        });
        trial.namespaces = namespaces.collect();
    }

    async fn controls(&self, outcome: &Outcome, trial: &mut Trial) -> anyhow::Result<()> {
        let controls = [
            controls::flipped_bit(self.backup, self.opener, self.judge).await?,
            controls::deleted_document(&self.depot.db, self.origin, self.scratches, &outcome.collections, self.judge)
                .await?,
            controls::dropped_index(self.origin, self.scratches, &outcome.definitions, self.judge).await?,
        ];
        let mut evidence = Vec::new();
        let mut is_missed = false;
        for control in controls {
            match control {
                Control::Found(what) => evidence.push(words::control_found(&what)),
                Control::Nothing(why) => evidence.push(why),
                Control::Missed(what) => {
                    is_missed = true;
                    let finding = Finding::new(Severity::High, Check::Control, None, words::control_missed(&what));
                    trial.findings.push(finding.remedy(words::DO_NOT_TRUST));
                }
            }
        }
        self.note(trial, Check::Control, is_missed, evidence);
        Ok(())
    }
}
