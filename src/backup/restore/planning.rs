//! From what somebody wants to a plan, and from a plan and what a person typed to a restore on record.

use bson::doc;
use jiff::{SignedDuration, Timestamp};

use super::contents::{Content, Contents};
use super::interlocks::{self, TARGET};
use super::jobs::RestoreBackup;
use super::records::{Mode, RestorePlan};
use super::scratch::PREVIEW_PREFIX;
use crate::audit::{self, Action, Entry, Who};
use crate::backup::Depot;
use crate::backup::keys::random;
use crate::backup::model::Person;
use crate::backup::record::RestoreRecord;
use crate::db::{Db, date, with_transaction};
use crate::dump::Kind;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::backup::restore as words;
use crate::jobs::{self, When};

/// How long a plan can be confirmed.
pub const CONFIRMABLE: SignedDuration = SignedDuration::from_mins(15);
/// How long a preview stays.
pub const PREVIEW_STAYS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The field of the source's database.
pub const DATABASE: &str = "database";
/// The field of the chosen collections.
pub const ONLY: &str = "only";
/// The field in which the target's name is typed again.
pub const NAME: &str = "name";
/// The field in which the number of documents is typed.
pub const DOCUMENTS: &str = "documents";

/// What somebody wants.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which database; `None` when the source holds one.
    pub database: Option<String>,
    /// The new database; of no use for a preview, which gets a name of ours.
    pub into: String,
    /// Which collections; empty: all.
    pub only: Vec<String>,
    /// What for.
    pub mode: Mode,
}

/// What a person typed to confirm a plan.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The target's whole name.
    pub name: String,
    /// How many documents will be written; `None` where only the name is asked for.
    pub documents: Option<String>,
}

/// Who does the restore that was confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A job, enqueued together with the record.
    Job,
    /// Whoever confirmed, now.
    Caller,
}

/// Makes a plan and puts it on record. Writes nothing else.
pub async fn plan(depot: &Depot, contents: &Contents, wanted: &Wanted, person: Person) -> Result<RestorePlan, Failure> {
    let databases = contents.databases();
    let source_database = match &wanted.database {
        Some(name) if databases.contains(&name.as_str()) => name.clone(),
        Some(name) => return Err(Failure::invalid(DATABASE, words::no_such_database(name, &databases))),
        None if databases.len() == 1 => databases[0].to_owned(),
        None => return Err(Failure::invalid(DATABASE, words::which_database(&databases))),
    };
    let all = contents.chosen(&source_database, &[]);
    if let Some(unknown) = wanted.only.iter().find(|name| !all.iter().any(|content| content.name == **name)) {
        return Err(Failure::invalid(ONLY, words::no_such_collection(unknown)));
    }
    if wanted.mode == Mode::Selected && wanted.only.is_empty() {
        return Err(Failure::invalid(ONLY, words::NOTHING_CHOSEN));
    }
    let chosen = contents.chosen(&source_database, &wanted.only);
    let target = match wanted.mode {
        Mode::Preview => preview_name(depot, &contents.source).await?,
        _ => wanted.into.clone(),
    };
    interlocks::check_name(depot, &target, wanted.mode)?;
    // Another cluster's database of the same name can't be told from ours by its name: that is the person's to resolve.
    if target.to_lowercase() == source_database.to_lowercase() && contents.root.is_some() {
        return Err(Failure::invalid(TARGET, words::same_name(&target)));
    }
    interlocks::check_absent(depot, &target).await?;
    let bytes = chosen.iter().map(|content| content.bytes).sum();
    interlocks::check_server(depot, bytes, contents.server_version.as_deref()).await?;
    let now = depot.clock.now();
    let mut plan = RestorePlan {
        id: hex::encode(random::<16>()),
        hash: String::new(),
        source: contents.source.clone(),
        root: contents.root.clone(),
        source_database,
        target,
        mode: wanted.mode,
        contents: chosen,
        deployment: interlocks::deployment(depot).await?.cluster,
        requested_by: person,
        created_at: date(now),
        expires_at: date(now + CONFIRMABLE),
        used_at: None,
    };
    plan.hash = plan.fingerprint();
    depot.ops.stored::<RestorePlan>().insert_one(&plan).await?;
    Ok(plan)
}

/// `preview_<id8>_<n>`, the first that is free.
async fn preview_name(depot: &Depot, source: &str) -> Result<String, Failure> {
    let plain: String = source.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    for place in 0..1000 {
        let name = format!("{PREVIEW_PREFIX}{}_{place}", plain.to_lowercase());
        match interlocks::check_absent(depot, &name).await {
            Ok(()) => return Ok(name),
            Err(Failure::Refused(AppError::Invalid(_))) => continue,
            Err(failure) => return Err(failure),
        }
    }
    Err(Failure::invalid(TARGET, words::TOO_MANY_PREVIEWS))
}

/// A plan as it is on record, if it is this person's.
pub async fn find(depot: &Depot, id: &str, person: &Person) -> Result<RestorePlan, Failure> {
    let plan = depot.ops.stored::<RestorePlan>().find_one(doc! { "_id": id }).await?;
    let plan = plan.filter(|plan| plan.requested_by.user_id == person.user_id && plan.fingerprint() == plan.hash);
    Ok(plan.ok_or(AppError::NotFound)?)
}

/// Whether a plan can still be confirmed.
pub fn is_open(plan: &RestorePlan, now: Timestamp) -> bool {
    plan.used_at.is_none() && date(now) < plan.expires_at
}

/// Takes a person's word: from here on the restore is on record, with who confirmed it and what. `hash` is that of the plan
/// the person was shown.
pub async fn confirm(
    depot: &Depot,
    plan: &RestorePlan,
    hash: &str,
    typed: &Typed,
    who: Who,
    by: By,
) -> Result<RestoreRecord, Failure> {
    let mut problems = Vec::new();
    if hash != plan.hash || plan.fingerprint() != plan.hash {
        return Err(AppError::Conflict.into());
    }
    if !is_open(plan, depot.clock.now()) {
        return Err(Failure::invalid(NAME, words::PLAN_IS_OVER));
    }
    if typed.name.trim() != plan.target {
        problems.push(FieldProblem::new(NAME, words::type_name(&plan.target)));
    }
    if let Some(documents) = &typed.documents
        && documents.trim().replace('.', "") != plan.documents().to_string()
    {
        problems.push(FieldProblem::new(DOCUMENTS, words::type_documents(plan.documents())));
    }
    if !problems.is_empty() {
        return Err(AppError::Invalid(problems).into());
    }
    if interlocks::deployment(depot).await?.cluster != plan.deployment {
        return Err(Failure::invalid(NAME, words::OTHER_DEPLOYMENT));
    }
    interlocks::check_name(depot, &plan.target, plan.mode)?;
    interlocks::check_absent(depot, &plan.target).await?;
    let record = &record_of(depot, plan);
    let (now, who) = (depot.clock.now(), &who);
    with_transaction::<_, Failure, _>(&depot.db, |session| {
        Box::pin(async move {
            let open =
                doc! { "_id": &plan.id, "hash": &plan.hash, "used_at": null, "expires_at": { "$gt": date(now) } };
            let used = doc! { "$set": { "used_at": date(now) } };
            let plans = depot.ops.stored::<RestorePlan>();
            if plans.update_one(open, used).session(&mut *session).await?.matched_count == 0 {
                return Err(Failure::invalid(NAME, words::PLAN_IS_OVER));
            }
            let over = doc! { "_id": &record.database, "state": { "$in": ["done", "failed", "dropped"] } };
            let restores = depot.ops.stored::<RestoreRecord>();
            match restores.replace_one(over, record).upsert(true).session(&mut *session).await {
                Err(error) if Db::is_duplicate(&error) => {
                    return Err(Failure::invalid(NAME, words::on_record(&record.database)));
                }
                put => drop(put?),
            }
            let details = doc! {
                "source": &plan.source,
                "database": &plan.source_database,
                "mode": plan.mode.as_str(),
                "documents": plan.documents(),
                "plan": &plan.hash,
            };
            let entry = Entry::new(Action::BackupRestored).target("database", &plan.target).details(details);
            audit::record_in(session, &depot.db, now, who.clone(), entry).await?;
            if by == By::Job {
                let job = RestoreBackup { database: plan.target.clone() };
                let when = When { key: Some(format!("restore:{}", plan.target)), ..When::default() };
                jobs::enqueue_in(session, &depot.db, now, &job, &when).await?;
            }
            Ok(())
        })
    })
    .await?;
    Ok(record.clone())
}

fn record_of(depot: &Depot, plan: &RestorePlan) -> RestoreRecord {
    let now = depot.clock.now();
    RestoreRecord {
        mode: plan.mode.as_str().into(),
        source: plan.source.clone(),
        source_database: plan.source_database.clone(),
        plan: Some(plan.id.clone()),
        only: plan.contents.iter().map(|content| content.name.clone()).collect(),
        created_at: date(now),
        expires_at: (plan.mode == Mode::Preview).then(|| date(now + PREVIEW_STAYS)),
        ..RestoreRecord::new(&plan.target, plan.requested_by.clone())
    }
}

/// What of a source a plan speaks of, as it is now; not what was planned if something changed since.
pub fn still_holds(plan: &RestorePlan, contents: &Contents) -> bool {
    let names: Vec<String> = plan.contents.iter().map(|content| content.name.clone()).collect();
    let now = if names.is_empty() { Vec::new() } else { contents.chosen(&plan.source_database, &names) };
    // A run on record doesn't say what a view has hashed to, the archive does: they have no documents of their own.
    let same = |a: &Content, b: &Content| {
        let is_view = a.kind == Kind::View.as_str();
        (&a.name, &a.kind, a.documents, a.bytes) == (&b.name, &b.kind, b.documents, b.bytes)
            && (is_view || a.h_set == b.h_set)
    };
    plan.fingerprint() == plan.hash
        && plan.root == contents.root
        && now.len() == plan.contents.len()
        && now.iter().zip(&plan.contents).all(|(a, b)| same(a, b))
}
