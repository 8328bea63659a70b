//! The work in the background: the schedules, what is asked for by hand, the alarms.
//!
//! A run that ends failed is a result, on record and told; its job is done. A job fails only when the result couldn't be
//! recorded: then it is tried again, and goes on with the same run.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Depot;
use super::model::{BackupId, Person, State, Trigger};
use super::record::BackupRun;
use super::run::{self, Unwanted, Wanted};
use crate::i18n::backup::checks;
use crate::i18n::backup::run as words;
use crate::i18n::backup::told;
use crate::jobs::{self, Job, Run, When};
use crate::notifications::Event;

/// How long a run may take in all.
const LONG: Duration = Duration::from_secs(12 * 60 * 60);
/// When a schedule tries again that met another run.
const LATER: Duration = Duration::from_secs(10 * 60);

/// Takes a backup that somebody asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeBackup {
    /// The run, on record as queued.
    pub id: BackupId,
}

impl TakeBackup {
    /// One job for each run.
    pub fn when(id: &BackupId) -> When {
        When { not_before: None, key: Some(format!("{}:{id}", Self::NAME)) }
    }
}

impl Job for TakeBackup {
    const NAME: &'static str = "backups.take";
    const LONGEST: Duration = LONG;

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let depot = Depot::of(&run.app)?;
        let ended = run::execute(&depot, &self.id, words::WORKER).await?;
        report(&run, &ended).await
    }
}

/// Takes the daily backup, to the first store.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DailyBackup {}

impl Job for DailyBackup {
    const NAME: &'static str = "backups.daily";
    const LONGEST: Duration = LONG;

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let depot = Depot::of(&run.app)?;
        let first = depot.stores.first().map(|store| vec![store.name().to_owned()]);
        scheduled(&run, &depot, self, words::DAILY, first.unwrap_or_default()).await
    }
}

/// Takes the weekly backup, to all stores.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WeeklyBackup {}

impl Job for WeeklyBackup {
    const NAME: &'static str = "backups.weekly";
    const LONGEST: Duration = LONG;

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let depot = Depot::of(&run.app)?;
        let all = depot.stores.iter().map(|store| store.name().to_owned()).collect();
        scheduled(&run, &depot, self, words::WEEKLY, all).await
    }
}

async fn scheduled<J: Job>(run: &Run, depot: &Depot, job: J, who: &str, stores: Vec<String>) -> anyhow::Result<()> {
    let wanted = Wanted {
        trigger: Trigger::Schedule,
        person: Person { user_id: None, name: who.into() },
        stores: Some(stores),
        databases: None,
    };
    match run::request_for(depot, wanted, &run.id).await {
        Ok(asked) => {
            let ended = run::execute(depot, &asked.id, who).await?;
            report(run, &ended).await
        }
        Err(Unwanted::UnderWay(other)) => {
            let now = depot.clock.now();
            let again = When { not_before: Some(now + LATER), key: Some(format!("{}:again", J::NAME)) };
            jobs::enqueue(&depot.db, now, &job, &again).await?;
            run.result(words::postponed(&other));
            Ok(())
        }
        Err(Unwanted::NoStore(why)) => {
            // Nobody would otherwise hear that there is no backup at all.
            let event = Event::BackupFailed { run: String::new(), error: why.clone() };
            run::tell(depot, event).await?;
            run.result(why);
            Ok(())
        }
        Err(Unwanted::Fault(error)) => Err(error),
    }
}

async fn report(run: &Run, ended: &BackupRun) -> anyhow::Result<()> {
    let said = told::ended(checks::state(ended.status), ended.error.as_deref());
    if ended.status != State::Complete {
        run.log(&said).await?;
    }
    run.result(said);
    Ok(())
}

/// Restores the newest complete backup for trial, once a month.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MonthlyDrill {}

impl Job for MonthlyDrill {
    const NAME: &'static str = "backups.monthly_drill";
    const LONGEST: Duration = LONG;

    async fn run(self, run: Run) -> anyhow::Result<()> {
        run.result(run::drill(&Depot::of(&run.app)?).await?);
        Ok(())
    }
}

/// Re-reads a thirtieth of everything, and looks for what vanished.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reread {}

impl Job for Reread {
    const NAME: &'static str = "backups.reread";
    const LONGEST: Duration = LONG;

    async fn run(self, run: Run) -> anyhow::Result<()> {
        run.result(run::reread(&Depot::of(&run.app)?).await?);
        Ok(())
    }
}

/// Each minute: fails a run nobody does any more, and says when backups are late.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WatchBackups {}

impl Job for WatchBackups {
    const NAME: &'static str = "backups.watch";

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let depot = Depot::of(&run.app)?;
        run::fail_silent(&depot).await?;
        run::look_for_lateness(&depot).await
    }
}
