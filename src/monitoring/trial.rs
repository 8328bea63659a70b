//! The test event: proves the loop from our page through Sentry and its webhook back to a notice.

use std::time::Duration;

use bson::{DateTime, doc};
use jiff::Timestamp;
use sentry::protocol::Event as Captured;
use sentry::{Hub, Level};
use serde::{Deserialize, Serialize};

use super::transport;
use crate::ctx::Ctx;
use crate::db::{Db, IndexSpec, Stored, date, timestamp};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::monitoring as words;
use crate::notifications::SystemNotice;
use crate::webhooks::model::Delivery;

/// How long the page waits for Sentry to take the event.
const FLUSH: Duration = Duration::from_secs(3);
/// The one document's id.
const ID: &str = "sentry";
/// How long after the event its webhook and its notice are looked for.
const LOOKED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// The last test event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trial {
    #[serde(rename = "_id")]
    id: String,
    /// The event's id, 32 hexadecimal digits.
    pub event_id: String,
    /// When it was made.
    pub asked_at: DateTime,
    /// Who made it.
    pub asked_by: String,
    /// Whether Sentry took it.
    pub is_sent: bool,
    /// What Sentry said when it didn't.
    #[serde(default)]
    pub failure: Option<String>,
}

impl Stored for Trial {
    const COLLECTION: &'static str = "monitoring_trials";
    const INDEXES: &'static [IndexSpec] = &[];
}

/// The last test event and how far it got.
#[derive(Clone, Debug)]
pub struct Progress {
    /// When it was made.
    pub asked_at: Timestamp,
    /// Who made it.
    pub asked_by: String,
    /// The event.
    pub event_id: String,
    /// Whether Sentry took it, or why not.
    pub sent: Result<(), String>,
    /// When its webhook arrived.
    pub webhook_at: Option<Timestamp>,
    /// The notice it became.
    pub notice_id: Option<String>,
}

impl Progress {
    /// Whether nothing more will change.
    pub fn is_over(&self) -> bool {
        self.sent.is_err() || self.notice_id.is_some()
    }
}

/// Makes an event and waits until Sentry took it, or doesn't. Each is an issue of its own, so that an alert rule «on every
/// new issue» reports each of them.
pub async fn begin(ctx: &Ctx) -> Result<(), Failure> {
    let asked_by = ctx.person()?.name.clone();
    // Before anything leaves: what comes back is looked for from here on.
    let asked_at = date(ctx.now());
    let client = Hub::current().client().filter(|client| client.is_enabled());
    let (Some(client), Some(dsn)) = (client, &ctx.app.config.integrations.sentry_dsn) else {
        return Err(Failure::invalid("event", words::NO_DSN));
    };
    let begun = Timestamp::now();
    let event_id = uuid::Uuid::new_v4();
    sentry::capture_event(Captured {
        event_id,
        level: Level::Error,
        message: Some(words::test_event(&event_id.simple().to_string()[..8])),
        transaction: Some("canje.test".to_owned()),
        fingerprint: vec![event_id.simple().to_string().into()].into(),
        ..Captured::default()
    });
    let flushed = tokio::task::spawn_blocking(move || client.flush(Some(FLUSH))).await.map_err(anyhow::Error::from)?;
    let last = transport::last(dsn);
    // Lines of other events may have gone out in between; what counts is that the way was open since.
    let failure = match last {
        last if last.success_at.is_some_and(|at| at >= begun) => None,
        transport::Last { failure: Some((at, said)), .. } if at >= begun => Some(said),
        _ if flushed => Some(words::NOT_SENT.to_owned()),
        _ => Some(words::TOO_SLOW.to_owned()),
    };
    let trial = Trial {
        id: ID.into(),
        event_id: event_id.simple().to_string(),
        asked_at,
        asked_by,
        is_sent: failure.is_none(),
        failure,
    };
    ctx.app.db.stored::<Trial>().replace_one(doc! { "_id": ID }, trial).upsert(true).await?;
    Ok(())
}

/// How far the last one got; `None` before the first.
pub async fn progress(db: &Db) -> Result<Option<Progress>, Failure> {
    let Some(trial) = db.stored::<Trial>().find_one(doc! { "_id": ID }).await? else { return Ok(None) };
    let asked_at = timestamp(trial.asked_at).ok_or(AppError::NotFound)?;
    let about_then = doc! { "$gte": date(asked_at), "$lte": date(asked_at + LOOKED_FOR) };
    let deliveries = db.live.collection::<bson::Document>(Delivery::COLLECTION);
    let arrived = doc! { "source": "sentry", "received_at": &about_then, "fields.alert.event_id": &trial.event_id };
    let notices = db.live.collection::<bson::Document>(SystemNotice::COLLECTION);
    let told = doc! { "metadata.event_id": &trial.event_id, "created_at": about_then };
    let (delivery, notice) =
        tokio::try_join!(async { deliveries.find_one(arrived).projection(doc! { "received_at": 1 }).await }, async {
            notices.find_one(told).projection(doc! { "id": 1 }).await
        },)?;
    Ok(Some(Progress {
        asked_at,
        asked_by: trial.asked_by,
        event_id: trial.event_id,
        sent: if trial.is_sent { Ok(()) } else { Err(trial.failure.unwrap_or_default()) },
        webhook_at: delivery.and_then(|found| found.get_datetime("received_at").ok().copied()).and_then(timestamp),
        notice_id: notice.and_then(|found| found.get_str("id").ok().map(str::to_owned)),
    }))
}
