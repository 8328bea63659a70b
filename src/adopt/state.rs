//! Whether the live database is its own, a mirror of the legacy one, or its own again.
//!
//! Before the first adoption there is no state and the database is live. The first adoption makes it a mirror: from then on
//! adopted collections refuse every write but adoption's, business jobs and mail pause, and a banner says who is in charge.
//! `canje adopt --finish` ends that for good: there is no way back to mirroring, because from then on people's own work is
//! here.
//!
//! Who writes to an adopted collection calls [`refuse_while_mirroring`] in the transaction of the write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use bson::{DateTime, doc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::lease::Lease;
use crate::db::{Db, Stored, Transaction, date, timestamp, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::jobs::{self, Registry};

const MIRROR: &str = "mirror";

/// The one document that says whose data this is. The lease of a running adoption is its neighbour in the collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mirror {
    #[serde(rename = "_id")]
    key: String,
    /// Where the database stands.
    pub state: MirrorState,
    /// The legacy database it mirrors or mirrored.
    pub source: String,
    /// Since when it mirrors.
    pub since: DateTime,
    /// By how many days business dates were moved: fixed by the first adoption; 0 outside demonstrations.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shift_days: i32,
    /// When it became its own again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime>,
}

fn is_zero(days: &i32) -> bool {
    *days == 0
}

/// Where a database stands that was adopted into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MirrorState {
    /// The legacy system is in charge.
    Mirroring,
    /// The platform is in charge.
    Finished,
}

impl Stored for Mirror {
    const COLLECTION: &'static str = "adopt_state";
}

/// The state; `None` before the first adoption.
pub async fn find(db: &Db) -> mongodb::error::Result<Option<Mirror>> {
    db.stored::<Mirror>().find_one(doc! { "_id": MIRROR }).await
}

/// Whether the live database is a mirror of the legacy one at this moment.
pub async fn is_mirroring(db: &Db) -> mongodb::error::Result<bool> {
    Ok(find(db).await?.is_some_and(|mirror| mirror.state == MirrorState::Mirroring))
}

/// Refuses what may not happen while mirroring. Called inside the transaction that writes: the answer is then of the same
/// moment as the write. A write that slips in while the very first adoption begins is met as a document made here, which
/// adoption works around; after that there is no such moment.
pub async fn refuse_while_mirroring(db: &Db, session: &mut Transaction<'_>) -> Result<(), Failure> {
    let mirror = db.stored::<Mirror>().find_one(doc! { "_id": MIRROR }).session(&mut *session).await?;
    match mirror {
        Some(Mirror { state: MirrorState::Mirroring, .. }) => Err(AppError::Mirroring.into()),
        _ => Ok(()),
    }
}

/// Makes the live database a mirror of `source`, unless it is one already. The caller has checked that it may become one.
pub(super) async fn begin(db: &Db, lease: &Lease, source: &str, shift_days: i32) -> anyhow::Result<()> {
    with_transaction(db, |session| {
        Box::pin(async move {
            lease.hold_on(db, &mut *session).await?;
            let mirrors = db.stored::<Mirror>();
            if mirrors.find_one(doc! { "_id": MIRROR }).session(&mut *session).await?.is_none() {
                let mirror = Mirror {
                    key: MIRROR.into(),
                    state: MirrorState::Mirroring,
                    source: source.to_owned(),
                    since: DateTime::now(),
                    shift_days,
                    finished_at: None,
                };
                mirrors.insert_one(mirror).session(&mut *session).await?;
            }
            anyhow::Ok(())
        })
    })
    .await
}

/// Ends mirroring. The caller holds the lease and has just refreshed everything from `source`. Answers with the business
/// jobs whose time came meanwhile: they aren't run by themselves.
pub(super) async fn finish(db: &Db, lease: &Lease, source: &str, jobs: &Registry) -> anyhow::Result<Vec<String>> {
    let now = Timestamp::now();
    let since = find(db).await?.and_then(|mirror| timestamp(mirror.since)).unwrap_or(now);
    let missed = jobs::missed(db, jobs, since, now).await?;
    with_transaction(db, |session| {
        Box::pin(async move {
            lease.hold_on(db, &mut *session).await?;
            let expected = doc! { "_id": MIRROR, "state": "mirroring", "source": source };
            let finished = doc! { "$set": { "state": "finished", "finished_at": date(now) } };
            let done = db.stored::<Mirror>().update_one(expected, finished).session(&mut *session).await?;
            anyhow::ensure!(done.matched_count == 1, "the mirror of {source} was not there to be finished");
            jobs::begin_business_in(&mut *session, db, jobs, now).await?;
            Ok(())
        })
    })
    .await?;
    Ok(missed)
}

/// How often a running server looks whether the live database is a mirror.
const LOOK: Duration = Duration::from_secs(5);

/// Whether the live database is a mirror, for what every page shows. A few seconds old: what writes asks
/// [`refuse_while_mirroring`], in its own transaction.
#[derive(Clone, Debug, Default)]
pub struct MirrorSign(Arc<AtomicBool>);

impl MirrorSign {
    /// Looks now, and again every few seconds for as long as somebody holds the sign.
    pub async fn watch(db: &Db) -> mongodb::error::Result<Self> {
        let sign = Self::default();
        sign.set(is_mirroring(db).await?);
        let (seen, db) = (Arc::downgrade(&sign.0), db.clone());
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + LOOK, LOOK);
            loop {
                ticks.tick().await;
                let Some(held) = seen.upgrade() else { return };
                // While the database can't be reached, what was last seen still holds; pages say that it can't.
                if let Ok(mirroring) = is_mirroring(&db).await {
                    Self(held).set(mirroring);
                }
            }
        });
        Ok(sign)
    }

    /// What was last seen.
    pub fn is_up(&self) -> bool {
        self.0.load(Relaxed)
    }

    fn set(&self, mirroring: bool) {
        self.0.store(mirroring, Relaxed);
    }
}
