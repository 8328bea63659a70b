//! `canje adopt`.

use std::process::ExitCode;

use super::engine::Progress;
use super::report::{Report, RuleReport};
use super::runs::{AdoptError, Adoption};
use crate::db::{Db, ReadOnlyDb};
use crate::i18n::adopt as words;
use crate::jobs::Registry;

/// Builds or refreshes the live database from a legacy one.
#[derive(Debug, clap::Args)]
pub struct AdoptArgs {
    /// The legacy database, as imported or as it runs on the same server; it is only read.
    #[arg(long, value_name = "DATABASE")]
    pub from: String,
    /// Ends the mirror: from now on the live database is in charge, and adopting again is refused.
    #[arg(long)]
    pub finish: bool,
    /// Moves business dates by so many days, so that a demonstration's are of today; fixed by the first adoption.
    #[arg(long, value_name = "DAYS", default_value_t = 0, allow_negative_numbers = true)]
    pub shift_days: i32,
    /// Prints the report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Adopts and prints the report on stdout; progress and refusals go to stderr.
pub async fn run_command(
    args: AdoptArgs,
    db: &Db,
    legacy: &ReadOnlyDb,
    jobs: Registry,
    is_demo: bool,
) -> anyhow::Result<ExitCode> {
    if args.shift_days != 0 && !is_demo {
        eprintln!("{}", words::SHIFT_IS_FOR_DEMOS);
        if args.json {
            println!("{}", serde_json::json!({ "ok": false, "error": "shift_is_for_demos" }));
        }
        return Ok(ExitCode::FAILURE);
    }
    let progress = |progress: Progress<'_>| match progress {
        Progress::Preparing { rule } => eprintln!("{}", words::preparing(rule)),
        Progress::Rows { rule, read } => eprintln!("{}", words::rows(rule, read)),
    };
    let adoption = Adoption {
        finish: args.finish,
        shift_days: args.shift_days,
        jobs,
        progress: &progress,
        ..Adoption::new(db, legacy, &args.from)
    };
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

/// `{"ok":true,…}`: the report with every finding, by rule and code.
fn as_json(report: &Report) -> serde_json::Result<String> {
    let rules: Vec<_> = report.rules.iter().map(rule_as_json).collect();
    let is_complete = report.rules.iter().all(RuleReport::adds_up);
    let mut printed = serde_json::to_value(report)?;
    printed["ok"] = is_complete.into();
    printed["rules"] = rules.into();
    serde_json::to_string_pretty(&printed)
}

/// `read = written + unchanged + folded + moved + refused`: what was changed here and left so is unchanged.
fn rule_as_json(rule: &RuleReport) -> serde_json::Value {
    let findings: Vec<_> = rule
        .counts
        .iter()
        .map(|(code, outcomes)| {
            let ids: Vec<_> = rule.findings.iter().filter(|one| one.code == *code).map(|one| &one.id).collect();
            serde_json::json!({ "code": code, "count": rule.count_of(code), "outcomes": outcomes, "ids": ids })
        })
        .collect();
    serde_json::json!({
        "rule": rule.rule,
        "version": rule.version,
        "source": rule.source,
        "source_exists": rule.source_exists,
        "target": rule.target,
        "read": rule.read,
        "written": rule.written,
        "unchanged": rule.unchanged + rule.kept,
        "folded": rule.folded,
        "moved": rule.moved,
        "refused": rule.refused,
        "kept_local_changes": rule.kept,
        "findings": findings,
    })
}
