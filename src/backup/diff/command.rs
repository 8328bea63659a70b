//! `canje diff`.

use std::process::ExitCode;

use crate::backup::Depot;
use crate::backup::cli::DiffArgs;

/// Compares two databases.
pub async fn diff(_args: DiffArgs, _depot: &Depot) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not yet")
}
