//! What the provider says about a message after it took it.
//!
//! Reports come in any order and may come before we know the provider's id of the message: those wait in
//! `email_feedback` until it is known.

use std::time::Duration;

use bson::{DateTime, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::model::{Channel, Delivery, KEPT, Report};
use super::suppression::{self, Why};
use crate::app::App;
use crate::db::indexes::Direction::Ascending;
use crate::db::{Db, IndexSpec, Stored, date, timestamp, with_transaction};
use crate::failure::Failure;
use crate::notifications::{self, Event};

/// One report of the provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// The provider's id of the message: `email_logs.message_id`.
    pub message_id: String,
    /// What became of it.
    pub kind: FeedbackKind,
    /// When, by the provider's clock; reports come in any order.
    pub at: Timestamp,
    /// Whom it was for.
    pub to: Vec<String>,
    /// The provider's words, if any.
    pub detail: Option<String>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackKind {
    /// It left the provider.
    Sent,
    /// The other side hesitates.
    Delayed,
    /// The other side took it.
    Delivered,
    /// It came back; `permanent` ones suppress the address.
    Bounced {
        /// Whether trying again is pointless.
        permanent: bool,
    },
    /// The person called it spam; suppresses the address.
    Complained,
    /// The provider couldn't send it.
    Failed,
    /// The provider refuses the address.
    Suppressed,
}

impl FeedbackKind {
    fn delivery(self) -> Delivery {
        match self {
            Self::Sent => Delivery::Sent,
            Self::Delayed => Delivery::Delayed,
            Self::Delivered => Delivery::Delivered,
            Self::Bounced { .. } => Delivery::Bounced,
            Self::Complained => Delivery::Complained,
            Self::Failed => Delivery::Failed,
            Self::Suppressed => Delivery::Suppressed,
        }
    }

    fn suppresses(self) -> Option<Why> {
        match self {
            Self::Bounced { permanent: true } => Some(Why::Bounced),
            Self::Complained => Some(Why::Complained),
            Self::Suppressed => Some(Why::Provider),
            Self::Sent | Self::Delayed | Self::Delivered | Self::Bounced { permanent: false } | Self::Failed => None,
        }
    }

    /// Whether it means that nobody got the message.
    fn is_lost(self) -> bool {
        matches!(self, Self::Bounced { .. } | Self::Failed | Self::Suppressed)
    }
}

/// Longest time a report waits for its message.
const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Waiting reports looked at in one go.
const AT_A_TIME: i64 = 200;

/// A document of `email_feedback`: a report whose message isn't known yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waiting {
    #[serde(rename = "_id")]
    id: String,
    message_id: String,
    kind: FeedbackKind,
    at: DateTime,
    to: Vec<String>,
    detail: Option<String>,
    expires_at: DateTime,
}

impl Stored for Waiting {
    const COLLECTION: &'static str = "email_feedback";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("message_id", &[("message_id", Ascending)]),
        IndexSpec::new("expires_at", &[("expires_at", Ascending)]).expires_after(Duration::ZERO),
    ];
}

impl Waiting {
    fn report(&self) -> Feedback {
        Feedback {
            message_id: self.message_id.clone(),
            kind: self.kind,
            at: timestamp(self.at).unwrap_or_default(),
            to: self.to.clone(),
            detail: self.detail.clone(),
        }
    }
}

/// Applies a report, in the transaction that marks its delivery as processed. `false`: no message of ours, or not yet;
/// the report waits for a week.
pub async fn apply_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    feedback: &Feedback,
) -> Result<bool, Failure> {
    if apply_known_in(session, db, now, feedback).await? {
        return Ok(true);
    }
    let waiting = Waiting {
        id: uuid::Uuid::new_v4().to_string(),
        message_id: feedback.message_id.clone(),
        kind: feedback.kind,
        at: date(feedback.at),
        to: feedback.to.clone(),
        detail: feedback.detail.clone(),
        expires_at: date(now + LIFE),
    };
    db.stored::<Waiting>().insert_one(waiting).session(session).await?;
    Ok(false)
}

/// Applies a report to its message, if it is ours.
async fn apply_known_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    feedback: &Feedback,
) -> Result<bool, Failure> {
    let rows = Channel::Email.rows(db);
    let by_message = doc! { "message_id": &feedback.message_id };
    let Some(row) = rows.find_one(by_message).session(&mut *session).await? else { return Ok(false) };
    let delivery = feedback.kind.delivery();
    let report = Report { at: date(feedback.at), delivery, detail: feedback.detail.clone() };
    let report = bson::serialize_to_document(&report).map_err(anyhow::Error::from)?;
    let pushed = doc! { "reports": { "$each": [report], "$sort": { "at": 1 }, "$slice": -KEPT } };
    rows.update_one(doc! { "_id": row.oid }, doc! { "$push": pushed }).session(&mut *session).await?;
    let higher = doc! { "_id": row.oid, "delivery_rank": { "$lt": delivery.rank() } };
    let change = doc! { "$set": { "delivery": delivery.as_str(), "delivery_rank": delivery.rank() } };
    let is_news = rows.update_one(higher, change).session(&mut *session).await?.matched_count == 1;
    if let Some(why) = feedback.kind.suppresses() {
        let (detail, id) = (feedback.detail.as_deref(), &feedback.message_id);
        suppression::suppress_in(session, db, row.to(), why, detail, id, feedback.at).await?;
    }
    // An alert that reached nobody is a failure of ours; a customer's full mailbox isn't.
    if is_news && feedback.kind.is_lost() && row.is_urgent {
        let event = Event::MessageFailed {
            channel: Channel::Email.as_str().into(),
            template: row.template,
            log_id: row.id,
            error: delivery.as_str().into(),
        };
        notifications::publish_in(session, db, now, &[event]).await?;
    }
    Ok(true)
}

/// Applies what was said of a message before we knew its id.
pub(super) async fn apply_early(app: &App, message_id: &str) -> Result<(), Failure> {
    let found = app.db.stored::<Waiting>().find(doc! { "message_id": message_id }).await?;
    apply_all(app, found.try_collect().await?).await
}

/// Applies every waiting report whose message is known by now.
pub(super) async fn apply_waiting(app: &App) -> Result<(), Failure> {
    let waiting: Vec<Waiting> = app.db.stored::<Waiting>().find(doc! {}).limit(AT_A_TIME).await?.try_collect().await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = waiting.iter().map(|waiting| waiting.message_id.as_str()).collect();
    let known = Channel::Email.rows(&app.db).distinct("message_id", doc! { "message_id": { "$in": ids } }).await?;
    let known: Vec<&str> = known.iter().filter_map(|id| id.as_str()).collect();
    let known = waiting.into_iter().filter(|waiting| known.contains(&waiting.message_id.as_str())).collect();
    apply_all(app, known).await
}

async fn apply_all(app: &App, waiting: Vec<Waiting>) -> Result<(), Failure> {
    for waiting in &waiting {
        let now = app.clock.now();
        let feedback = &waiting.report();
        with_transaction(&app.db, |session| {
            Box::pin(async move {
                let all = app.db.stored::<Waiting>();
                let gone = all.delete_one(doc! { "_id": &waiting.id }).session(&mut *session).await?;
                if gone.deleted_count == 1 {
                    apply_known_in(&mut *session, &app.db, now, feedback).await?;
                }
                Ok::<_, Failure>(())
            })
        })
        .await?;
    }
    Ok(())
}
