//! Links that prove something once: that an address is somebody's, that somebody may choose a new password.
//!
//! The link holds 256 random bits, the database only their digest. One link of a kind is good at a time: a new one ends the
//! one before.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bson::{DateTime, doc};
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::db::indexes::Direction::Ascending;
use crate::db::{Db, IndexSpec, Stored, date};
use crate::failure::Failure;
use crate::values::names::names;
use crate::web::answer::random_token;

const TOKEN_BYTES: usize = 32;

names! {
    /// What a link is for.
    TokenKind {
        /// The address is theirs.
        VerifyEmail = "verify_email",
        /// A new password.
        ResetPassword = "reset_password",
    }
}

impl TokenKind {
    /// How long it is good.
    pub fn life(self) -> Duration {
        match self {
            Self::VerifyEmail => Duration::from_secs(24 * 60 * 60),
            Self::ResetPassword => Duration::from_secs(60 * 60),
        }
    }
}

/// A document of `auth_tokens`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuthToken {
    /// The public id; not a secret.
    pub id: String,
    /// Whose.
    pub user_id: String,
    /// The address it was sent to.
    pub email: String,
    /// What for.
    pub kind: TokenKind,
    /// SHA-256 of the token, in hexadecimal.
    token_hash: String,
    /// Where the person was going, a path of ours.
    #[serde(default)]
    pub next: Option<String>,
    /// Until when.
    pub expires_at: DateTime,
    /// When it was used.
    #[serde(default)]
    pub used_at: Option<DateTime>,
}

impl Stored for AuthToken {
    const COLLECTION: &'static str = "auth_tokens";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("token_hash", &[("token_hash", Ascending)]).unique(),
        IndexSpec::new("user", &[("user_id", Ascending), ("kind", Ascending)]),
        IndexSpec::new("expires_at", &[("expires_at", Ascending)]).expires_after(Duration::ZERO),
    ];
}

/// A new link for a person, and the text that goes into it.
pub(super) fn issue(
    now: Timestamp,
    kind: TokenKind,
    user_id: &str,
    email: &str,
    next: Option<&str>,
) -> (AuthToken, String) {
    let text = random_token::<TOKEN_BYTES>();
    let token = AuthToken {
        id: uuid::Uuid::new_v4().to_string(),
        user_id: user_id.into(),
        email: email.into(),
        kind,
        token_hash: digest(&text),
        next: next.map(str::to_owned),
        expires_at: date(now + kind.life()),
        used_at: None,
    };
    (token, text)
}

/// Keeps a new link and ends those before it.
pub(super) async fn keep_in(session: &mut ClientSession, db: &Db, token: &AuthToken) -> Result<(), Failure> {
    let tokens = db.stored::<AuthToken>();
    let before = doc! { "user_id": &token.user_id, "kind": token.kind };
    tokens.delete_many(before).session(&mut *session).await?;
    tokens.insert_one(token).session(session).await?;
    Ok(())
}

/// The link a text stands for, while it is good.
pub(super) async fn find(db: &Db, now: Timestamp, kind: TokenKind, text: &str) -> Result<Option<AuthToken>, Failure> {
    let Some(filter) = good(now, kind, text) else { return Ok(None) };
    Ok(db.stored::<AuthToken>().find_one(filter).await?)
}

/// Uses a link up; false when it isn't good any more.
pub(super) async fn use_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    kind: TokenKind,
    text: &str,
) -> Result<bool, Failure> {
    let Some(filter) = good(now, kind, text) else { return Ok(false) };
    let used = doc! { "$set": { "used_at": date(now) } };
    Ok(db.stored::<AuthToken>().update_one(filter, used).session(session).await?.matched_count == 1)
}

fn good(now: Timestamp, kind: TokenKind, text: &str) -> Option<bson::Document> {
    let is_token = URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == TOKEN_BYTES);
    is_token.then(|| {
        doc! { "token_hash": digest(text), "kind": kind, "used_at": null, "expires_at": { "$gt": date(now) } }
    })
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
