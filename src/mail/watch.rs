//! A look at the outboxes every minute: wakes a sender that missed its signal, and says so when messages wait too long.

use std::time::Duration;

use bson::{DateTime, doc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::feedback;
use super::model::Channel;
use super::send::SendOutbox;
use super::state::{self, State};
use crate::app::App;
use crate::db::{Db, date, timestamp, with_transaction};
use crate::failure::Failure;
use crate::jobs::{self, Job, Run, When};
use crate::notifications::{self, Event};

/// A message that has been due for this long waits too long.
const TOO_LONG: Duration = Duration::from_secs(10 * 60);

/// What waits on a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Which one.
    pub channel: Channel,
    /// Messages whose time has come.
    pub due: u64,
    /// For how long the oldest of them has waited.
    pub oldest: Option<Duration>,
    /// Why the provider takes nothing, while it doesn't.
    pub held: Option<String>,
    /// The last message the provider took.
    pub last_success_at: Option<Timestamp>,
    /// The last answer that wasn't that.
    pub last_error: Option<String>,
    /// When.
    pub last_error_at: Option<Timestamp>,
}

impl Backlog {
    /// Whether messages wait for longer than they should.
    pub fn is_stalled(&self) -> bool {
        self.oldest.is_some_and(|oldest| oldest > TOO_LONG)
    }
}

/// What waits on a channel at `now`.
pub async fn backlog(db: &Db, channel: Channel, now: Timestamp) -> mongodb::error::Result<Backlog> {
    let rows = channel.rows(db);
    let range = doc! { "$gt": DateTime::from_millis(0), "$lte": date(now) };
    let due = doc! { "is_urgent": { "$in": [true, false] }, "next_attempt_at": range };
    let count = rows.count_documents(due.clone()).await?;
    let oldest = match count {
        0 => None,
        _ => rows.find_one(due).sort(doc! { "next_attempt_at": 1 }).await?,
    };
    let since = oldest.and_then(|row| row.next_attempt_at).and_then(timestamp);
    let shared: Option<State> = state::read(db, channel).await?;
    let shared = shared.as_ref();
    Ok(Backlog {
        channel,
        due: count,
        oldest: since.map(|since| now.duration_since(since).unsigned_abs()),
        held: shared.and_then(|state| state.held_reason.clone()),
        last_success_at: shared.and_then(|state| state.last_success_at).and_then(timestamp),
        last_error: shared.and_then(|state| state.last_error.clone()),
        last_error_at: shared.and_then(|state| state.last_error_at).and_then(timestamp),
    })
}

/// Looks at every outbox.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WatchOutbox {}

impl Job for WatchOutbox {
    const NAME: &'static str = "mail.watch_outbox";

    async fn run(self, run: Run) -> anyhow::Result<()> {
        for channel in Channel::ALL {
            watch(&run.app, channel).await.map_err(super::send::as_error)?;
        }
        Ok(())
    }
}

async fn watch(app: &App, channel: Channel) -> Result<(), Failure> {
    let now = app.clock.now();
    if channel == Channel::Email {
        feedback::apply_waiting(app).await?;
    }
    let waiting = backlog(&app.db, channel, now).await?;
    if waiting.due > 0 {
        let key = format!("{}:{}:watch", SendOutbox::NAME, channel.as_str());
        jobs::enqueue(&app.db, now, &SendOutbox { channel }, &When { not_before: None, key: Some(key) }).await?;
    }
    say(app, channel, now, &waiting).await
}

/// Says once that messages wait, until they don't.
async fn say(app: &App, channel: Channel, now: Timestamp, waiting: &Backlog) -> Result<(), Failure> {
    // While the provider refuses everything, that is what has been said.
    let is_stalled = waiting.is_stalled() && waiting.held.is_none();
    let event = Event::OutboxStalled {
        channel: channel.as_str().into(),
        waiting: u32::try_from(waiting.due).unwrap_or(u32::MAX),
    };
    let event = &[event];
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            let other = doc! { "_id": channel.as_str(), "is_stalled": { "$ne": is_stalled } };
            let states = app.db.stored::<State>();
            let change = doc! { "$set": { "is_stalled": is_stalled } };
            let done = states.update_one(other, change).session(&mut *session).await?;
            if done.matched_count == 1 && is_stalled {
                notifications::publish_in(&mut *session, &app.db, now, event).await?;
            }
            Ok::<_, Failure>(())
        })
    })
    .await
}
