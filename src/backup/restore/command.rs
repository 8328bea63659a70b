//! `canje restore`.

use std::process::ExitCode;

use crate::backup::Depot;
use crate::backup::cli::RestoreArgs;

/// Restores into a new database.
pub async fn restore(_args: RestoreArgs, _depot: &Depot) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not yet")
}
