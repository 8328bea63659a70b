//! Jobs that only tests and benches run.

use std::process::ExitCode;

use anyhow::ensure;
use bson::{Document, doc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Job, Run, When, enqueue};
use crate::db::Db;

/// Does nothing: what the queue itself costs.
#[derive(Default, Serialize, Deserialize)]
pub struct Nothing;

impl Job for Nothing {
    const NAME: &'static str = "trial.nothing";

    async fn run(self, _run: Run) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Writes its number into `trial_ledger`: once, however often it runs.
#[derive(Serialize, Deserialize)]
pub struct Ledger {
    /// The number.
    pub number: i64,
    /// How long it takes before and after writing, in milliseconds.
    pub takes_ms: u64,
    /// Whether it fails instead.
    pub fails: bool,
}

impl Job for Ledger {
    const NAME: &'static str = "trial.write_ledger";

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let pause = std::time::Duration::from_millis(self.takes_ms);
        tokio::time::sleep(pause).await;
        ensure!(!self.fails, "this job always fails");
        // The amount is booked once; `runs` only counts how often somebody tried.
        let booked = doc! { "$setOnInsert": { "effect": 1 }, "$inc": { "runs": 1 } };
        let ledger = run.app.db.live.collection::<Document>("trial_ledger");
        ledger.update_one(doc! { "_id": self.number }, booked).upsert(true).await?;
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

/// Dies at its first attempt ever and is done at its second: what a person tries again.
#[derive(Serialize, Deserialize)]
pub struct Stumble {
    /// Tells several of them apart.
    pub name: String,
}

impl Job for Stumble {
    const NAME: &'static str = "trial.stumble";
    const ATTEMPTS: u32 = 1;

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let stones = run.app.db.live.collection::<Document>("trial_stones");
        let met = doc! { "$inc": { "met": 1 } };
        let before = stones.update_one(doc! { "_id": &self.name }, met).upsert(true).await?.matched_count;
        run.log(format!("{}: met {before} times before", self.name)).await?;
        ensure!(before > 0, "{} stumbled", self.name);
        run.result(format!("{} went on", self.name));
        Ok(())
    }
}

/// `canje stumble NAME`: enqueues a [`Stumble`], for the browser's journeys.
pub async fn stumble(db: &Db, name: String) -> anyhow::Result<ExitCode> {
    enqueue(db, Timestamp::now(), &Stumble { name }, &When::default()).await?;
    Ok(ExitCode::SUCCESS)
}
