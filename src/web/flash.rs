//! What one request leaves for the next page: a notice, or a refused form with what was typed.
//!
//! It waits in `flashes` for ten minutes under a random key that only the cookie holds, and is taken by the first page that
//! shows it. Guests have one too: the sign-in form needs it. Passwords are never kept.

use std::collections::BTreeMap;
use std::time::Duration;

use bson::{DateTime, doc};
use http::HeaderValue;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::db::indexes::Direction;
use crate::db::{IndexSpec, Stored, date};
use crate::error::FieldProblem;
use crate::failure::Failure;
use crate::web::answer::random_token;

/// The cookie that names a waiting flash.
pub const COOKIE: &str = "__Host-flash";
/// How long a flash waits.
const LIFE: Duration = Duration::from_secs(10 * 60);

/// What waits for the next page. Empty on most requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flash {
    /// A sentence about what was just done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// Bad fields of a refused form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<FieldProblem>,
    /// What was typed, by field; passwords excepted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// A sentence shown once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Whether it is good news.
    pub tone: Tone,
    /// The sentence, from the catalogue.
    pub text: String,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// It was done.
    Success,
    /// Something to know.
    Info,
    /// It wasn't done.
    Error,
}

#[derive(Serialize, Deserialize)]
struct StoredFlash {
    #[serde(rename = "_id")]
    key: String,
    flash: Flash,
    expires_at: DateTime,
}

impl Stored for StoredFlash {
    const COLLECTION: &'static str = "flashes";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("expires_at", &[("expires_at", Direction::Ascending)]).expires_after(Duration::ZERO)];
}

impl Flash {
    /// The problem of a field, if it has one.
    pub fn problem(&self, field: &str) -> Option<String> {
        self.problems.iter().find(|problem| problem.field == field).map(|problem| problem.message.clone())
    }

    /// What was typed in a field.
    pub fn value(&self, field: &str) -> Option<String> {
        self.values.get(field).cloned()
    }
}

/// Keeps a flash and returns the `Set-Cookie` that names it.
pub async fn leave(app: &App, flash: Flash) -> Result<HeaderValue, Failure> {
    let token = random_token::<18>();
    let expires_at = date(app.clock.now() + LIFE);
    let stored = StoredFlash { key: key_of(&token), flash, expires_at };
    app.db.stored::<StoredFlash>().insert_one(stored).await?;
    let cookie = format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", LIFE.as_secs());
    Ok(HeaderValue::try_from(cookie).map_err(anyhow::Error::from)?)
}

/// Takes the flash the cookie names; each is shown once.
pub async fn take(app: &App, token: &str) -> Result<Flash, Failure> {
    let now = date(app.clock.now());
    let filter = doc! { "_id": key_of(token), "expires_at": { "$gt": now } };
    let found = app.db.stored::<StoredFlash>().find_one_and_delete(filter).await?;
    Ok(found.map(|stored| stored.flash).unwrap_or_default())
}

/// The `Set-Cookie` that forgets a taken flash.
pub fn forget() -> HeaderValue {
    HeaderValue::from_static("__Host-flash=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// Index keys of the stored flashes.
pub fn indexes() -> crate::db::Declared {
    crate::db::Declared::of::<StoredFlash>()
}

fn key_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
