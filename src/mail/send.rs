//! Out of the outbox: one sender per channel at a time, whatever the number of instances.
//!
//! The job takes no input but the channel: it looks at what is due and sends it. It is woken by every letter and by a
//! timer, so a lost signal costs a minute and nothing else.
//!
//! A row is claimed before its message is handed over, and what came of it is written only by whoever claimed it. A sender
//! that was killed in between leaves a claimed row whose time comes again: another one hands the same bytes over with the
//! same key, and the provider takes it for what it is.

use std::time::{Duration, Instant};

use bson::{DateTime, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::model::{Channel, Row, Status};
use super::settle::{Next, give_up, is_too_late, settle, skip};
use super::state;
use super::suppression;
use crate::app::App;
use crate::db::{date, timestamp};
use crate::failure::Failure;
use crate::i18n::mail as words;
use crate::jobs::{self, Job, Run, When};

/// Messages of one run of the job; the rest is the next one's, so that a long queue doesn't hold a worker.
const AT_A_TIME: usize = 60;
/// A run ends after this long, for the same reason.
const LONG_ENOUGH: Duration = Duration::from_secs(2 * 60);
/// Rows read at once. Few, so that an alert overtakes a mailing.
const READ: i64 = 5;
/// When a sender finds another one at work.
const LATER: Duration = Duration::from_secs(1);

/// Sends what is due on one channel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendOutbox {
    /// Which one.
    pub channel: Channel,
}

impl Job for SendOutbox {
    const NAME: &'static str = "mail.send_outbox";
    const LONGEST: Duration = Duration::from_secs(5 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        work(&run.app, self.channel).await.map_err(as_error)
    }
}

/// A failure as a job tells it.
pub(super) fn as_error(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Fault(fault) => anyhow::anyhow!("{fault:#}"),
        Failure::Refused(refused) => refused.into(),
    }
}

/// One run of the job.
pub(super) async fn work(app: &App, channel: Channel) -> Result<(), Failure> {
    let sender = uuid::Uuid::new_v4().to_string();
    if !state::take(&app.db, channel, app.clock.now(), &sender).await? {
        // Whoever sends now may have looked before our row was there.
        return again(app, channel, app.clock.now() + LATER, "busy").await;
    }
    let done = send_due(app, channel, &sender).await;
    state::leave(&app.db, channel, &sender).await?;
    if done? {
        again(app, channel, app.clock.now(), "more").await?;
    }
    Ok(())
}

/// Comes back at `at`; one such job at a time.
pub(super) async fn again(app: &App, channel: Channel, at: Timestamp, why: &str) -> Result<(), Failure> {
    let key = format!("{}:{}:{why}", SendOutbox::NAME, channel.as_str());
    let when = When { not_before: Some(at), key: Some(key) };
    Ok(jobs::enqueue(&app.db, app.clock.now(), &SendOutbox { channel }, &when).await?)
}

/// Sends until nothing is due; `true` when there is more.
async fn send_due(app: &App, channel: Channel, sender: &str) -> Result<bool, Failure> {
    let Some(provider) = app.post.provider(channel) else { return Ok(false) };
    let (began, mut sent) = (Instant::now(), 0);
    loop {
        let now = app.clock.now();
        let shared = state::read(&app.db, channel).await?;
        let held_until = shared.as_ref().and_then(|state| state.held_until).and_then(timestamp);
        if held_until.is_some_and(|until| now < until) {
            return Ok(false);
        }
        let due = due(app, channel, now).await?;
        if due.is_empty() {
            return Ok(false);
        }
        for row in due {
            if sent == AT_A_TIME || began.elapsed() > LONG_ENOUGH || app.stopping.has_begun() {
                return Ok(true);
            }
            sent += 1;
            app.post.turn(channel).await;
            if !state::take(&app.db, channel, app.clock.now(), sender).await? {
                // Somebody took us for gone.
                return Ok(false);
            }
            let is_probe = held_until.is_some();
            match send_one(app, channel, provider, row, is_probe).await? {
                Next::Go if is_probe => break,
                Next::Go => {}
                Next::Stop => return Ok(false),
            }
        }
    }
}

/// Rows whose time has come, urgent ones first; among them those of a sender that is gone.
async fn due(app: &App, channel: Channel, now: Timestamp) -> mongodb::error::Result<Vec<Row>> {
    let rows = channel.rows(&app.db);
    for is_urgent in [true, false] {
        let due = doc! {
            "is_urgent": is_urgent,
            "next_attempt_at": { "$gt": DateTime::from_millis(0), "$lte": date(now) },
        };
        let found: Vec<Row> =
            rows.find(due).sort(doc! { "next_attempt_at": 1 }).limit(READ).await?.try_collect().await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// One message, from its claim to what came of it.
async fn send_one(app: &App, channel: Channel, provider: &str, seen: Row, is_probe: bool) -> Result<Next, Failure> {
    let now = app.clock.now();
    if let Some(reason) = why_skip(app, channel, &seen).await? {
        skip(app, channel, &seen, &reason).await?;
        return Ok(Next::Go);
    }
    if is_too_late(&seen, now) {
        give_up(
            app,
            channel,
            &seen,
            doc! { "_id": seen.oid, "next_attempt_at": seen.next_attempt_at },
            words::TOO_LATE,
            None,
        )
        .await?;
        return Ok(Next::Go);
    }
    let Some(row) = claim(app, channel, &seen, now).await? else { return Ok(Next::Go) };
    let outcome = app.post.send(channel, &row).await;
    settle(app, channel, provider, &row, outcome, is_probe).await
}

/// Claims a row as it was seen. Whoever is killed from here on leaves it to be claimed again.
async fn claim(app: &App, channel: Channel, seen: &Row, now: Timestamp) -> Result<Option<Row>, Failure> {
    let claim = uuid::Uuid::new_v4().to_string();
    let filter = doc! { "_id": seen.oid, "status": seen.status.as_str(), "next_attempt_at": seen.next_attempt_at };
    let change = doc! {
        "$set": {
            "status": Status::Sending.as_str(),
            "claim": &claim,
            "next_attempt_at": date(now + state::LEASE),
        },
        "$inc": { "attempts": 1 },
    };
    let rows = channel.rows(&app.db);
    if rows.update_one(filter, change).await?.matched_count == 0 {
        return Ok(None);
    }
    let mut row = rows.find_one(doc! { "_id": seen.oid, "claim": &claim }).await?;
    if let Some(row) = &mut row
        && seen.status == Status::Sending
        && row.key_used_at.is_none()
    {
        // Its sender was killed: nobody knows what the provider did.
        row.key_used_at = seen.next_attempt_at.and_then(timestamp).map(|until| date(until - state::LEASE));
        let known = doc! { "$set": { "key_used_at": row.key_used_at } };
        rows.update_one(doc! { "_id": row.oid, "claim": &claim }, known).await?;
    }
    Ok(row)
}

async fn why_skip(app: &App, channel: Channel, row: &Row) -> Result<Option<String>, Failure> {
    if channel != Channel::Email || row.is_essential {
        return Ok(None);
    }
    Ok(suppression::reason(&app.db, row.to()).await?.map(words::suppressed))
}
