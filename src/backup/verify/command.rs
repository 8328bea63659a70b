//! `canje backup verify`: the findings on stdout, and an exit code of 0 only when nothing worse than information was found.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use bson::doc;
use futures::TryStreamExt as _;
use serde_json::{Value, json};

use super::{Expected, Report, local, stored};
use crate::backup::Depot;
use crate::backup::cli::VerifyArgs;
use crate::backup::keys::Opener;
use crate::backup::model::{BackupId, Check, Destination, Finding, Severity};
use crate::backup::record::{BackupRun, CatalogueEntry};
use crate::i18n::backup::checks;
use crate::i18n::backup::verify as words;

/// What was verified: its store, where there are several, and what came out.
pub type Judged = (Option<String>, Report);

/// With keys from files, of something local.
pub async fn off_host(args: VerifyArgs) -> anyhow::Result<ExitCode> {
    let (Some(identity), Some(trust)) = (&args.identity, &args.trust) else {
        anyhow::bail!(words::NEEDS_KEYS);
    };
    let opener = Opener::from_files(identity, trust)?;
    let report = of_path(Path::new(&args.subject), Some(opener)).await?;
    Ok(answer(&[(None, report)], args.json))
}

/// Of a backup by name in every store of its run, or of something local.
pub async fn verify(args: VerifyArgs, depot: &Depot) -> anyhow::Result<ExitCode> {
    let judged = match BackupId::parse(&args.subject) {
        Some(id) => every_copy(depot, &id).await?,
        None => {
            // Much can be said without keys, and the report says what couldn't.
            let opener = depot.keys().ok().map(|keys| keys.opener);
            vec![(None, of_path(Path::new(&args.subject), opener).await?)]
        }
    };
    Ok(answer(&judged, args.json))
}

async fn of_path(path: &Path, opener: Option<Opener>) -> anyhow::Result<Report> {
    let path: PathBuf = path.to_owned();
    let judged = tokio::task::spawn_blocking(move || local(&path, opener.as_ref(), &|_, _| {})).await;
    judged.context(words::BROKE_OFF)
}

/// Reads every copy of a backup that is on record, also those the run itself didn't finish.
pub async fn every_copy(depot: &Depot, id: &BackupId) -> anyhow::Result<Vec<Judged>> {
    let opener = depot.keys()?.opener;
    let run = depot.ops.stored::<BackupRun>().find_one(doc! { "_id": id.as_str() }).await?;
    let listed = depot.db.stored::<CatalogueEntry>().find(doc! { "backup": id.as_str() }).await?;
    let listed: Vec<CatalogueEntry> = listed.try_collect().await?;
    let destinations = run.as_ref().map(|run| run.destinations.as_slice()).unwrap_or_default();
    let mut places: Vec<(String, String)> =
        destinations.iter().map(|there| (there.store.clone(), there.prefix.clone())).collect();
    // The catalogue lives with the data: it still knows where runs that are no longer on record left their copies.
    for entry in &listed {
        if !places.iter().any(|(store, _)| *store == entry.store) {
            places.push((entry.store.clone(), entry.prefix.clone()));
        }
    }
    let mut judged = Vec::new();
    for (name, prefix) in places {
        let entry = listed.iter().find(|entry| entry.store == name);
        let there = destinations.iter().find(|there| there.store == name);
        let report = match (entry, there) {
            (Some(CatalogueEntry { tombstone: Some(gone), .. }), _) => {
                let detail = words::pruned(&gone.by);
                failed(Severity::Info, Check::Catalogue, detail)
            }
            (None, Some(there)) if there.manifest_sha256.is_none() => {
                failed(Severity::High, Check::ReadBack, words::NEVER_STORED.into())
            }
            _ => match depot.store(&name) {
                Some(store) => {
                    let expected = expected(id, entry, there, run.as_ref());
                    stored(&*store, &prefix, &opener, Some(&expected), &|_, _| {}).await
                }
                None => failed(Severity::High, Check::ReadBack, words::NOT_CONFIGURED.into()),
            },
        };
        judged.push((Some(name), report));
    }
    if judged.is_empty() {
        let detail = if run.is_some() { words::NOWHERE } else { words::UNKNOWN };
        judged.push((None, failed(Severity::High, Check::Catalogue, detail.into())));
    }
    Ok(judged)
}

fn expected(
    id: &BackupId,
    entry: Option<&CatalogueEntry>,
    there: Option<&Destination>,
    run: Option<&BackupRun>,
) -> Expected {
    let of_run = there.and_then(|there| there.manifest_sha256.clone());
    Expected {
        id: id.clone(),
        manifest_sha256: entry.map(|entry| entry.manifest_sha256.clone()).or(of_run),
        previous: entry.map(|entry| entry.previous.clone()),
        root: entry.map(|entry| entry.root.clone()).or_else(|| run.and_then(|run| run.root.clone())),
    }
}

/// A copy that there is nothing of to read.
fn failed(severity: Severity, check: Check, detail: String) -> Report {
    let finding = Finding::new(severity, check, None, detail);
    Report { format: words::FORMAT_STORED.into(), findings: vec![finding], ..Report::default() }
}

fn answer(judged: &[Judged], json: bool) -> ExitCode {
    let is_ok = judged.iter().all(|(_, report)| report.is_ok());
    if json {
        println!("{:#}", as_json(judged));
    } else {
        for (store, report) in judged {
            println!("{}", words::heading(store.as_deref(), report));
            for (_, said) in &report.evidence {
                println!("  {said}");
            }
            for finding in &report.findings {
                println!("  {}", words::line(checks::severity(finding.severity), finding));
            }
        }
        println!("{}", if is_ok { words::ALL_WELL } else { words::NOT_WELL });
    }
    if is_ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// `{"ok", "findings": [{"severity", "check", "namespace", "detail"}]}`, each with its store where there are several.
fn as_json(judged: &[Judged]) -> Value {
    let findings = judged.iter().flat_map(|(store, report)| {
        report.findings.iter().map(move |finding| {
            let mut row = json!({
                "severity": finding.severity,
                "check": finding.check,
                "namespace": finding.namespace,
                "detail": finding.detail,
            });
            if let Some(store) = store {
                row["store"] = json!(store);
            }
            row
        })
    });
    let findings: Vec<Value> = findings.collect();
    json!({ "ok": judged.iter().all(|(_, report)| report.is_ok()), "findings": findings })
}
