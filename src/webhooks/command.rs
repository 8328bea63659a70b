//! `canje webhooks replay ID`.

use std::process::ExitCode;

use anyhow::bail;
use jiff::Timestamp;

use super::model::{Delivery, Status};
use super::{process, service, store};
use crate::audit::Who;
use crate::db::Db;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::webhooks as words;

/// `canje webhooks …`
#[derive(Debug, clap::Args)]
pub struct WebhooksArgs {
    #[command(subcommand)]
    command: WebhooksCommand,
}

#[derive(Debug, clap::Subcommand)]
enum WebhooksCommand {
    #[command(about = words::REPLAY)]
    Replay {
        #[arg(help = words::ARG_ID, value_name = "ID")]
        id: String,
    },
}

/// Runs `canje webhooks …`: 0 when the delivery was processed or needs nothing, 1 otherwise.
pub async fn run_command(args: WebhooksArgs, db: &Db) -> anyhow::Result<ExitCode> {
    let WebhooksCommand::Replay { id } = args.command;
    let row = replay(db, Timestamp::now(), &id).await?;
    println!("{}", words::replayed(&row.id, row.status, row.error.as_deref()));
    Ok(if row.status == Status::Failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Processes one delivery again, here and now; returns it as it is afterwards.
pub async fn replay(db: &Db, now: Timestamp, id: &str) -> anyhow::Result<Delivery> {
    match service::replay_as(db, now, Who::command_line(), id).await {
        Ok(()) => {}
        Err(Failure::Refused(AppError::NotFound)) => bail!(words::delivery_unknown(id)),
        Err(Failure::Refused(AppError::Conflict)) => bail!(words::STILL_WAITS),
        Err(failure) => return Err(told(failure)),
    }
    let found =
        async || store::find(db, id).await.map_err(told)?.ok_or_else(|| anyhow::anyhow!(words::delivery_unknown(id)));
    // A worker may be faster; then there is nothing left to do here.
    let row = found().await?;
    if row.due_at.is_some() {
        process::process(db, now, vec![row]).await.map_err(told)?;
    }
    found().await
}

fn told(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Refused(refusal) => anyhow::anyhow!(crate::i18n::errors::sentence(&refusal)),
        Failure::Fault(fault) => anyhow::anyhow!("{fault:#}"),
    }
}
