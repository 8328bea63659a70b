//! Business jobs that came due while the previous system was in charge.

use std::time::Duration;

use bson::{DateTime, Document, doc};
use canje::adopt::Adoption;
use canje::jobs::{self, Job, Registry, Run};
use serde::{Deserialize, Serialize};

use super::demo;

#[derive(Default, Serialize, Deserialize)]
struct Business {}

impl Job for Business {
    const NAME: &'static str = "trial.business";
    const BUSINESS: bool = true;

    async fn run(self, _run: Run) -> anyhow::Result<()> {
        Ok(())
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Housework {}

impl Job for Housework {
    const NAME: &'static str = "trial.housework";

    async fn run(self, _run: Run) -> anyhow::Result<()> {
        Ok(())
    }
}

#[derive(Default, Serialize, Deserialize)]
struct EveryMoment {}

impl Job for EveryMoment {
    const NAME: &'static str = "trial.every_moment";
    const BUSINESS: bool = true;

    async fn run(self, _run: Run) -> anyhow::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn missed_business_is_listed_at_the_end_and_not_made_up_for() {
    let legacy = demo().await;
    let often = Duration::from_millis(1);
    let jobs =
        Registry::default().cron::<Business>("0 6 * * *").cron::<Housework>("0 6 * * *").every::<EveryMoment>(often);
    legacy.adoption().run().await.unwrap();
    let longer_ago =
        doc! { "$set": { "since": DateTime::from_millis(DateTime::now().timestamp_millis() - 200_000_000) } };
    let states = legacy.db().live.collection::<Document>("adopt_state");
    assert_eq!(states.update_one(doc! { "_id": "mirror" }, longer_ago).await.unwrap().matched_count, 1);
    let report = Adoption { finish: true, jobs, ..legacy.adoption() }.run().await.unwrap();
    assert_eq!(report.finish.unwrap().overdue_jobs, [Business::NAME]);
    let since = jobs::known_since(legacy.db(), Business::NAME).await.unwrap();
    let state = canje::adopt::state::find(legacy.db()).await.unwrap().unwrap();
    assert_eq!(since, state.finished_at, "its schedule begins where the mirror ends");
    assert_eq!(jobs::known_since(legacy.db(), Housework::NAME).await.unwrap(), None);
}
