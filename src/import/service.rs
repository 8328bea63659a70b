//! The import from beginning to end, and the removal of one that never ended.
//!
//! Survey (nothing is written) → record → create and load → read back and compare → indexes → compare definitions → views →
//! expiry → compare definitions again → record finished. Any difference stops the run; nothing is continued through.

use std::time::{Duration, Instant};

use bson::{DateTime, doc};
use jiff::Timestamp;

use super::abilities;
use super::catalogue::{self, Wanted};
use super::definitions::{self, Views};
use super::failure::{Cause, Difference, Failure};
use super::load;
use super::options::Options;
use super::plan::{Decision, Plan};
use super::progress::{Event, Progress, Stage};
use super::record::{self, Record, RecordedHost, RecordedSource, State};
use super::report::{Imported, Report, Skipped};
use super::survey::{self, Survey};
use super::verify::{self, Expected};
use crate::audit::{self, Action, Entry, Who};
use crate::db::Db;
use crate::dump::compare::Expiry;
use crate::dump::{Definition, Format, Kind, Overview, Source, names};
use crate::i18n::import as words;

/// How long a dropped database has to stay away. One batch of an import takes well under a second.
const STAYS_AWAY: Duration = Duration::from_secs(2);

/// Imports a dump. Databases it began to make and did not finish are named in the failure and stay on record.
pub async fn run(
    db: &Db,
    source: Source,
    options: &Options,
    progress: std::sync::Arc<dyn Progress>,
) -> Result<Report, Failure> {
    let (overview, plan) = prepare(db, &source, options, &*progress).await?;
    let survey = {
        let (source, plan, progress) = (source.clone(), plan.clone(), progress.clone());
        let surveying = tokio::task::spawn_blocking(move || survey::survey(&source, &plan, &*progress));
        surveying.await.map_err(|error| Cause::Fault(error.into()))??
    };
    let mut refusals = survey.refusals.clone();
    refusals.extend(abilities::refusals(db, &plan, &survey).await?);
    if !refusals.is_empty() {
        return Err(Cause::Refused(refusals).into());
    }
    let run = uuid::Uuid::now_v7().to_string();
    let databases = plan.databases();
    claim(db, &source, &overview, &databases, &run).await?;
    let import = Import { db, source: &source, plan: &plan, survey: &survey, run: &run, progress: &*progress };
    match import.write_and_verify().await {
        Ok(()) => {}
        Err(cause) => {
            let mut failure = Failure::from(cause);
            let why = failure.to_string();
            for (database, _) in &databases {
                // The failure in hand is the one that matters; an unreachable record stays unfinished anyway.
                let _ = record::fail(db, database, &run, &why).await;
            }
            failure.unfinished = databases.into_iter().map(|(database, _)| database).collect();
            return Err(failure);
        }
    }
    let report = report(&overview, &plan, &survey);
    finish(db, &databases, &run, &report).await.map_err(|cause| Failure {
        cause,
        unfinished: databases.iter().map(|(database, _)| database.clone()).collect(),
    })?;
    put_on_record(db, &source, &databases, &report).await?;
    Ok(report)
}

/// The audit log says that the import was made; whoever reads it there sees what it brought.
async fn put_on_record(db: &Db, source: &Source, databases: &[(String, String)], report: &Report) -> Result<(), Cause> {
    let names: Vec<&str> = databases.iter().map(|(database, _)| database.as_str()).collect();
    let documents: i64 = report.collections.iter().map(|imported| imported.documents as i64).sum();
    let entry = Entry::new(Action::ImportRun).target("database", names.join(", ")).details(doc! {
        "source": source.name(),
        "collections": report.collections.len() as i64,
        "documents": documents,
    });
    audit::record_as(db, Timestamp::now(), Who::command_line(), entry)
        .await
        .map_err(|failure| Cause::Fault(anyhow::anyhow!("recording the import in the audit log: {failure:?}")))
}

/// Removes a database whose import never finished, and nothing else. Repeatable after a crash.
pub async fn discard(db: &Db, database: &str) -> Result<(), Failure> {
    let is_live = database.eq_ignore_ascii_case(db.live.name());
    if is_live || names::check_database(database).is_err() || matches!(database, "admin" | "config" | "local") {
        return Err(Cause::NotDiscardable { database: database.into() }.into());
    }
    if !record::claim_discard(db, database).await.map_err(Cause::from)? {
        return Err(Cause::NotDiscardable { database: database.into() }.into());
    }
    remove(db, database).await.map_err(Cause::from)?;
    record::discarded(db, database).await.map_err(Cause::from)?;
    Ok(())
}

/// Drops a claimed database until it stays away: an insert that was under way when an import was killed may still arrive
/// and bring its collection back. Whoever calls has claimed it on record.
pub(crate) async fn remove(db: &Db, database: &str) -> mongodb::error::Result<()> {
    loop {
        db.client.database(database).drop().await?;
        let dropped = Instant::now();
        let mut is_back = false;
        while !is_back && dropped.elapsed() < STAYS_AWAY {
            tokio::time::sleep(STAYS_AWAY / 10).await;
            is_back = db.client.list_database_names().await?.iter().any(|name| name == database);
        }
        if !is_back {
            return Ok(());
        }
    }
}

/// Everything that can be refused without reading a document.
async fn prepare(
    db: &Db,
    source: &Source,
    options: &Options,
    progress: &dyn Progress,
) -> Result<(Overview, Plan), Cause> {
    let overview = {
        let source = source.clone();
        let opening = tokio::task::spawn_blocking(move || source.open().map(|reader| reader.overview().clone()));
        opening.await.map_err(|error| Cause::Fault(error.into()))??
    };
    survey::announce(source, &overview, progress);
    let plan = Plan::new(&overview, options, db.live.name()).map_err(Cause::Refused)?;
    for (definition, decision) in overview.definitions.iter().zip(&plan.decisions) {
        if let Decision::Skip { reason } = decision {
            progress.report(&Event::Skipped { namespace: &definition.namespace(), reason });
        }
    }
    for skipped in &plan.skipped_indexes {
        progress.report(&Event::Skipped { namespace: &skipped.namespace, reason: &skipped.reason });
    }
    for (database, _) in plan.databases() {
        check_free(db, &database).await?;
    }
    Ok((overview, plan))
}

/// A target must neither exist nor have an unfinished import on record.
async fn check_free(db: &Db, database: &str) -> Result<(), Cause> {
    if let Some(record) = record::find(db, database).await?
        && State::UNFINISHED.contains(&record.state)
    {
        return Err(Cause::Unfinished { database: database.into() });
    }
    let existing = db.client.list_database_names().await?;
    // Servers refuse names that differ only in case.
    match existing.into_iter().find(|name| name.eq_ignore_ascii_case(database)) {
        Some(database) => Err(Cause::Exists { database }),
        None => Ok(()),
    }
}

async fn claim(
    db: &Db,
    source: &Source,
    overview: &Overview,
    databases: &[(String, String)],
    run: &str,
) -> Result<(), Cause> {
    let format = match overview.format {
        Format::Archive => "archive",
        Format::Directory => "directory",
    };
    let now = DateTime::now();
    let records: Vec<Record> = databases
        .iter()
        .map(|(database, from)| Record {
            database: database.clone(),
            run: run.into(),
            state: State::Loading,
            source: RecordedSource {
                name: source.name(),
                format: format.into(),
                database: from.clone(),
                server_version: overview.server_version.clone(),
                tool_version: overview.tool_version.clone(),
            },
            host: RecordedHost { alias: db.server.host_alias.clone(), version: db.server.version.clone() },
            started_at: now,
            changed_at: now,
            finished_at: None,
            failure: None,
            collections: Vec::new(),
            skipped: Vec::new(),
        })
        .collect();
    // The survey may have taken long: look again, then claim. Whoever claims first wins.
    for (database, _) in databases {
        check_free(db, database).await?;
    }
    if record::begin(db, &records).await? {
        return Ok(());
    }
    let database = databases.first().map(|(database, _)| database.clone()).unwrap_or_default();
    Err(Cause::Unfinished { database })
}

struct Import<'a> {
    db: &'a Db,
    source: &'a Source,
    plan: &'a Plan,
    survey: &'a Survey,
    run: &'a str,
    progress: &'a dyn Progress,
}

impl Import<'_> {
    async fn write_and_verify(&self) -> Result<(), Cause> {
        for (_, definition, database) in self.plan.loads().filter(|(_, definition, _)| definition.kind != Kind::View) {
            catalogue::create(&self.db.client.database(database), definition)
                .await
                .map_err(|error| not_created(definition, database, error))?;
        }
        let loaded = load::load(self.db, self.source, self.plan, self.survey, self.progress, None).await?;
        self.advance(State::Loading, State::Verifying).await?;
        let mut differences = Vec::new();
        for (index, definition, database) in self.plan.loads() {
            let surveyed = &self.survey.namespaces[index];
            if definition.kind == Kind::View || (definition.kind == Kind::TimeSeries && surveyed.digest.documents == 0)
            {
                continue;
            }
            let expected = Expected { index, definition, database, form: loaded[index].form, surveyed };
            differences.extend(verify::verify(self.db, self.source, expected, self.progress).await?.differences);
        }
        stop_at(differences)?;
        self.advance(State::Verifying, State::Defining).await?;
        self.create_indexes(Wanted::Lasting).await?;
        self.compare(Expiry::Pending, false).await?;
        for (_, definition, database) in self.plan.loads().filter(|(_, definition, _)| definition.kind == Kind::View) {
            catalogue::create(&self.db.client.database(database), definition)
                .await
                .map_err(|error| not_created(definition, database, error))?;
        }
        self.create_indexes(Wanted::Expiring).await?;
        for (_, definition, database) in self.plan.loads().filter(|(_, definition, _)| catalogue::expires(definition)) {
            catalogue::set_expiry(&self.db.client.database(database), definition)
                .await
                .map_err(|error| not_created(definition, database, error))?;
        }
        self.compare(Expiry::Included, true).await
    }

    async fn create_indexes(&self, wanted: Wanted) -> Result<(), Cause> {
        for (index, definition, database) in
            self.plan.loads().filter(|(_, definition, _)| definition.kind != Kind::View)
        {
            let documents = self.survey.namespaces[index].digest.documents;
            let namespace = &format!("{database}.{}", definition.collection);
            self.progress.report(&Event::Running { stage: Stage::Define, namespace, documents, total: None });
            catalogue::create_indexes(&self.db.client.database(database), definition, wanted, documents)
                .await
                .map_err(|error| not_created(definition, database, error))?;
        }
        Ok(())
    }

    /// Compares every definition, and at the end also looks for namespaces nobody asked for.
    async fn compare(&self, expiry: Expiry, at_end: bool) -> Result<(), Cause> {
        let mut differences = Vec::new();
        for (name, _) in self.plan.databases() {
            let database = self.db.client.database(&name);
            let wanted = self.plan.loads().filter(|(_, _, database)| *database == name);
            let wanted: Vec<&Definition> = wanted.map(|(_, definition, _)| definition).collect();
            let with_views = if at_end { Views::Included } else { Views::Pending };
            differences
                .extend(definitions::differences(&database, &wanted, expiry, with_views, words::definition).await?);
        }
        stop_at(differences)
    }

    async fn advance(&self, from: State, to: State) -> Result<(), Cause> {
        for (database, _) in self.plan.databases() {
            if !record::advance(self.db, &database, self.run, from, to).await? {
                return Err(Cause::Superseded { database });
            }
        }
        Ok(())
    }
}

fn stop_at(differences: Vec<Difference>) -> Result<(), Cause> {
    if differences.is_empty() { Ok(()) } else { Err(Cause::Different(differences)) }
}

fn not_created(definition: &Definition, database: &str, error: impl Into<anyhow::Error>) -> Cause {
    let namespace = format!("{database}.{}", definition.collection);
    Cause::Fault(error.into().context(words::defining(&namespace)))
}

async fn finish(db: &Db, databases: &[(String, String)], run: &str, report: &Report) -> Result<(), Cause> {
    let mut records = Vec::new();
    for (database, from) in databases {
        let Some(mut record) = record::find(db, database).await? else {
            return Err(Cause::Superseded { database: database.clone() });
        };
        let own = report.collections.iter().filter(|imported| imported.database == *database);
        record.collections = own.map(Into::into).collect();
        let prefix = format!("{from}.");
        let own = report.skipped.iter().filter(|skipped| skipped.namespace.starts_with(&prefix));
        record.skipped = own.map(Into::into).collect();
        records.push(record);
    }
    match record::finish(db, &records, run).await? {
        Some(database) => Err(Cause::Superseded { database }),
        None => Ok(()),
    }
}

fn report(overview: &Overview, plan: &Plan, survey: &Survey) -> Report {
    let mut report = Report { ok: true, collections: Vec::new(), skipped: Vec::new() };
    for (index, decision) in plan.decisions.iter().enumerate() {
        let digest = &survey.namespaces[index].digest;
        let namespace = overview.definitions[index].namespace();
        match decision {
            Decision::Load { definition, database } => report.collections.push(Imported {
                database: database.clone(),
                name: definition.collection.clone(),
                kind: definition.kind.as_str(),
                documents: digest.documents,
                bytes: digest.bytes,
                h_set: digest.h_set_hex(),
            }),
            Decision::Skip { reason } => report.skipped.push(Skipped { namespace, reason: reason.clone() }),
            Decision::Oplog => report.skipped.push(Skipped { namespace, reason: words::OPLOG_QUIET.into() }),
        }
    }
    report.skipped.extend(plan.skipped_indexes.iter().cloned());
    report
}
