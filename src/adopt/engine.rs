//! A whole run: look-ups, rows in batches, rows that vanished, the report.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use bson::{Bson, DateTime, RawDocument, RawDocumentBuf, doc};
use futures::TryStreamExt;

use super::batch::{self, Proposal, Settled, document_id};
use super::leaf::{id_bytes, leaf};
use super::lease::Lease;
use super::ledger::{Entry, Key, Kind, StoredFinding, Target};
use super::report::RuleReport;
use super::rule::{Adopt, Frozen, LookUp, Noticed, Outcome, Rule};
use super::shift::Shift;
use crate::db::read_only::ReadOptions;
use crate::db::{Db, ReadOnlyDb, with_transaction};

/// A row that was adopted once and is no longer in the legacy database. Its document stays.
pub const SOURCE_VANISHED: Noticed = Noticed::kept("source_vanished");

/// Rows per transaction: small enough for any server's limits on one.
const BATCH_ROWS: usize = 200;
/// Bytes of rows per transaction.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Server time for reading one legacy collection from end to end.
const READ_TIME: Duration = Duration::from_secs(30 * 60);

/// What is going on, for whoever watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A rule loads what it looks up.
    Preparing {
        /// The rule.
        rule: &'a str,
    },
    /// Rows are through.
    Rows {
        /// The rule.
        rule: &'a str,
        /// How many so far.
        read: u64,
    },
}

/// The handles of a run.
pub struct Run<'a> {
    /// The live database.
    pub db: &'a Db,
    /// The connection to the legacy database; it can't write.
    pub legacy: &'a ReadOnlyDb,
    /// The legacy database.
    pub source: &'a str,
    /// The right to write.
    pub lease: &'a Lease,
    /// The run's id.
    pub id: &'a str,
    /// By how much business dates move.
    pub shift: Shift,
    /// Who watches.
    pub progress: &'a (dyn Fn(Progress<'_>) + Send + Sync),
    /// Whole collections that rules look up, read once.
    pub rows: RowCache,
}

/// Whole legacy collections by name.
pub type RowCache = HashMap<&'static str, Arc<Vec<RawDocumentBuf>>>;

impl Run<'_> {
    /// Runs one rule over its whole collection. Answers with its report so far, and the rows that wait for another one to
    /// give up a value that only one may have.
    pub async fn apply(&mut self, rule: &dyn Rule) -> anyhow::Result<(RuleReport, Vec<Proposal>)> {
        (self.progress)(Progress::Preparing { rule: rule.name() });
        let mut report = RuleReport::of(rule);
        report.source_exists = self.exists(rule.source()).await?;
        let frozen = self.freeze(rule).await?;
        let prepared = rule.prepare(&frozen);
        drop(frozen);

        let command = doc! { "find": rule.source(), "filter": rule.filter() };
        let options = ReadOptions::within(READ_TIME).batches_of(BATCH_ROWS as u32);
        let mut rows = self.legacy.cursor(self.source, command, options).await?;
        let mut batch = Batch::default();
        let mut deferred = Vec::new();
        while let Some(row) = rows.try_next().await? {
            batch.bytes += row.as_bytes().len();
            batch.proposals.push(self.propose(rule, prepared.as_ref(), &row)?);
            if batch.is_full() {
                deferred.extend(self.settle(rule, std::mem::take(&mut batch), &mut report).await?);
            }
        }
        deferred.extend(self.settle(rule, batch, &mut report).await?);
        self.find_vanished(rule, &mut report).await?;
        Ok((report, deferred))
    }

    async fn exists(&self, collection: &str) -> anyhow::Result<bool> {
        Ok(collections(self.legacy, self.source).await?.contains(collection))
    }

    async fn freeze(&mut self, rule: &dyn Rule) -> anyhow::Result<Frozen> {
        let mut frozen = Frozen::default().with_shift(self.shift);
        for look_up in rule.look_ups() {
            self.lease.keep(self.db).await?;
            frozen = match look_up {
                LookUp::Source { collection, fields } => {
                    let command = doc! { "find": collection, "filter": {}, "projection": projection(fields) };
                    let rows = self.legacy.cursor(self.source, command, ReadOptions::within(READ_TIME)).await?;
                    frozen.with_source(collection, rows.try_collect::<Vec<_>>().await?)
                }
                LookUp::Rows { collection } => frozen.with_source(collection, self.whole(collection).await?),
                LookUp::Local { fields } => frozen.with_local(self.local(rule, fields).await?),
            };
        }
        Ok(frozen)
    }

    /// Every row of a legacy collection.
    async fn whole(&mut self, collection: &'static str) -> anyhow::Result<Arc<Vec<RawDocumentBuf>>> {
        if let Some(rows) = self.rows.get(collection) {
            return Ok(rows.clone());
        }
        let command = doc! { "find": collection, "filter": {} };
        let rows = self.legacy.cursor(self.source, command, ReadOptions::within(READ_TIME)).await?;
        let rows = Arc::new(rows.try_collect::<Vec<_>>().await?);
        self.rows.insert(collection, rows.clone());
        Ok(rows)
    }

    /// The documents of the target that the ledger doesn't know.
    async fn local(&self, rule: &dyn Rule, fields: &[&str]) -> anyhow::Result<Vec<RawDocumentBuf>> {
        let collection = rule.target().collection;
        let documents = self.db.live.collection::<RawDocumentBuf>(collection);
        let mut cursor = documents.find(doc! {}).projection(projection(fields)).await?;
        let (mut local, mut chunk) = (Vec::new(), Vec::new());
        loop {
            let next = cursor.try_next().await?;
            let is_end = next.is_none();
            chunk.extend(next);
            if chunk.len() == BATCH_ROWS || is_end {
                let ids: Vec<Bson> = chunk.iter().map(document_id).collect::<anyhow::Result<_>>()?;
                let filter = doc! { "target.collection": collection, "target.id": { "$in": ids } };
                let entries: Vec<Entry> = self.db.stored::<Entry>().find(filter).await?.try_collect().await?;
                let ours: HashSet<Vec<u8>> =
                    entries.iter().filter_map(|e| Some(raw_id(&e.target.as_ref()?.id))).collect();
                local.extend(chunk.drain(..).filter(|document| !ours.contains(&id_bytes(document))));
            }
            if is_end {
                return Ok(local);
            }
        }
    }

    fn propose(&self, rule: &dyn Rule, prepared: &dyn Adopt, row: &RawDocumentBuf) -> anyhow::Result<Proposal> {
        let adopted = prepared.adopt(row);
        let (outcome, placed, folded_into) = match adopted.outcome {
            Outcome::Write(document) => (Kind::Written, Some((rule.target().collection, document)), None),
            Outcome::Move { collection, document } => (Kind::Moved, Some((collection, document)), None),
            Outcome::Fold { into } => (Kind::Folded, None, Some(into)),
            Outcome::Refuse => (Kind::Refused, None, None),
        };
        let document = placed.as_ref().map(|(_, document)| RawDocumentBuf::try_from(document)).transpose()?;
        let target = match (&placed, &document) {
            (Some((collection, _)), Some(document)) => {
                Some(Target { collection: (*collection).to_owned(), id: document_id(document)?, leaf: leaf(document) })
            }
            _ => None,
        };
        let entry = Entry {
            key: Key { rule: rule.name().to_owned(), source: document_id(row)? },
            rule: rule.name().to_owned(),
            id: adopted.id,
            source_leaf: leaf(row),
            rule_version: rule.version(),
            outcome,
            target,
            folded_into,
            findings: adopted.findings.iter().copied().map(StoredFinding::from).collect(),
            run: self.id.to_owned(),
            at: DateTime::now(),
        };
        Ok(Proposal { entry, document, findings: adopted.findings })
    }

    /// Settles a batch and counts it; returns the rows that have to wait.
    async fn settle(&self, rule: &dyn Rule, batch: Batch, report: &mut RuleReport) -> anyhow::Result<Vec<Proposal>> {
        let settled = self.transact(rule, &batch.proposals, false).await?;
        count(&batch.proposals, &settled, report);
        (self.progress)(Progress::Rows { rule: rule.name(), read: report.read });
        let waiting: HashSet<usize> = settled.deferred.into_iter().collect();
        let proposals = batch.proposals.into_iter().enumerate();
        Ok(proposals.filter(|(at, _)| waiting.contains(at)).map(|(_, proposal)| proposal).collect())
    }

    /// Settles the rows that waited, all together: two rows that swap a value can only do it in one transaction.
    pub async fn settle_last(
        &self,
        rule: &dyn Rule,
        proposals: Vec<Proposal>,
        report: &mut RuleReport,
    ) -> anyhow::Result<()> {
        if proposals.is_empty() {
            return Ok(());
        }
        let settled = self.transact(rule, &proposals, true).await?;
        count(&proposals, &settled, report);
        (self.progress)(Progress::Rows { rule: rule.name(), read: report.read });
        Ok(())
    }

    async fn transact(&self, rule: &dyn Rule, proposals: &[Proposal], last: bool) -> anyhow::Result<Settled> {
        if proposals.is_empty() {
            return Ok(Settled::default());
        }
        self.lease.keep(self.db).await?;
        with_transaction(self.db, |session| {
            Box::pin(batch::settle(self.db, session, self.lease, rule, proposals, last))
        })
        .await
    }

    /// Names the rows that were adopted once and aren't there any more.
    async fn find_vanished(&self, rule: &dyn Rule, report: &mut RuleReport) -> anyhow::Result<()> {
        let mut entries = self.db.stored::<Entry>().find(doc! { "rule": rule.name() }).await?;
        let mut chunk: Vec<Entry> = Vec::new();
        loop {
            let next = entries.try_next().await?;
            let is_end = next.is_none();
            chunk.extend(next);
            if chunk.len() == BATCH_ROWS || is_end {
                self.lease.keep(self.db).await?;
                let ids: Vec<Bson> = chunk.iter().map(|entry| entry.key.source.clone()).collect();
                let command =
                    doc! { "find": rule.source(), "filter": { "_id": { "$in": ids } }, "projection": { "_id": 1 } };
                let rows = self.legacy.cursor(self.source, command, ReadOptions::within(READ_TIME)).await?;
                let there: HashSet<Vec<u8>> = rows.map_ok(|row| id_bytes(&row)).try_collect().await?;
                for entry in chunk.drain(..).filter(|entry| !there.contains(&raw_id(&entry.key.source))) {
                    report.find(&entry.id, SOURCE_VANISHED);
                }
            }
            if is_end {
                return Ok(());
            }
        }
    }
}

#[derive(Default)]
struct Batch {
    proposals: Vec<Proposal>,
    bytes: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.proposals.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }
}

/// Counts the rows that are settled, with everything noticed about them.
fn count(proposals: &[Proposal], settled: &Settled, report: &mut RuleReport) {
    for (at, tally, beyond) in &settled.rows {
        let proposal = &proposals[*at];
        report.count(*tally);
        for noticed in proposal.findings.iter().chain(beyond) {
            report.find(&proposal.entry.id, *noticed);
        }
    }
}

fn projection(fields: &[&str]) -> bson::Document {
    fields.iter().map(|field| ((*field).to_owned(), Bson::Int32(1))).collect()
}

fn raw_id(id: &Bson) -> Vec<u8> {
    let holder = RawDocumentBuf::try_from(&doc! { "_id": id.clone() });
    holder.map_or_else(|_| Vec::new(), |holder| id_bytes(AsRef::<RawDocument>::as_ref(&holder)))
}

/// The names of the collections of a database; none when there is no such database.
pub async fn collections(legacy: &ReadOnlyDb, database: &str) -> anyhow::Result<HashSet<String>> {
    let command = doc! { "listCollections": 1, "nameOnly": true };
    let listed = legacy.cursor(database, command, ReadOptions::default()).await?;
    let names: Vec<RawDocumentBuf> = listed.try_collect().await?;
    Ok(names.iter().filter_map(|entry| entry.get_str("name").ok().map(str::to_owned)).collect())
}
