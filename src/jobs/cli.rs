//! `canje worker` and `canje jobs`.

use std::time::Duration;

use clap::Args;

use super::Pace;

/// `canje worker`.
#[derive(Args)]
pub struct WorkerArgs {
    /// For tests that kill workers: how long one may be silent, in milliseconds.
    #[arg(long, hide = true)]
    lease_ms: Option<u64>,
}

impl WorkerArgs {
    /// How fast the worker goes.
    pub fn pace(&self) -> Pace {
        match self.lease_ms {
            None => Pace::default(),
            Some(lease_ms) => {
                let lease = Duration::from_millis(lease_ms);
                Pace { lease, beat: lease / 5, ..Pace::default() }
            }
        }
    }
}
