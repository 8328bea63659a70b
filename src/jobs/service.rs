//! What people may do with jobs.

use bson::doc;

use super::record::{JobRun, RunStatus};
use crate::app::App;
use crate::notifications::{self, Event};

/// Says that nothing of a job is dead any more, if that is so.
pub(super) async fn recovered(app: &App, job: &str) -> anyhow::Result<()> {
    let dead = doc! { "status": RunStatus::Dead.as_str(), "job": job };
    if app.db.stored::<JobRun>().find_one(dead).await?.is_none() {
        let event = Event::JobRecovered { job: job.into() };
        notifications::publish(&app.db, app.clock.now(), &[event])
            .await
            .map_err(|failure| anyhow::anyhow!("a recovery could not be told: {failure:?}"))?;
    }
    Ok(())
}
