//! Addresses that get nothing but what keeps their account safe.

use bson::{DateTime, doc};
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use crate::accounts::model::Email;
use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{Db, IndexSpec, Stored, date};

/// Why an address gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A message came back for good.
    Bounced,
    /// The person called one spam.
    Complained,
    /// The provider refuses the address.
    Provider,
}

impl Why {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::Provider => "provider",
        }
    }
}

/// A document of `email_suppressions`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Suppression {
    /// The normalised address.
    #[serde(rename = "_id")]
    pub email: String,
    /// Why.
    pub why: Why,
    /// The provider's words.
    #[serde(default)]
    pub detail: Option<String>,
    /// The message that showed it.
    #[serde(default)]
    pub message_id: Option<String>,
    /// When, by the provider's clock.
    pub at: DateTime,
    /// Whether it counts; somebody may have lifted it.
    pub is_active: bool,
    /// When it was lifted. Older reports don't bring it back.
    #[serde(default)]
    pub lifted_at: Option<DateTime>,
    /// By whom.
    #[serde(default)]
    pub lifted_by: Option<String>,
}

impl Stored for Suppression {
    const COLLECTION: &'static str = "email_suppressions";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("active", &[("is_active", Ascending), ("at", Descending), ("_id", Descending)])];
}

/// Why the address gets nothing; none when it does.
pub(super) async fn reason(db: &Db, email: &str) -> mongodb::error::Result<Option<Why>> {
    let filter = doc! { "_id": email, "is_active": true };
    Ok(db.stored::<Suppression>().find_one(filter).await?.map(|found| found.why))
}

/// Suppresses an address, unless somebody lifted that later than the report is.
pub(super) async fn suppress_in(
    session: &mut ClientSession,
    db: &Db,
    email: &str,
    why: Why,
    detail: Option<&str>,
    message_id: &str,
    at: Timestamp,
) -> mongodb::error::Result<()> {
    let email = Email::normalise(email);
    let id = doc! { "_id": email.as_str() };
    let suppressions = db.stored::<Suppression>();
    let before = suppressions.find_one(id.clone()).session(&mut *session).await?;
    if before.is_some_and(|before| before.is_active || before.lifted_at.is_some_and(|lifted| lifted > date(at))) {
        return Ok(());
    }
    let change = doc! {
        "$set": {
            "why": why.as_str(), "detail": detail, "message_id": message_id, "at": date(at), "is_active": true,
        },
        "$unset": { "lifted_at": "", "lifted_by": "" },
    };
    suppressions.update_one(id, change).upsert(true).session(&mut *session).await.map(drop)
}

/// Lets an address get mail again. `false`: it does already.
pub(super) async fn lift_in(
    session: &mut ClientSession,
    db: &Db,
    email: &str,
    by: &str,
    now: Timestamp,
) -> mongodb::error::Result<bool> {
    let filter = doc! { "_id": email, "is_active": true };
    let change = doc! { "$set": { "is_active": false, "lifted_at": date(now), "lifted_by": by } };
    let done = db.stored::<Suppression>().update_one(filter, change).session(&mut *session).await?;
    Ok(done.matched_count == 1)
}
