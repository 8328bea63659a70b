//! `canje notifications`.

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;

use super::list;
use super::model::SystemNotice;
use crate::db::Db;
use crate::failure::Failure;
use crate::i18n::notifications as words;

/// `canje notifications …`
#[derive(Debug, clap::Args)]
pub struct NotificationsArgs {
    #[command(subcommand)]
    command: NotificationsCommand,
}

#[derive(Debug, clap::Subcommand)]
enum NotificationsCommand {
    #[command(about = words::CLI_LIST)]
    List {
        #[arg(long, help = words::CLI_LIMIT, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
        #[arg(long, help = words::CLI_JSON)]
        json: bool,
    },
}

/// Runs `canje notifications …`: answers on stdout.
pub async fn run_command(args: NotificationsArgs, db: &Db) -> anyhow::Result<ExitCode> {
    let NotificationsCommand::List { limit, json } = args.command;
    let notices = list::newest(db, Timestamp::now(), usize::from(limit)).await.map_err(broken)?;
    println!("{}", if json { as_json(&notices) } else { as_text(&notices) });
    Ok(ExitCode::SUCCESS)
}

fn broken(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Refused(refusal) => refusal.into(),
        Failure::Fault(fault) => anyhow::anyhow!("{fault:#}"),
    }
}

/// One object on one line, the newest notice first.
pub fn as_json(notices: &[SystemNotice]) -> String {
    let notices: Vec<_> = notices
        .iter()
        .map(|notice| {
            json!({
                "id": notice.id,
                "type": notice.kind.as_str(),
                "severity": notice.severity.as_str(),
                "title": notice.title,
                "state": notice.state.as_str(),
                "occurrences": notice.occurrences,
            })
        })
        .collect();
    json!({ "notifications": notices }).to_string()
}

fn as_text(notices: &[SystemNotice]) -> String {
    if notices.is_empty() {
        return words::CLI_NONE.into();
    }
    let lines = notices.iter().map(|notice| {
        let severity = words::severity(notice.severity);
        let state = words::state(notice.state);
        format!("{severity:<12} {state:<10} {:>6} × {}", notice.occurrences, notice.title)
    });
    lines.collect::<Vec<_>>().join("\n")
}
