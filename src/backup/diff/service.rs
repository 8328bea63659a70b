//! Comparisons as the pages ask for them: what can be compared, asking for one, its result. Every look at documents and
//! every download is on record first.

use bson::doc;
use futures::TryStreamExt as _;

use super::job::RunDiff;
use super::store::{self, Document};
use super::{Kind, Report, Side};
use crate::audit::{self, Action, Entry};
use crate::backup::model::{BackupId, Person, Progress, State};
use crate::backup::record::{BackupRun, DiffRecord, RestoreRecord};
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::backup::diff_pages as words;
use crate::import::record::Record as Import;
use crate::jobs::{self, When};
use crate::values::Capability;

/// Backups offered in the form: the newest.
const BACKUPS: i64 = 30;
/// Comparisons and documents of a page.
pub const ROWS: usize = 20;
/// The server's own databases.
const SERVERS_OWN: [&str; 3] = ["admin", "config", "local"];

/// Something that can be one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// As it is written.
    pub side: String,
    /// As it is read.
    pub label: String,
}

/// The form and the comparisons so far.
pub struct Overview {
    /// What can be compared.
    pub offered: Vec<Offered>,
    /// The newest comparisons, one more than a page when there are older ones.
    pub diffs: Vec<DiffRecord>,
}

/// What can be compared, and what was.
pub async fn overview(ctx: &Ctx, before: Option<&str>) -> Result<Overview, Failure> {
    ctx.require(Capability::BackupsRead)?;
    let ops = ctx.app.db.operations();
    let before = match before {
        Some(id) => Some(store::find(&ops, id).await?.ok_or(AppError::NotFound)?),
        None => None,
    };
    Ok(Overview { offered: offered(ctx).await?, diffs: store::newest(&ops, before.as_ref(), ROWS + 1).await? })
}

async fn offered(ctx: &Ctx) -> Result<Vec<Offered>, Failure> {
    let (db, ops) = (&ctx.app.db, ctx.app.db.operations());
    let mut names = db.client.list_database_names().await?;
    names.retain(|name| !SERVERS_OWN.contains(&name.as_str()));
    let of_these = doc! { "_id": { "$in": &names } };
    let restored: Vec<RestoreRecord> = ops.stored().find(of_these.clone()).await?.try_collect().await?;
    let imported: Vec<Import> = db.stored().find(of_these).await?.try_collect().await?;
    let mut offered: Vec<_> = names
        .iter()
        .map(|name| {
            let label = if *name == db.live.name() {
                words::live(name)
            } else if let Some(restore) = restored.iter().find(|restore| restore.database == *name) {
                words::restored(name, restore.mode == "preview")
            } else if imported.iter().any(|import| import.database == *name) {
                words::imported(name)
            } else {
                words::other(name)
            };
            (*name != db.live.name(), Offered { side: format!("db:{name}"), label })
        })
        .collect();
    offered.sort_by(|a, b| (a.0, &a.1.side).cmp(&(b.0, &b.1.side)));
    let mut offered: Vec<_> = offered.into_iter().map(|(_, offered)| offered).collect();
    let complete =
        doc! { "status": bson::serialize_to_bson(&State::Complete).map_err(anyhow::Error::from)?, "pruned_at": null };
    let runs = ops.stored::<BackupRun>();
    let newest = runs.find(complete).sort(doc! { "taken_at": -1 }).limit(BACKUPS).await?;
    let runs: Vec<BackupRun> = newest.try_collect().await?;
    offered.extend(runs.iter().flat_map(|run| of_backup(run, ctx)));
    Ok(offered)
}

/// The databases of a backup.
fn of_backup(run: &BackupRun, ctx: &Ctx) -> Vec<Offered> {
    let mut databases: Vec<_> = run.collections.iter().map(|namespace| namespace.database.as_str()).collect();
    databases.sort_unstable();
    databases.dedup();
    let taken_at = run.taken_at.and_then(crate::db::timestamp);
    let offer = |name: &str| Offered {
        side: format!("backup:{}/{name}", run.id),
        label: words::of_backup(name, taken_at, ctx.now(), run.id.short()),
    };
    databases.into_iter().map(offer).collect()
}

/// A side as people read it, for the pages of a comparison.
pub fn label(side: &str) -> String {
    match Side::parse(side) {
        Ok(Side::Database(name)) => words::other(&name),
        Ok(Side::Backup(id, name)) => words::backup(id.short(), &name),
        _ => side.to_owned(),
    }
}

/// Asks for a comparison; refused with everything that is wrong with the fields.
pub async fn ask(ctx: &Ctx, left: &str, right: &str) -> Result<Result<String, Vec<FieldProblem>>, Failure> {
    let person = ctx.require(Capability::BackupsRead)?;
    let mut problems = Vec::new();
    for (field, text) in [("a", left), ("b", right)] {
        if let Err(problem) = check(ctx, text).await? {
            problems.push(FieldProblem::new(field, problem));
        }
    }
    if problems.is_empty() && left.trim() == right.trim() {
        problems.push(FieldProblem::new("b", words::SAME));
    }
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let record = DiffRecord {
        id: hex::encode(crate::backup::keys::random::<16>()),
        left: left.trim().to_owned(),
        right: right.trim().to_owned(),
        state: "queued".into(),
        requested_by: Person { user_id: Some(person.user_id.clone()), name: person.name.clone() },
        created_at: date(ctx.now()),
        finished_at: None,
        progress: Progress::default(),
        report: None,
        error: None,
        attempt: None,
    };
    let details = doc! { "what": "diff", "left": &record.left, "right": &record.right };
    let entry = Entry::new(Action::DataInspected).target("diff", record.id.clone()).details(details);
    audit::record(ctx, entry).await?;
    let (db, now, id) = (&ctx.app.db, ctx.now(), record.id.clone());
    with_transaction(db, |session| {
        let record = record.clone();
        Box::pin(async move {
            db.operations().stored::<DiffRecord>().insert_one(&record).session(&mut *session).await?;
            jobs::enqueue_in(session, db, now, &RunDiff { diff: record.id }, &When::default()).await?;
            Ok::<_, Failure>(())
        })
    })
    .await?;
    Ok(Ok(id))
}

/// Whether a side may be asked for on a page: a database that is there, or one of a complete backup. A dump's path is for
/// the command line alone.
async fn check(ctx: &Ctx, text: &str) -> Result<Result<(), String>, Failure> {
    let side = match Side::parse(text) {
        Ok(side) => side,
        Err(_) if text.trim().is_empty() => return Ok(Err(words::CHOOSE.into())),
        Err(problem) => return Ok(Err(problem.to_string())),
    };
    match side {
        Side::Database(name) => {
            let names = ctx.app.db.client.list_database_names().filter(doc! { "name": &name }).await?;
            let is_there = names.contains(&name) && !SERVERS_OWN.contains(&name.as_str());
            Ok(is_there.then_some(()).ok_or_else(|| words::no_database(&name)))
        }
        Side::Backup(id, database) => Ok(in_backup(ctx, &id, &database).await?),
        Side::Dump(..) => Ok(Err(words::ONLY_COMMAND_LINE.into())),
    }
}

async fn in_backup(ctx: &Ctx, id: &BackupId, database: &str) -> Result<Result<(), String>, Failure> {
    let ops = ctx.app.db.operations();
    let run = ops.stored::<BackupRun>().find_one(doc! { "_id": id.as_str() }).await?;
    let Some(run) = run.filter(|run| run.status == State::Complete && run.pruned_at.is_none()) else {
        return Ok(Err(words::NO_BACKUP.into()));
    };
    let has = run.collections.iter().any(|namespace| namespace.database == database);
    Ok(has.then_some(()).ok_or_else(|| words::not_in_it(database, &[])))
}

/// A comparison and, once it is done, its report.
pub async fn load(ctx: &Ctx, id: &str) -> Result<(DiffRecord, Option<Report>), Failure> {
    ctx.require(Capability::BackupsRead)?;
    let record = store::find(&ctx.app.db.operations(), id).await?.ok_or(AppError::NotFound)?;
    let report = match &record.report {
        Some(report) => Some(bson::deserialize_from_document(report.clone()).map_err(anyhow::Error::from)?),
        None => None,
    };
    Ok((record, report))
}

/// Differing documents of a collection, one more than a page when there are further ones; the look is on record.
pub async fn documents(
    ctx: &Ctx,
    record: &DiffRecord,
    collection: &str,
    kind: Kind,
    after: i64,
) -> Result<Vec<Document>, Failure> {
    ctx.require(Capability::BackupsRead)?;
    let found = store::page(&ctx.app.db.operations(), &record.id, collection, kind, after, ROWS + 1).await?;
    let rows = i64::try_from(found.len().min(ROWS)).unwrap_or(i64::MAX);
    let details = doc! {
        "what": "diff", "left": &record.left, "right": &record.right, "collection": collection, "rows": rows,
    };
    let entry = Entry::new(Action::DataInspected).target("diff", record.id.clone()).details(details);
    audit::record(ctx, entry).await?;
    Ok(found)
}

/// Records that a comparison's differences are taken along as a file of this format.
pub async fn record_export(ctx: &Ctx, record: &DiffRecord, format: &str) -> Result<(), Failure> {
    ctx.require(Capability::BackupsRead)?;
    let rows = store::count(&ctx.app.db.operations(), &record.id).await?;
    let details = doc! {
        "what": "diff", "format": format, "left": &record.left, "right": &record.right,
        "rows": i64::try_from(rows).unwrap_or(i64::MAX),
    };
    let entry = Entry::new(Action::DataExported).target("diff", record.id.clone()).details(details);
    audit::record(ctx, entry).await
}
