//! Who is signed in. A session is a row in `sessions`; the browser holds 256 random bits that name it, and the database
//! only their digest.
//!
//! Invariants:
//! - a session belongs to the role it was opened under: change the role, suspend or delete the account, take its address
//!   away, and it is over with the next request, whether or not its row was removed as well;
//! - it ends at its absolute limit, and after 30 minutes without a request, measured here;
//! - a token is never reused: signing in always makes a new one and ends the one the browser came with.
//!
//! The last use is written at most once a minute, so that pages don't write. It can lie behind by that much, and the idle
//! limit then comes up to a minute early, never late.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use http::HeaderValue;
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ctx::{Client, Ctx, Person};
use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{Db, IndexSpec, Stored, date};
use crate::failure::Failure;
use crate::values::Role;

/// The cookie. The prefix makes browsers insist on `Secure`, `Path=/` and this very host.
pub const COOKIE: &str = "__Host-sid";

/// What a page's address says when its session ended by itself: `?session_expired=true`.
pub const EXPIRED_PARAMETER: &str = "session_expired";

/// How long without a request.
pub const IDLE: Duration = Duration::from_secs(30 * 60);
/// How long before that end a page warns.
pub const WARN: Duration = Duration::from_secs(5 * 60);
const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const BACK_OFFICE_LIFE: Duration = Duration::from_secs(12 * 60 * 60);
/// How far the written last use may lie behind.
const SEEN_STEP: Duration = Duration::from_secs(60);
/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;

/// How far somebody got in signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The password was right and a second step is due; reaches nothing.
    Password,
    /// Signed in.
    Full,
}

/// A document of `sessions`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// SHA-256 of the token, in hexadecimal.
    #[serde(rename = "_id")]
    digest: String,
    /// What people revoke it by; not a secret.
    pub session_id: String,
    /// Whose.
    pub user_id: String,
    /// How far they got.
    pub level: Level,
    /// The role it was opened under.
    pub role: Role,
    /// When it was opened.
    pub created_at: DateTime,
    /// The last request, give or take a minute.
    pub last_seen_at: DateTime,
    /// When it ends whatever happens.
    pub absolute_expires_at: DateTime,
    /// Where it was opened from.
    pub ip: String,
    /// With what.
    pub user_agent: String,
}

impl Stored for Session {
    const COLLECTION: &'static str = "sessions";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("absolute_expires_at", &[("absolute_expires_at", Ascending)]).expires_after(Duration::ZERO),
        IndexSpec::new("user_id", &[("user_id", Ascending), ("last_seen_at", Descending)]),
    ];
}

/// What a session cookie turned out to be.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// Not a token of ours.
    Guest,
    /// A token whose session is over: timed out, revoked, or its account no longer allows it.
    Expired,
    /// Signed in.
    Person(Person),
}

/// A new session's secret, for the browser alone.
#[derive(Debug)]
pub struct Opened {
    /// The `Set-Cookie` that carries it.
    pub cookie: HeaderValue,
    /// What people revoke it by.
    pub session_id: String,
}

/// Finds out who a token stands for: one look-up by its digest, joined with the account as it is now.
pub async fn resolve(ctx: &Ctx, token: &str) -> Result<Resolved, Failure> {
    resolve_at(&ctx.app.db, ctx.now(), token).await
}

async fn resolve_at(db: &Db, now: Timestamp, token: &str) -> Result<Resolved, Failure> {
    let Some(digest) = digest_of(token) else { return Ok(Resolved::Guest) };
    let sessions = db.live.collection::<Document>(Session::COLLECTION);
    let found = sessions.aggregate(with_account(doc! { "_id": &digest })).await?.try_next().await?;
    let Some(found) = found else { return Ok(Resolved::Expired) };
    let joined: Joined = bson::deserialize_from_document(found).map_err(anyhow::Error::from)?;
    let Some(mut person) = joined.person(now) else { return Ok(Resolved::Expired) };
    if touch(db, now, &digest, joined.last_seen_at).await? {
        person.session_ends_at = joined.ends_at(date(now));
    }
    Ok(Resolved::Person(person))
}

/// Sessions, each joined with its account as it is now.
fn with_account(sessions: Document) -> [Document; 3] {
    [
        doc! { "$match": sessions },
        doc! { "$lookup": { "from": "users", "localField": "user_id", "foreignField": "user_id", "as": "user" } },
        doc! { "$project": {
            "session_id": 1, "level": 1, "role": 1, "last_seen_at": 1, "absolute_expires_at": 1,
            "user.user_id": 1, "user.email": 1, "user.name": 1, "user.role": 1, "user.status": 1,
            "user.email_verified_at": 1,
        } },
    ]
}

/// Which of these digests stand for somebody signed in, without counting as a use: for what stays open beside pages.
pub async fn alive(db: &Db, now: Timestamp, digests: &[Arc<str>]) -> Result<HashSet<String>, Failure> {
    let asked: Vec<&str> = digests.iter().map(|digest| &**digest).collect();
    let sessions = db.live.collection::<Document>(Session::COLLECTION);
    let mut found = sessions.aggregate(with_account(doc! { "_id": { "$in": asked } })).await?;
    let mut alive = HashSet::new();
    while let Some(found) = found.try_next().await? {
        let digest = found.get_str("_id").map_err(anyhow::Error::from)?.to_owned();
        let joined: Joined = bson::deserialize_from_document(found).map_err(anyhow::Error::from)?;
        if joined.person(now).is_some() {
            alive.insert(digest);
        }
    }
    Ok(alive)
}

/// A session with its account.
#[derive(Deserialize)]
struct Joined {
    session_id: String,
    level: Level,
    role: Role,
    last_seen_at: DateTime,
    absolute_expires_at: DateTime,
    user: Vec<JoinedUser>,
}

#[derive(Deserialize)]
struct JoinedUser {
    user_id: String,
    #[serde(default)]
    email: Option<String>,
    name: String,
    role: Role,
    #[serde(default)]
    status: super::model::UserStatus,
    #[serde(default)]
    email_verified_at: Option<DateTime>,
}

impl Joined {
    /// The person, if the session is alive and the account still allows it.
    fn person(&self, now: Timestamp) -> Option<Person> {
        let [user] = self.user.as_slice() else { return None };
        let is_alive = date(now) < self.absolute_expires_at && date(now - IDLE) < self.last_seen_at;
        let is_allowed =
            self.level == Level::Full && user.role == self.role && user.status == super::model::UserStatus::Active;
        let email = user.email.clone().filter(|_| is_alive && is_allowed)?;
        Some(Person {
            user_id: user.user_id.clone(),
            email,
            name: user.name.clone(),
            role: user.role,
            is_email_verified: user.email_verified_at.is_some(),
            session_id: self.session_id.clone(),
            session_ends_at: self.ends_at(self.last_seen_at),
        })
    }
}

impl Joined {
    /// When it ends if nothing else is asked.
    fn ends_at(&self, seen: DateTime) -> Timestamp {
        let ends = (seen.timestamp_millis() + IDLE.as_millis() as i64).min(self.absolute_expires_at.timestamp_millis());
        Timestamp::from_millisecond(ends).unwrap_or(Timestamp::MAX)
    }
}

/// Notes the use; of requests at the same moment, one writes.
async fn touch(db: &Db, now: Timestamp, digest: &str, seen: DateTime) -> Result<bool, Failure> {
    let stale = date(now - SEEN_STEP);
    if seen > stale {
        return Ok(false);
    }
    let filter = doc! { "_id": digest, "last_seen_at": { "$lte": stale } };
    db.stored::<Session>().update_one(filter, doc! { "$set": { "last_seen_at": date(now) } }).await?;
    Ok(true)
}

/// Notes a use that somebody asked for.
pub async fn renew(db: &Db, now: Timestamp, user_id: &str, session_id: &str) -> Result<(), Failure> {
    let filter = doc! { "user_id": user_id, "session_id": session_id };
    db.stored::<Session>().update_one(filter, doc! { "$max": { "last_seen_at": date(now) } }).await?;
    Ok(())
}

/// Opens a session.
pub async fn open(db: &Db, now: Timestamp, client: &Client, user_id: &str, role: Role) -> Result<Opened, Failure> {
    let token = URL_SAFE_NO_PAD.encode(random::<TOKEN_BYTES>());
    let life = if role.is_back_office() { BACK_OFFICE_LIFE } else { LIFE };
    let session = Session {
        digest: digest_of(&token).expect("a token just made is well formed"),
        session_id: format!("ses_{}", hex::encode(random::<12>())),
        user_id: user_id.into(),
        level: Level::Full,
        role,
        created_at: date(now),
        last_seen_at: date(now),
        absolute_expires_at: date(now + life),
        ip: client.ip.to_canonical().to_string(),
        user_agent: client.user_agent.clone(),
    };
    db.stored::<Session>().insert_one(&session).await?;
    let cookie = format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", life.as_secs());
    let mut cookie = HeaderValue::try_from(cookie).map_err(anyhow::Error::from)?;
    cookie.set_sensitive(true);
    Ok(Opened { cookie, session_id: session.session_id })
}

/// A person's living sessions, the last used first.
pub async fn list(db: &Db, now: Timestamp, user_id: &str) -> Result<Vec<Session>, Failure> {
    const MOST: i64 = 100;
    let filter = doc! {
        "user_id": user_id,
        "level": "full",
        "last_seen_at": { "$gt": date(now - IDLE) },
        "absolute_expires_at": { "$gt": date(now) },
    };
    let found = db.stored::<Session>().find(filter).sort(doc! { "last_seen_at": -1, "_id": 1 }).limit(MOST).await?;
    Ok(found.try_collect().await?)
}

/// Ends one of a person's sessions; false when it isn't theirs or is gone.
pub async fn close(db: &Db, user_id: &str, session_id: &str) -> Result<bool, Failure> {
    let filter = doc! { "user_id": user_id, "session_id": session_id };
    Ok(db.stored::<Session>().delete_one(filter).await?.deleted_count == 1)
}

/// Ends all of a person's sessions and says how many there were.
pub async fn close_all(db: &Db, user_id: &str) -> Result<u64, Failure> {
    Ok(db.stored::<Session>().delete_many(doc! { "user_id": user_id }).await?.deleted_count)
}

/// The same, in the transaction of what ends them.
pub async fn close_all_in(session: &mut ClientSession, db: &Db, user_id: &str) -> mongodb::error::Result<u64> {
    let deleted = db.stored::<Session>().delete_many(doc! { "user_id": user_id }).session(session).await?;
    Ok(deleted.deleted_count)
}

/// The `Set-Cookie` that makes the browser forget.
pub fn forget() -> HeaderValue {
    HeaderValue::from_static("__Host-sid=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// The digest of a well-formed token.
pub fn digest_of(token: &str) -> Option<String> {
    let is_token = URL_SAFE_NO_PAD.decode(token).is_ok_and(|bytes| bytes.len() == TOKEN_BYTES);
    is_token.then(|| hex::encode(Sha256::digest(token.as_bytes())))
}

fn random<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
