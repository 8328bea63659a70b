//! `canje diff`.

use std::process::ExitCode;

use tokio::sync::watch;

use super::{Limits, Report, Side, Source, compare};
use crate::backup::Depot;
use crate::backup::cli::DiffArgs;
use crate::backup::model::Progress;
use crate::i18n::backup::diff as words;

/// Compares two databases: a table, or JSON and nothing else on standard output. Succeeds only when they are equal.
pub async fn diff(args: DiffArgs, depot: &Depot) -> anyhow::Result<ExitCode> {
    let (left, right) = (Side::parse(&args.left)?, Side::parse(&args.right)?);
    let sources = [Source::find(depot, &left).await?, Source::find(depot, &right).await?];
    let (progress, _watched) = watch::channel(Progress::default());
    let comparison = compare([&sources[0], &sources[1]], &args.only, Limits::COUNTS, &progress).await?;
    let report = comparison.report;
    if args.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print!("{}", table(&report, &left.to_string(), &right.to_string()));
    }
    Ok(if report.equal { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What differs, as a person at a terminal reads it.
fn table(report: &Report, left: &str, right: &str) -> String {
    let mut out = format!("{}\n", words::cli_sides(left, right));
    let width = report.differing().map(|row| row.name.chars().count()).max().unwrap_or(0).clamp(10, 60);
    if !report.equal {
        let [name, a, b, changed, only_left, only_right] = words::CLI_HEAD;
        out += &format!("\n{name:width$} {a:>12} {b:>12} {changed:>10} {only_left:>12} {only_right:>12}\n");
    }
    for row in report.differing() {
        let (name, a, b) = (&row.name, row.left, row.right);
        let (changed, only_left, only_right) = (row.changed, row.only_left, row.only_right);
        out += &format!("{name:width$} {a:>12} {b:>12} {changed:>10} {only_left:>12} {only_right:>12}\n");
        for line in words::remarks(row) {
            out += &format!("  {line}\n");
        }
        for definition in &row.definitions {
            out += &format!("  {}\n", words::cli_definition(definition));
        }
    }
    let notes: Vec<_> = report.notes.iter().map(|note| format!("{note}\n")).collect();
    out + "\n" + &notes.concat() + &words::sentence(report) + "\n"
}
