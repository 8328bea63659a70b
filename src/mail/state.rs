//! What a channel's senders share: who is sending, and whether the provider takes anything.

use std::time::Duration;

use bson::{DateTime, doc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::model::Channel;
use super::transport::Said;
use crate::app::App;
use crate::db::{Db, Stored, date, with_transaction};
use crate::failure::Failure;
use crate::notifications::{self, Event};

/// How long a sender may be silent before another one takes its place; longer than any provider's patience.
pub(super) const LEASE: Duration = Duration::from_secs(90);
/// How often a provider that refuses everything is tried again, with one message.
const PROBE: Duration = Duration::from_secs(5 * 60);

/// A document of `outbox_state`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    /// The channel.
    #[serde(rename = "_id")]
    pub channel: String,
    /// The sender.
    #[serde(default)]
    pub sender: Option<String>,
    /// Until when.
    #[serde(default)]
    pub lease_until: Option<DateTime>,
    /// While the provider refuses everything: why.
    #[serde(default)]
    pub held_reason: Option<String>,
    /// Since when.
    #[serde(default)]
    pub held_since: Option<DateTime>,
    /// When it is tried again.
    #[serde(default)]
    pub held_until: Option<DateTime>,
    /// The last message the provider took.
    #[serde(default)]
    pub last_success_at: Option<DateTime>,
    /// The last answer that wasn't that.
    #[serde(default)]
    pub last_error: Option<String>,
    /// When.
    #[serde(default)]
    pub last_error_at: Option<DateTime>,
    /// Whether it has been said that messages wait for too long.
    #[serde(default)]
    pub is_stalled: bool,
}

impl Stored for State {
    const COLLECTION: &'static str = "outbox_state";
}

/// Reads it; none before the first message.
pub(super) async fn read(db: &Db, channel: Channel) -> mongodb::error::Result<Option<State>> {
    db.stored::<State>().find_one(doc! { "_id": channel.as_str() }).await
}

/// Becomes the channel's sender, if nobody is.
pub(super) async fn take(db: &Db, channel: Channel, now: Timestamp, sender: &str) -> mongodb::error::Result<bool> {
    let states = db.stored::<State>();
    let made = states
        .update_one(doc! { "_id": channel.as_str() }, doc! { "$setOnInsert": { "is_stalled": false } })
        .upsert(true)
        .await;
    match made {
        Err(error) if !Db::is_duplicate(&error) => return Err(error),
        _ => {}
    }
    // A lease further ahead than any is: the clock was put back.
    let free = doc! { "$or": [
        { "sender": null },
        { "sender": sender },
        { "lease_until": { "$lte": date(now) } },
        { "lease_until": { "$gt": date(now + LEASE * 2) } },
    ] };
    let filter = doc! { "$and": [{ "_id": channel.as_str() }, free] };
    let change = doc! { "$set": { "sender": sender, "lease_until": date(now + LEASE) } };
    Ok(states.update_one(filter, change).await?.matched_count == 1)
}

/// Lets another one send.
pub(super) async fn leave(db: &Db, channel: Channel, sender: &str) -> mongodb::error::Result<()> {
    let filter = doc! { "_id": channel.as_str(), "sender": sender };
    db.stored::<State>().update_one(filter, doc! { "$set": { "sender": null } }).await.map(drop)
}

/// Remembers that the provider refuses everything, and says so once per reason. Returns when it is tried again.
pub(super) async fn hold(app: &App, channel: Channel, provider: &str, said: &Said) -> Result<Timestamp, Failure> {
    let now = app.clock.now();
    let until = now + PROBE;
    let code = said.code();
    let (shown, code) = (&said.to_string(), &code);
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            let states = app.db.stored::<State>();
            let id = doc! { "_id": channel.as_str() };
            let before = states.find_one(id.clone()).session(&mut *session).await?;
            let is_news = before.as_ref().and_then(|state| state.held_reason.as_ref()) != Some(code);
            let mut set = doc! {
                "held_reason": code, "held_until": date(until), "last_error": shown, "last_error_at": date(now),
            };
            if before.is_none_or(|state| state.held_since.is_none()) {
                set.insert("held_since", date(now));
            }
            states.update_one(id, doc! { "$set": set }).session(&mut *session).await?;
            if is_news {
                let event = Event::ProviderRefuses { provider: provider.to_owned(), reason: code.clone() };
                notifications::publish_in(&mut *session, &app.db, now, &[event]).await?;
            }
            Ok::<_, Failure>(())
        })
    })
    .await?;
    Ok(until)
}

/// Remembers that the provider took a message; when it hadn't taken any, says that it does again.
pub(super) async fn accepted(app: &App, channel: Channel, provider: &str, was_held: bool) -> Result<(), Failure> {
    let now = app.clock.now();
    let id = doc! { "_id": channel.as_str() };
    if !was_held {
        let change = doc! { "$set": { "last_success_at": date(now) } };
        app.db.stored::<State>().update_one(id, change).await?;
        return Ok(());
    }
    let id = &id;
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            let change = doc! {
                "$set": { "last_success_at": date(now) },
                "$unset": { "held_reason": "", "held_since": "", "held_until": "" },
            };
            app.db.stored::<State>().update_one(id.clone(), change).session(&mut *session).await?;
            let event = Event::ProviderAccepts { provider: provider.to_owned() };
            notifications::publish_in(&mut *session, &app.db, now, &[event]).await
        })
    })
    .await
}

/// Remembers an answer that wasn't «taken».
pub(super) async fn failed(db: &Db, channel: Channel, now: Timestamp, said: &Said) -> mongodb::error::Result<()> {
    let change = doc! { "$set": { "last_error": said.to_string(), "last_error_at": date(now) } };
    db.stored::<State>().update_one(doc! { "_id": channel.as_str() }, change).await.map(drop)
}
