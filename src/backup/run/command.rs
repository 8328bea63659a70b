//! `canje backup run` and `canje backup list`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use bson::doc;
use futures::TryStreamExt as _;
use serde_json::{Value, json};

use super::stock::{self, Residue};
use super::{Unwanted, Wanted, execute, request};
use crate::backup::Depot;
use crate::backup::cli::RunArgs;
use crate::backup::model::{Finding, Person, Progress, State, Trigger};
use crate::backup::record::BackupRun;
use crate::db::timestamp;
use crate::i18n::backup::checks;
use crate::i18n::backup::run as words;
use crate::i18n::backup::told;
use crate::i18n::format;

/// How often progress is looked at for the terminal.
const LOOK: std::time::Duration = std::time::Duration::from_secs(1);

/// Takes a backup now.
pub async fn run(args: RunArgs, depot: &Depot) -> anyhow::Result<ExitCode> {
    let stores = args.to.iter().map(|to| place(depot, to)).collect::<anyhow::Result<Vec<_>>>()?;
    let wanted = Wanted {
        trigger: Trigger::Manual,
        person: Person { user_id: None, name: words::COMMAND_LINE.into() },
        stores: (!stores.is_empty()).then_some(stores),
        databases: (!args.db.is_empty()).then_some(args.db),
    };
    let asked = match request(depot, wanted).await {
        Ok(run) => run,
        Err(Unwanted::Fault(fault)) => return Err(fault),
        Err(refused) => anyhow::bail!(refused),
    };
    eprintln!("{}", told::begun(asked.id.as_str()));
    let run = tokio::select! {
        run = execute(depot, &asked.id, words::COMMAND_LINE) => run?,
        () = tell(depot, &asked) => unreachable!("telling doesn't end"),
    };
    eprintln!("{}", told::ended(checks::state(run.status), run.error.as_deref()));
    for finding in &run.findings {
        eprintln!("{}", told::finding(checks::severity(finding.severity), finding));
    }
    if args.json {
        println!("{:#}", run_json(&run));
    } else {
        println!("{}", told::summary(&run, run.taken_at.and_then(timestamp)));
    }
    Ok(if run.status == State::Complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A configured store, or a folder by its whole path: the run is on record for whoever looks from elsewhere.
fn place(depot: &Depot, to: &str) -> anyhow::Result<String> {
    if depot.stores.iter().any(|store| store.name() == to) {
        return Ok(to.to_owned());
    }
    let is_path = to.contains('/') || to.starts_with('.') || Path::new(to).is_dir();
    let known: Vec<_> = depot.stores.iter().map(|store| store.name()).collect();
    anyhow::ensure!(is_path, words::unknown_store(to, &known));
    let path = std::path::absolute(to)?;
    path.into_os_string().into_string().ok().context(words::NOT_A_PATH)
}

/// Says on stderr what is being done whenever that changes.
async fn tell(depot: &Depot, asked: &BackupRun) {
    let mut ticks = tokio::time::interval(LOOK);
    let mut before = (State::Queued, Progress::default().current);
    loop {
        ticks.tick().await;
        // A look that fails says nothing; the run itself says what is wrong.
        let run = depot.ops.stored::<BackupRun>().find_one(doc! { "_id": asked.id.as_str() }).await;
        if let Ok(Some(run)) = run
            && (run.status, &run.progress.current) != (before.0, &before.1)
        {
            eprintln!("{}", told::progress(checks::state(run.status), &run.progress));
            before = (run.status, run.progress.current);
        }
    }
}

/// Says which there are.
pub async fn list(depot: &Depot, json: bool) -> anyhow::Result<ExitCode> {
    let newest = doc! { "created_at": -1, "_id": -1 };
    let runs: Vec<BackupRun> = depot.ops.stored::<BackupRun>().find(doc! {}).sort(newest).await?.try_collect().await?;
    let (residues, unseen) = stock::residues(depot).await?;
    for why in &unseen {
        eprintln!("{why}");
    }
    let of = |id: &str| residues.iter().filter(|residue| residue.backup == id).collect::<Vec<_>>();
    let strangers = residues.iter().filter(|residue| !runs.iter().any(|run| run.id.as_str() == residue.backup));
    if json {
        let known = runs.iter().map(|run| list_json(run, &of(run.id.as_str())));
        let unknown = strangers
            .map(|residue| json!({ "id": residue.backup, "state": "unknown", "residue": [residue_json(residue)] }));
        println!("{:#}", Value::Array(known.chain(unknown).collect()));
        return Ok(ExitCode::SUCCESS);
    }
    if runs.is_empty() {
        println!("{}", told::NO_RUNS);
    }
    for run in &runs {
        println!("{}", told::line(run, run.created_at.timestamp_millis(), checks::state(run.status)));
        for residue in of(run.id.as_str()) {
            println!("{}", told::residue(residue));
        }
    }
    for residue in strangers {
        println!("{}", told::stranger(residue));
    }
    Ok(ExitCode::SUCCESS)
}

fn moment(at: Option<bson::DateTime>) -> Option<String> {
    at.and_then(timestamp).map(format::machine)
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "severity": finding.severity, "check": finding.check, "namespace": finding.namespace,
        "detail": finding.detail, "remedy": finding.remedy,
    })
}

fn stores_json(run: &BackupRun) -> Vec<Value> {
    let there = run.destinations.iter().map(|there| {
        json!({
            "kind": there.kind, "name": there.store, "place": there.place, "ok": there.ok,
            "read_back": there.ok && there.read_back_at.is_some(), "read_back_at": moment(there.read_back_at),
            "parts": there.parts, "bytes": there.bytes, "error": there.error,
        })
    });
    there.collect()
}

/// A run as `canje backup run --json` says it.
pub fn run_json(run: &BackupRun) -> Value {
    let collections: Vec<_> = run
        .collections
        .iter()
        .map(|namespace| {
            json!({
                "database": namespace.database, "name": namespace.name, "kind": namespace.kind,
                "documents": namespace.documents, "bytes": namespace.bytes, "h_set": namespace.h_set,
            })
        })
        .collect();
    json!({
        "id": run.id,
        "state": run.status,
        "label": run.label,
        "taken_at": moment(run.taken_at),
        "root": run.root,
        "collections": collections,
        "excluded": run.excluded,
        "stores": stores_json(run),
        "restore_checked_at": moment(run.restore_checked_at),
        "findings": run.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "error": run.error,
    })
}

fn list_json(run: &BackupRun, residues: &[&Residue]) -> Value {
    json!({
        "id": run.id,
        "state": run.status,
        "trigger": run.trigger,
        "created_at": moment(Some(run.created_at)),
        "taken_at": moment(run.taken_at),
        "label": run.label,
        "collections": run.collections.len(),
        "documents": run.documents(),
        "bytes": run.stored_bytes(),
        "stores": stores_json(run),
        "restore_checked_at": moment(run.restore_checked_at),
        "pruned_at": moment(run.pruned_at),
        "error": run.error,
        "residue": residues.iter().map(|residue| residue_json(residue)).collect::<Vec<_>>(),
    })
}

fn residue_json(residue: &Residue) -> Value {
    json!({
        "store": residue.store, "objects": residue.lying.objects, "bytes": residue.lying.bytes,
        "manifest": residue.lying.has_manifest,
    })
}
