//! `canje backup run` and `canje backup list`.

use std::process::ExitCode;

use crate::backup::Depot;
use crate::backup::cli::RunArgs;

/// Takes a backup now.
pub async fn run(_args: RunArgs, _depot: &Depot) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not yet")
}

/// Says which there are.
pub async fn list(_depot: &Depot, _json: bool) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not yet")
}
