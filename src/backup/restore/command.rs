//! `canje restore`.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::json;

use super::contents::Contents;
use super::origin::Origin;
use super::planning::{self, By, Typed, Wanted};
use super::records::{Mode, RestorePlan};
use super::{running, standing};
use crate::audit::Who;
use crate::backup::Depot;
use crate::backup::cli::RestoreArgs;
use crate::backup::model::Person;
use crate::backup::record::RestoreRecord;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::backup::restore as words;
use crate::import::Stderr;

/// Restores into a new database. Ends well only when every comparison came out equal.
pub async fn restore(args: RestoreArgs, depot: &Depot) -> anyhow::Result<ExitCode> {
    let origin = running::open(depot, &args.source, Arc::new(Stderr::new())).await?;
    let contents = Contents::of_origin(&args.source, &origin);
    let mode = if args.only.is_empty() { Mode::NewDb } else { Mode::Selected };
    let wanted = Wanted { database: args.db.clone(), into: args.into.clone(), only: args.only.clone(), mode };
    if let Some(record) = standing::interrupted(depot, &args.source, &wanted, args.confirm.as_deref()).await? {
        eprintln!("{}", words::goes_on(&record));
        return finish(&args, depot, &record, &origin).await;
    }
    let person = Person { user_id: None, name: words::COMMAND_LINE.into() };
    let plan = match planning::plan(depot, &contents, &wanted, person).await {
        Ok(plan) => plan,
        Err(failure) => return refused(&args, failure),
    };
    eprintln!("{}", words::plan(&plan));
    let typed = match &args.confirm {
        Some(name) => Typed { name: name.clone(), documents: None },
        None if std::io::stdin().is_terminal() => ask(&plan)?,
        None => return refused(&args, Failure::invalid(planning::NAME, words::not_confirmed(&plan.target))),
    };
    let confirmed = planning::confirm(depot, &plan, &plan.hash, &typed, Who::command_line(), By::Caller).await;
    let record = match confirmed {
        Ok(record) => record,
        Err(failure) => return refused(&args, failure),
    };
    finish(&args, depot, &record, &origin).await
}

/// Does it to the end. A fault leaves it running on record, so that the same command can go on with it.
async fn finish(
    args: &RestoreArgs,
    depot: &Depot,
    record: &RestoreRecord,
    origin: &Origin,
) -> anyhow::Result<ExitCode> {
    let record = running::execute_from(depot, record, origin).await?;
    let is_ok = is_ok(&record);
    eprintln!("{}", words::ended(&record));
    if args.json {
        println!("{}", told(&record));
    }
    Ok(if is_ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn is_ok(record: &RestoreRecord) -> bool {
    let is_equal = |restored: Option<&crate::backup::model::Restored>| restored.is_some_and(|restored| restored.equal);
    record.state == "done" && record.collections.iter().all(|namespace| is_equal(namespace.restored.as_ref()))
}

fn told(record: &RestoreRecord) -> serde_json::Value {
    let collections = record.collections.iter().map(|namespace| {
        json!({
            "name": namespace.name,
            "kind": namespace.kind,
            "documents": namespace.restored.as_ref().map(|restored| restored.documents),
            "h_set": namespace.restored.as_ref().map(|restored| restored.h_set.clone()),
            "equal": namespace.restored.as_ref().is_some_and(|restored| restored.equal),
        })
    });
    json!({
        "ok": is_ok(record),
        "source": record.source,
        "database": record.source_database,
        "into": record.database,
        "collections": collections.collect::<Vec<_>>(),
        "findings": record.findings,
        "error": record.error,
    })
}

/// Asks on the terminal for the name and the number.
fn ask(plan: &RestorePlan) -> anyhow::Result<Typed> {
    let mut lines = std::io::stdin().lock().lines();
    let mut typed = |question: &str| -> anyhow::Result<String> {
        eprint!("{question} ");
        std::io::stderr().flush()?;
        Ok(lines.next().transpose()?.unwrap_or_default())
    };
    let name = typed(&words::type_name(&plan.target))?;
    let documents = typed(words::TYPE_DOCUMENTS)?;
    Ok(Typed { name, documents: Some(documents) })
}

/// Says why not.
fn refused(args: &RestoreArgs, failure: Failure) -> anyhow::Result<ExitCode> {
    let problems = match failure {
        Failure::Refused(AppError::Invalid(problems)) => problems.into_iter().map(|one| one.message).collect(),
        Failure::Refused(AppError::Conflict) => vec![words::PLAN_IS_OVER.to_owned()],
        Failure::Refused(other) => anyhow::bail!("{}", other.code()),
        Failure::Fault(fault) => anyhow::bail!("{fault:#}"),
    };
    for problem in &problems {
        eprintln!("{problem}");
    }
    if args.json {
        println!("{}", json!({ "ok": false, "into": args.into, "error": problems.join(" ") }));
    }
    Ok(ExitCode::FAILURE)
}
