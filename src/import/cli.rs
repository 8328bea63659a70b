//! `canje import`: arguments, and what is printed where. JSON and the closing table go to stdout, everything on the way to
//! stderr; the exit status is 0 only when everything was verified.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::failure::Failure;
use super::options::{Mapping, Options, Skip};
use super::progress::{Progress, Stderr};
use super::report::Report;
use super::service;
use crate::db::Db;
use crate::dump::Source;
use crate::i18n::import as words;

/// Arguments of `canje import`.
#[derive(Clone, Debug, clap::Args)]
pub struct ImportArgs {
    #[arg(value_name = "DUMP", required_unless_present = "discard", help = words::HELP_PATH)]
    path: Option<PathBuf>,
    #[arg(long, value_name = "OLD=NEW", help = words::HELP_MAP)]
    map: Vec<Mapping>,
    #[arg(long, value_name = "NS=MOTIVO", help = words::HELP_SKIP)]
    skip: Vec<Skip>,
    #[arg(long, help = words::HELP_JSON)]
    json: bool,
    #[arg(long, value_name = "BASE", conflicts_with_all = ["path", "map", "skip"], help = words::HELP_DISCARD)]
    discard: Option<String>,
}

/// Runs the command. `Err` is never returned for an import that failed: that is printed and ends in a non-zero status.
pub async fn run_command(args: ImportArgs, db: &Db) -> anyhow::Result<ExitCode> {
    if let Some(database) = &args.discard {
        return Ok(match service::discard(db, database).await {
            Ok(()) => {
                if args.json {
                    println!("{}", serde_json::json!({ "ok": true, "discarded": database }));
                } else {
                    println!("{}", words::discarded(database));
                }
                ExitCode::SUCCESS
            }
            Err(failure) => refuse(&failure, args.json),
        });
    }
    let Some(path) = args.path else { anyhow::bail!("{}", words::HELP_PATH) };
    let options = Options { map: args.map, skip: args.skip };
    let progress: Arc<dyn Progress> = Arc::new(Stderr::new());
    Ok(match service::run(db, Source::Path(path), &options, progress).await {
        Ok(report) => {
            print(&report, args.json)?;
            ExitCode::SUCCESS
        }
        Err(failure) => refuse(&failure, args.json),
    })
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string(report)?);
    } else {
        print!("{}", words::report(report));
    }
    Ok(())
}

fn refuse(failure: &Failure, json: bool) -> ExitCode {
    eprintln!("{failure}");
    if json {
        let empty: [(); 0] = [];
        let answer = serde_json::json!({
            "ok": false,
            "error": failure.to_string(),
            "unfinished": failure.unfinished,
            "collections": empty,
            "skipped": empty,
        });
        println!("{answer}");
    }
    ExitCode::FAILURE
}
