//! Restores in the background.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{extraction, running, scratch, standing};
use crate::audit::{self, Action, Entry, Who};
use crate::backup::Depot;
use crate::i18n::backup::restore as words;
use crate::jobs::{Job, Run};

/// Does a restore that a person confirmed, or goes on with it.
#[derive(Serialize, Deserialize)]
pub struct RestoreBackup {
    /// The new database.
    pub database: String,
}

impl Job for RestoreBackup {
    const NAME: &'static str = "restores.run";
    const ATTEMPTS: u32 = 3;
    const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let depot = Depot::of(&run.app)?;
        let ended = tokio::select! {
            ended = running::execute(&depot, &self.database) => ended,
            () = run.ended() => anyhow::bail!(words::TAKEN_AWAY),
        };
        match ended {
            Ok(record) if run.attempt > 1 && record.state == "failed" => anyhow::bail!(words::ended(&record)),
            Ok(record) => {
                let details = bson::doc! { "source": &record.source, "state": &record.state };
                let entry = Entry::new(Action::BackupRestored).target("database", &self.database).details(details);
                audit::record_as(&depot.db, depot.clock.now(), Who::default(), entry)
                    .await
                    .map_err(|failure| anyhow::anyhow!("recording the restore in the audit log: {failure:?}"))?;
                run.result(words::ended(&record));
                // A failed restore is said out loud, by the notice every job gets that gives up.
                anyhow::ensure!(record.state == "done", words::ended(&record));
                Ok(())
            }
            Err(error) => {
                if run.attempt >= Self::ATTEMPTS {
                    standing::give_up(&depot, &self.database, words::GAVE_UP).await?;
                }
                Err(error)
            }
        }
    }
}

/// Removes previews whose week is over, forgets documents that were looked up yesterday, gives up what was abandoned.
#[derive(Default, Serialize, Deserialize)]
pub struct ExpirePreviews {}

impl Job for ExpirePreviews {
    const NAME: &'static str = "restores.expire_previews";
    const LONGEST: Duration = Duration::from_secs(10 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let depot = Depot::of(&run.app)?;
        extraction::forget(&depot).await?;
        standing::give_up_abandoned(&depot).await?;
        scratch::clear_abandoned(&depot).await?;
        let gone = scratch::expire_previews(&depot).await?;
        run.result(words::expired(&gone));
        Ok(())
    }
}
