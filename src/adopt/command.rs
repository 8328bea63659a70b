//! `canje adopt`.

use std::process::ExitCode;

use super::engine::Progress;
use super::report::Report;
use super::runs::{AdoptError, Adoption};
use crate::db::{Db, ReadOnlyDb};
use crate::i18n::adopt as words;

/// Builds or refreshes the live database from a legacy one.
#[derive(Debug, clap::Args)]
pub struct AdoptArgs {
    /// The legacy database, as imported or as it runs on the same server; it is only read.
    #[arg(long, value_name = "DATABASE")]
    pub from: String,
    /// Ends the mirror: from now on the live database is in charge, and adopting again is refused.
    #[arg(long)]
    pub finish: bool,
    /// Prints the report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Adopts and prints the report on stdout; progress and refusals go to stderr.
pub async fn run_command(args: AdoptArgs, db: &Db, legacy: &ReadOnlyDb) -> anyhow::Result<ExitCode> {
    let progress = |progress: Progress<'_>| match progress {
        Progress::Preparing { rule } => eprintln!("{}", words::preparing(rule)),
        Progress::Rows { rule, read } => eprintln!("{}", words::rows(rule, read)),
    };
    let adoption = Adoption { finish: args.finish, progress: &progress, ..Adoption::new(db, legacy, &args.from) };
    match adoption.run().await {
        Ok(report) => {
            println!("{}", if args.json { as_json(&report)? } else { words::report(&report) });
            Ok(ExitCode::SUCCESS)
        }
        Err(AdoptError::Broken(error)) => {
            eprintln!("{}", words::BROKEN);
            Err(error)
        }
        Err(refused) => {
            eprintln!("{refused}");
            if args.json {
                println!("{}", serde_json::json!({ "ok": false, "error": refused.code() }));
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

/// `{"ok":true,…}`: the report with every finding.
fn as_json(report: &Report) -> serde_json::Result<String> {
    #[derive(serde::Serialize)]
    struct Printed<'a> {
        ok: bool,
        #[serde(flatten)]
        report: &'a Report,
    }
    serde_json::to_string_pretty(&Printed { ok: true, report })
}
