//! `canje backup verify`.

use std::process::ExitCode;

use crate::backup::Depot;
use crate::backup::cli::VerifyArgs;

/// With keys from files, of something local.
pub async fn off_host(_args: VerifyArgs) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not yet")
}

/// Of a backup by name in every store of its run, or of something local.
pub async fn verify(_args: VerifyArgs, _depot: &Depot) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not yet")
}
