//! `canje backup prune`.

use std::process::ExitCode;

use crate::backup::Depot;
use crate::backup::cli::PruneArgs;

/// Says what would go, or does it with the plan's approval.
pub async fn prune(_args: PruneArgs, _depot: &Depot) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not yet")
}
