//! An approved plan, carried out in the background: only there are the keys.

use std::time::Duration;

use anyhow::{bail, ensure};
use bson::DateTime;
use serde::{Deserialize, Serialize};

use super::{Approval, apply};
use crate::backup::Depot;
use crate::db::date;
use crate::i18n::backup::retention as words;
use crate::jobs::{Job, Run};

/// How long an approval is good for.
const APPROVAL_LASTS: Duration = Duration::from_secs(15 * 60);

/// Deletes what a person approved on the page.
#[derive(Serialize, Deserialize)]
pub struct Prune {
    /// The plan's hash.
    pub hash: String,
    /// The number that was typed.
    pub count: usize,
    /// Who.
    pub by: String,
    /// When.
    pub approved_at: DateTime,
}

impl Job for Prune {
    const NAME: &'static str = "backups.prune";
    const ATTEMPTS: u32 = 1;
    const LONGEST: Duration = Duration::from_secs(60 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let depot = Depot::of(&run.app)?;
        let age = date(depot.clock.now()).timestamp_millis() - self.approved_at.timestamp_millis();
        ensure!(age <= APPROVAL_LASTS.as_millis() as i64, words::APPROVAL_EXPIRED);
        let approval = Approval { hash: self.hash, count: self.count, by: self.by };
        match apply(&depot, &depot.keys()?.signer, &approval).await {
            Ok(gone) => {
                run.result(words::pruned(gone));
                Ok(())
            }
            Err(refused) => bail!(refused),
        }
    }
}
