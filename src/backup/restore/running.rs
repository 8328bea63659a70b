//! A confirmed restore, from its record to the proof; and again from where it was, when it was interrupted.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bson::doc;
use futures::future::BoxFuture;
use tokio::sync::watch;

use super::contents::Contents;
use super::interlocks;
use super::judge::Strict;
use super::origin::Origin;
use super::planning::still_holds;
use super::rebuild::{Deleting, Marks, OnDifference, Outcome, Rebuild};
use super::records::{Mode, RestorePlan};
use super::scratch;
use super::standing::find;
use super::watching::Watching;
use crate::backup::Depot;
use crate::backup::decrypt;
use crate::backup::keys::Opener;
use crate::backup::model::{
    BackupId, Check, CheckResult, Finding, Namespace, Outcome as CheckOutcome, Progress, Restored, Severity,
};
use crate::backup::record::RestoreRecord;
use crate::backup::take::definition_hash;
use crate::db::date;
use crate::dump::{Definition, Kind, Source};
use crate::failure::Failure;
use crate::i18n::backup::restore as words;
use crate::import::plan::Plan;
use crate::import::{Cause, Progress as Told, Silent, abilities};

/// How often progress is put on record at most.
const TOLD_EVERY: Duration = Duration::from_millis(500);
/// How often a restore says that it lives, even when nothing moves.
const BEATS_EVERY: Duration = Duration::from_secs(2);

/// Opens what a restore reads from: a backup on record, the folder of one, or a local dump.
pub async fn open(depot: &Depot, source: &str, told: Arc<dyn Told>) -> anyhow::Result<Origin> {
    let opener = || -> anyhow::Result<Opener> { Ok(depot.keys()?.opener) };
    if let Some(id) = BackupId::parse(source) {
        return Origin::stored(&decrypt::stored(depot, &id, &opener()?).await?).await;
    }
    let path = Path::new(source);
    if path.join(crate::backup::container::MANIFEST).is_file() {
        return Origin::stored(&decrypt::in_folder(path, &opener()?).await?).await;
    }
    ensure!(path.exists(), words::nothing_there(source));
    Origin::local(Source::Path(path.to_owned()), told).await
}

/// Does a restore that is on record as running. What isn't equal ends it as failed, on record and in the result; `Err` is a
/// fault, after which it can be gone on with.
pub async fn execute(depot: &Depot, database: &str) -> anyhow::Result<RestoreRecord> {
    let record = find(depot, database).await?.with_context(|| words::no_restore(database))?;
    if record.state != "running" {
        return Ok(record);
    }
    let origin = open(depot, &record.source, Arc::new(Silent)).await?;
    execute_from(depot, &record, &origin).await
}

/// The same with a source that is open already.
pub async fn execute_from(depot: &Depot, record: &RestoreRecord, origin: &Origin) -> anyhow::Result<RestoreRecord> {
    let plan_id = record.plan.as_deref().unwrap_or_default();
    let plan = depot.ops.stored::<RestorePlan>().find_one(doc! { "_id": plan_id, "target": &record.database }).await?;
    let plan = plan.filter(|plan| plan.used_at.is_some()).with_context(|| words::no_restore(&record.database))?;
    let restoring = Restoring { depot, record, plan: &plan, origin };
    let (progress, watching) = watch::channel(Progress::default());
    let result = tokio::select! {
        result = restoring.run(&progress) => result,
        lost = tell(depot, &record.database, watching) => Err(Cause::Fault(lost)),
    };
    match result {
        Ok(outcome) => restoring.done(&outcome).await?,
        Err(Cause::Fault(fault)) => return Err(fault),
        Err(cause) => restoring.failed(cause).await?,
    }
    find(depot, &record.database).await?.with_context(|| words::no_restore(&record.database))
}

/// Puts progress on record while the restore runs; ends only by failing.
async fn tell(depot: &Depot, database: &str, mut watching: watch::Receiver<Progress>) -> anyhow::Error {
    loop {
        // Nothing new within the time: the heart beats all the same.
        if let Ok(Err(_)) = tokio::time::timeout(BEATS_EVERY, watching.changed()).await {
            std::future::pending::<()>().await;
        }
        let progress = watching.borrow_and_update().clone();
        let stored = async {
            let now = date(depot.clock.now());
            let set = doc! { "$set": { "progress": bson::serialize_to_bson(&progress)?, "heartbeat_at": now } };
            let running = doc! { "_id": database, "state": "running" };
            depot.ops.stored::<RestoreRecord>().update_one(running, set).await?;
            anyhow::Ok(())
        };
        if let Err(lost) = stored.await {
            return lost;
        }
        tokio::time::sleep(TOLD_EVERY).await;
    }
}

struct Restoring<'a> {
    depot: &'a Depot,
    record: &'a RestoreRecord,
    plan: &'a RestorePlan,
    origin: &'a Origin,
}

impl Restoring<'_> {
    async fn run(&self, progress: &watch::Sender<Progress>) -> Result<Outcome, Cause> {
        if !still_holds(self.plan, &Contents::of_origin(&self.plan.source, self.origin)) {
            return Err(stop(&self.record.database, words::SOURCE_CHANGED));
        }
        if self.record.begun_at.is_some() {
            scratch::start_over(self.depot, self.record).await?;
        }
        let chosen = |definition: &Definition| {
            definition.database == self.plan.source_database
                && self.plan.contents.iter().any(|content| content.name == definition.collection)
        };
        let plan = self.origin.plan(|definition| chosen(definition).then(|| self.record.database.clone()));
        let finished: BTreeSet<usize> = plan
            .loads()
            .filter(|(_, definition, _)| self.record.finished.contains(&definition.collection))
            .map(|(index, ..)| index)
            .collect();
        let documents = u64::try_from(self.plan.documents()).unwrap_or(0);
        if self.record.begun_at.is_none() {
            self.begin(&plan).await?;
        }
        let watching = Watching::new(progress, self.plan.contents.len(), documents);
        let rebuild = Rebuild {
            db: &self.depot.db,
            origin: self.origin,
            plan: &plan,
            judge: &Strict,
            progress: &watching,
            deleting: if self.plan.mode == Mode::Preview { Deleting::LeftOut } else { Deleting::Last },
            on_difference: OnDifference::Stop,
            finished,
            marks: Some(self),
        };
        rebuild.run().await
    }

    /// The first time: nothing may be there, and everything must be possible.
    async fn begin(&self, plan: &Plan) -> Result<(), Cause> {
        let database = &self.record.database;
        let restores = self.depot.ops.stored::<RestoreRecord>();
        self.is_possible(plan).await?;
        let existing = self.depot.db.client.list_database_names().await?;
        if existing.iter().any(|name| name.eq_ignore_ascii_case(database)) {
            return Err(stop(database, &words::exists(database)));
        }
        if interlocks::deployment(self.depot).await?.cluster != self.plan.deployment {
            return Err(stop(database, words::OTHER_DEPLOYMENT));
        }
        match interlocks::check_server(self.depot, self.plan.bytes(), self.origin.server_version.as_deref()).await {
            Err(Failure::Fault(fault)) => return Err(Cause::Fault(anyhow::anyhow!("{fault:#}"))),
            Err(refused) => return Err(stop(database, &words::refusal(refused))),
            Ok(()) => {}
        }
        let first = doc! { "_id": database, "state": "running", "begun_at": null };
        let begun = doc! { "$set": { "begun_at": date(self.depot.clock.now()) } };
        if restores.update_one(first, begun).await?.matched_count == 0 {
            return Err(Cause::Superseded { database: database.clone() });
        }
        Ok(())
    }

    /// A dump from anywhere may hold what this server can't; what a backup of ours holds, a server has held.
    async fn is_possible(&self, plan: &Plan) -> Result<(), Cause> {
        if self.origin.root.is_some() {
            return Ok(());
        }
        let mut refusals = self.origin.survey.refusals.clone();
        refusals.retain(|refusal| plan.loads().any(|(_, definition, _)| definition.namespace() == refusal.namespace));
        refusals.extend(abilities::refusals(&self.depot.db, plan, &self.origin.survey).await?);
        if refusals.is_empty() { Ok(()) } else { Err(Cause::Refused(refusals)) }
    }

    async fn done(&self, outcome: &Outcome) -> anyhow::Result<()> {
        let at = date(self.depot.clock.now());
        let chosen = self.plan.contents.iter().filter_map(|content| {
            let own = |definition: &&Definition| {
                definition.database == self.plan.source_database && definition.collection == content.name
            };
            let index = self.origin.definitions.iter().position(|definition| own(&definition))?;
            Some(self.restored(index, outcome))
        });
        let collections: Vec<Namespace> = chosen.collect();
        let documents: i64 = collections.iter().filter_map(|n| Some(n.restored.as_ref()?.documents)).sum();
        let indexes = collections.iter().map(|namespace| namespace.indexes as usize).sum();
        let evidence = [
            (Check::RestoredDocuments, words::restored(&self.record.database, documents, collections.len())),
            (Check::RestoredDefinitions, words::defined(collections.len(), indexes)),
        ];
        let checks = evidence.map(|(check, evidence)| CheckResult {
            check,
            outcome: CheckOutcome::Passed,
            evidence: vec![evidence],
            at,
            subject: None,
        });
        let left_out = outcome.left_out.iter().map(|namespace| {
            Finding::new(Severity::Info, Check::RestoredDefinitions, Some(namespace), words::TTL_LEFT_OUT_PREVIEW)
        });
        let set = doc! {
            "state": "done",
            "finished_at": at,
            "collections": bson::serialize_to_bson(&collections)?,
            "checks": bson::serialize_to_bson(&checks)?,
            "findings": bson::serialize_to_bson(&left_out.collect::<Vec<_>>())?,
        };
        self.end(set).await
    }

    /// A collection of the origin with what was found of it.
    fn restored(&self, index: usize, outcome: &Outcome) -> Namespace {
        let definition = &self.origin.definitions[index];
        let surveyed = &self.origin.survey.namespaces[index];
        let rebuilt = outcome.collections.iter().find(|rebuilt| rebuilt.index == index);
        let digest = rebuilt.map_or(surveyed.digest, |rebuilt| rebuilt.digest);
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let is_known = rebuilt.is_some() || definition.kind == Kind::View;
        Namespace {
            database: definition.database.clone(),
            name: definition.collection.clone(),
            kind: definition.kind.as_str().into(),
            documents: number(surveyed.digest.documents),
            bytes: number(surveyed.digest.bytes),
            h_set: surveyed.digest.h_set_hex(),
            h_stream: surveyed.order.map(hex::encode).unwrap_or_default(),
            crc: String::new(),
            h_def: hex::encode(definition_hash(definition)),
            indexes: definition.indexes.as_ref().map_or(0, |indexes| i32::try_from(indexes.len()).unwrap_or(i32::MAX)),
            is_capped: definition.is_capped(),
            metadata: String::new(),
            // A difference would have stopped everything.
            restored: is_known.then(|| Restored {
                documents: number(digest.documents),
                h_set: digest.h_set_hex(),
                equal: true,
            }),
        }
    }

    async fn failed(&self, cause: Cause) -> anyhow::Result<()> {
        let mut findings = Vec::new();
        if let Cause::Different(differences) = &cause {
            findings.extend(differences.iter().map(|difference| {
                let what = words::document(difference.id.as_deref(), &difference.what);
                Finding::new(Severity::High, Check::RestoredDocuments, Some(&difference.namespace), what)
            }));
        }
        let error = words::failed(&findings, &crate::import::Failure::from(cause));
        let findings = bson::serialize_to_bson(&findings)?;
        let now = date(self.depot.clock.now());
        self.end(doc! { "state": "failed", "finished_at": now, "findings": findings, "error": error }).await
    }

    async fn end(&self, set: bson::Document) -> anyhow::Result<()> {
        let running = doc! { "_id": &self.record.database, "state": "running" };
        let ended = self.depot.ops.stored::<RestoreRecord>().update_one(running, doc! { "$set": set }).await?;
        ensure!(ended.matched_count == 1, words::no_restore(&self.record.database));
        Ok(())
    }
}

impl Marks for Restoring<'_> {
    fn finished<'a>(&'a self, definition: &'a Definition) -> BoxFuture<'a, anyhow::Result<()>> {
        Box::pin(async move {
            let running = doc! { "_id": &self.record.database, "state": "running" };
            let push = doc! { "$addToSet": { "finished": &definition.collection } };
            let marked = self.depot.ops.stored::<RestoreRecord>().update_one(running, push).await?;
            ensure!(marked.matched_count == 1, words::no_restore(&self.record.database));
            Ok(())
        })
    }
}

/// Ends a restore for good, in words.
fn stop(database: &str, why: &str) -> Cause {
    let difference = crate::import::Difference { namespace: database.into(), id: None, what: why.into() };
    Cause::Different(vec![difference])
}
