//! How often somebody may try: per address they come from, and per account they try to enter.
//!
//! Both counters live in `rate_limits`, so they hold across restarts and instances, and each decision is one atomic update:
//! an attempt is counted *before* its password is looked at, so a hundred at the same moment are no better than one after
//! another. The attempt that would be the fifth failure puts the lock up before it is checked; being right takes it down.
//!
//! An account is known here by the digest of the normalised address, whether or not it exists: what people type into the
//! wrong field isn't kept, and a lock says nothing about who has an account.

use std::net::IpAddr;
use std::time::Duration;

use bson::{Bson, DateTime, Document, doc};
use jiff::Timestamp;
use mongodb::options::ReturnDocument;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::model::Email;
use crate::db::indexes::Direction::Ascending;
use crate::db::{Db, IndexSpec, Stored, date};
use crate::error::AppError;
use crate::failure::Failure;

/// Attempts from one address within [`WINDOW`].
const ATTEMPTS: i32 = 10;
const WINDOW: Duration = Duration::from_secs(60);
/// The failure in a row that brings the short lock, and from which on each one brings the long lock.
const SHORT_LOCK_AT: i32 = 5;
const LONG_LOCK_AT: i32 = 10;
const SHORT_LOCK: Duration = Duration::from_secs(5 * 60);
const LONG_LOCK: Duration = Duration::from_secs(30 * 60);
/// Failures older than this are forgotten.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// A document of `rate_limits`: an address's recent attempts, or an account's failures in a row.
#[derive(Debug, Serialize, Deserialize)]
pub struct Limit {
    #[serde(rename = "_id")]
    key: String,
    /// Attempts within the window, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attempts: Vec<DateTime>,
    /// Whether the newest attempt was let through.
    admitted: bool,
    /// Failures in a row, counting the attempts being checked right now.
    #[serde(default)]
    failures: i32,
    #[serde(default)]
    locked_until: Option<DateTime>,
    /// When the server forgets this.
    expires_at: DateTime,
}

impl Stored for Limit {
    const COLLECTION: &'static str = "rate_limits";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("expires_at", &[("expires_at", Ascending)]).expires_after(Duration::ZERO)];
}

/// An attempt that was counted as a failure in advance; [`forgive`] it when it was none.
#[derive(Debug)]
pub struct Attempt {
    key: String,
    /// Minutes the account is locked for if this attempt fails.
    pub locks_for_minutes: Option<u32>,
}

/// Lets an attempt to sign in from this address through, or says how long to wait. Any sixty seconds see at most ten.
pub async fn admit(db: &Db, now: Timestamp, ip: IpAddr) -> Result<(), Failure> {
    allow(db, now, &format!("sign_in_from:{}", network(ip)), ATTEMPTS, WINDOW).await
}

/// Lets one more of something through, or says how long to wait: any window of this length sees at most so many.
pub async fn allow(db: &Db, now: Timestamp, key: &str, most: i32, window: Duration) -> Result<(), Failure> {
    let (now, since) = (date(now), date(now - window));
    let recent = doc! { "$filter": {
        "input": { "$ifNull": ["$attempts", []] }, "as": "at", "cond": { "$gt": ["$$at", since] },
    } };
    let pipeline = vec![
        doc! { "$set": { "attempts": recent } },
        doc! { "$set": { "admitted": { "$lt": [{ "$size": "$attempts" }, most] } } },
        doc! { "$set": {
            "attempts": { "$cond": ["$admitted", { "$concatArrays": ["$attempts", [now]] }, "$attempts"] },
            "expires_at": DateTime::from_millis(now.timestamp_millis() + millis(window)),
        } },
    ];
    let limit = change(db, now, key, pipeline).await?;
    if limit.admitted {
        return Ok(());
    }
    let oldest = limit.attempts.first().map_or(now, |at| *at);
    let wait = oldest.timestamp_millis() + millis(window) - now.timestamp_millis();
    Err(AppError::TooMany { retry_after_seconds: u32::try_from((wait + 999) / 1000).unwrap_or(1).max(1) }.into())
}

/// Counts an attempt on an account before it is checked, or refuses while the account is locked.
pub async fn begin(db: &Db, now: Timestamp, email: &Email) -> Result<Attempt, Failure> {
    let key = account_key(email);
    let now = date(now);
    let after = |wait: Duration| DateTime::from_millis(now.timestamp_millis() + millis(wait));
    let pipeline = vec![
        doc! { "$set": {
            "admitted": { "$not": [{ "$gt": ["$locked_until", now] }] },
            "next": { "$cond": [{ "$gt": ["$expires_at", now] }, { "$add": ["$failures", 1] }, 1] },
        } },
        doc! { "$set": {
            "failures": { "$cond": ["$admitted", "$next", "$failures"] },
            "locked_until": { "$cond": ["$admitted", { "$switch": {
                "branches": [
                    { "case": { "$gte": ["$next", LONG_LOCK_AT] }, "then": after(LONG_LOCK) },
                    { "case": { "$eq": ["$next", SHORT_LOCK_AT] }, "then": after(SHORT_LOCK) },
                ],
                "default": Bson::Null,
            } }, "$locked_until"] },
            "expires_at": { "$cond": ["$admitted", after(MEMORY), "$expires_at"] },
        } },
        doc! { "$unset": ["next"] },
    ];
    let limit = change(db, now, &key, pipeline).await?;
    let locked_ms = limit.locked_until.map_or(0, |until| until.timestamp_millis() - now.timestamp_millis());
    let minutes = u32::try_from((locked_ms + 59_999) / 60_000).unwrap_or(0);
    if limit.admitted {
        return Ok(Attempt { key, locks_for_minutes: Some(minutes).filter(|minutes| *minutes > 0) });
    }
    Err(AppError::Locked { minutes: minutes.max(1) }.into())
}

/// Takes an account's lock down and forgets its failures: whoever chose a new password has proven more than a password.
pub async fn unlock(db: &Db, email: &Email) -> Result<(), Failure> {
    db.stored::<Limit>().delete_one(doc! { "_id": account_key(email) }).await?;
    Ok(())
}

fn account_key(email: &Email) -> String {
    format!("sign_in_to:{}", hex::encode(Sha256::digest(email.as_str().as_bytes())))
}

/// The attempt was right: failures in a row start again from none.
pub async fn forgive(db: &Db, attempt: Attempt) -> Result<(), Failure> {
    db.stored::<Limit>().delete_one(doc! { "_id": attempt.key }).await?;
    Ok(())
}

/// One atomic update of one counter, and the counter as this very update left it.
///
/// A missing counter is made first, at nothing: the embedded engine doesn't say what became of an upsert that met another
/// one. Nor is its answer with the document as it was *before* of the same moment as the update, so that isn't asked for.
async fn change(db: &Db, now: DateTime, key: &str, pipeline: Vec<Document>) -> Result<Limit, Failure> {
    let limits = db.stored::<Limit>();
    loop {
        let changed = limits
            .find_one_and_update(doc! { "_id": key }, pipeline.clone())
            .return_document(ReturnDocument::After)
            .await?;
        if let Some(limit) = changed {
            return Ok(limit);
        }
        let expires_at = DateTime::from_millis(now.timestamp_millis() + millis(WINDOW));
        let none =
            Limit { key: key.into(), attempts: vec![], admitted: true, failures: 0, locked_until: None, expires_at };
        match limits.insert_one(none).await {
            Err(error) if !Db::is_duplicate(&error) => return Err(error.into()),
            _ => {}
        }
    }
}

/// Who counts as one: an IPv4 address, or the network a home gets of IPv6.
pub fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_home_is_one_place_and_a_mapped_address_is_itself() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:aaaa::1"), of("2001:db8:1:2:bbbb::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:203.0.113.7"), of("203.0.113.7"));
    }
}
