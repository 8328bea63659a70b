//! Files nobody shows any more.

use std::time::Duration;

use bson::doc;
use futures::TryStreamExt as _;
use serde::{Deserialize, Serialize};

use super::images::PUBLIC_IMAGE;
use super::model::{AssetStatus, MediaAsset};
use crate::db::date;
use crate::i18n::media as words;
use crate::jobs::{Job, Run};

/// How long a replaced picture can be brought back.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long an upload may take to become somebody's: longer than any draft that holds one is kept.
const PENDING: Duration = Duration::from_secs(100 * 24 * 60 * 60);
/// Files of one run; the rest is the next night's.
const MOST: i64 = 500;

/// Destroys pictures that were replaced a month ago, and those that never became anybody's.
#[derive(Default, Serialize, Deserialize)]
pub struct DestroyOrphans {}

impl Job for DestroyOrphans {
    const NAME: &'static str = "media.destroy_orphans";
    const LONGEST: Duration = Duration::from_secs(10 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let app = &run.app;
        let Some(place) = app.media.place() else { return Ok(()) };
        let assets = app.db.stored::<MediaAsset>();
        let (mut gone, mut failed) = (0_u64, 0_u64);
        // Marked to go in an earlier run that ended before it was done.
        let left = doc! { "status": AssetStatus::Deleted, "is_destroyed": { "$ne": true } };
        let since = |status, kept| doc! { "status": status, "status_at": { "$lte": date(app.clock.now() - kept) } };
        let orphaned = since(AssetStatus::Orphaned, KEPT);
        let pending = since(AssetStatus::Pending, PENDING);
        for (status, due) in
            [(AssetStatus::Deleted, left), (AssetStatus::Orphaned, orphaned), (AssetStatus::Pending, pending)]
        {
            let found: Vec<MediaAsset> =
                assets.find(due).sort(doc! { "status_at": 1 }).limit(MOST).await?.try_collect().await?;
            for asset in found {
                // First out of reach, then destroyed: nobody attaches what is about to go.
                let expected = doc! { "id": &asset.id, "status": status, "status_at": asset.status_at };
                let deleted = doc! { "$set": { "status": AssetStatus::Deleted, "status_at": date(app.clock.now()) } };
                if assets.update_one(expected, deleted).await?.matched_count == 0 {
                    continue;
                }
                match place.account.destroy(PUBLIC_IMAGE, &asset.public_id).await {
                    Ok(()) => {
                        gone += 1;
                        let ours = doc! { "id": &asset.id, "status": AssetStatus::Deleted };
                        assets.update_one(ours, doc! { "$set": { "is_destroyed": true } }).await?;
                    }
                    Err(trouble) => {
                        failed += 1;
                        tracing::warn!(asset = asset.id, "a picture couldn't be destroyed: {trouble}");
                        let back = doc! { "$set": { "status": status, "status_at": asset.status_at } };
                        let ours = doc! { "id": &asset.id, "status": AssetStatus::Deleted };
                        assets.update_one(ours, back).await?;
                    }
                }
            }
        }
        if gone > 0 {
            run.result(words::destroyed(gone));
        }
        anyhow::ensure!(failed == 0, words::not_destroyed(failed));
        Ok(())
    }
}
