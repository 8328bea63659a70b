//! One adoption at a time.
//!
//! The lease is one document. Taking it raises its token; every batch, in its own transaction, renews the lease under that
//! token, so a run that was overtaken (it slept, the lease ran out, another one took it) can't write any more: its renewal
//! matches nothing, or conflicts with the one that took over, and the whole batch is undone.

use std::time::Duration;

use bson::{DateTime, Document, doc};
use mongodb::Collection;
use mongodb::options::ReturnDocument;
use serde::{Deserialize, Serialize};

use super::state::Mirror;
use crate::db::{Db, Stored, Transaction};

const LEASE: &str = "lease";
/// Longer than any batch takes. A run whose process is gone doesn't have to be waited for on the same machine.
const TERM: Duration = Duration::from_secs(60);
/// A lease with less than this left is renewed before the next batch.
const RENEW_BELOW: Duration = Duration::from_secs(40);

/// The right to adopt, held by one run.
#[derive(Debug)]
pub struct Lease {
    token: i64,
    expires_at: std::sync::Mutex<DateTime>,
}

/// Who holds the lease; shown to whoever is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The run.
    pub run: String,
    /// The machine it runs on.
    pub host: String,
    /// Its process there.
    pub pid: u32,
    /// Tells this process from a later one with the same number.
    pub process_started: Option<String>,
    /// Since when.
    pub since: DateTime,
}

/// The stored lease.
#[derive(Debug, Deserialize)]
struct Record {
    token: i64,
    holder: Option<Holder>,
    expires_at: Option<DateTime>,
}

/// The lease belongs to another run.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// Another run is at it.
    #[error("{}", crate::i18n::adopt::busy(&holder.host, holder.pid, *until))]
    Busy {
        /// Who.
        holder: Holder,
        /// When it runs out unless it is renewed.
        until: DateTime,
    },
    /// This run was overtaken by another one.
    #[error("{}", crate::i18n::adopt::OVERTAKEN)]
    Lost,
    /// The database couldn't be asked.
    #[error("the lease could not be read or renewed")]
    Database(#[from] mongodb::error::Error),
}

impl Holder {
    /// This process, on behalf of a run.
    fn this_process(run: &str) -> Self {
        let pid = std::process::id();
        Self {
            run: run.to_owned(),
            host: host_name(),
            pid,
            process_started: process_started(pid),
            since: DateTime::now(),
        }
    }

    /// Whether its process is certainly gone.
    fn is_gone(&self) -> bool {
        self.host == host_name()
            && self.process_started.is_some()
            && process_started(std::process::id()).is_some()
            && process_started(self.pid) != self.process_started
    }
}

impl Lease {
    /// Takes the lease for a run, or says who has it.
    pub async fn take(db: &Db, run: &str) -> Result<Self, LeaseError> {
        let leases = collection(db);
        let absent = doc! { "$setOnInsert": { "token": 0_i64, "holder": null, "expires_at": null } };
        leases.update_one(doc! { "_id": LEASE }, absent).upsert(true).await.or_else(ignore_duplicate)?;
        let found: Record = read(&leases).await?;
        let now = DateTime::now();
        if let (Some(holder), Some(until)) = (found.holder, found.expires_at)
            && until > now
            && !holder.is_gone()
        {
            return Err(LeaseError::Busy { holder, until });
        }
        let holder = bson::serialize_to_bson(&Holder::this_process(run)).map_err(mongodb::error::Error::custom)?;
        let expires_at = term_from(now);
        let take = doc! { "$set": { "holder": holder, "expires_at": expires_at }, "$inc": { "token": 1_i64 } };
        let taken = leases
            .find_one_and_update(doc! { "_id": LEASE, "token": found.token }, take)
            .return_document(ReturnDocument::After)
            .await?;
        match taken {
            Some(_) => Ok(Self { token: found.token + 1, expires_at: expires_at.into() }),
            None => {
                let quicker: Record = read(&leases).await?;
                match (quicker.holder, quicker.expires_at) {
                    (Some(holder), Some(until)) => Err(LeaseError::Busy { holder, until }),
                    _ => Err(LeaseError::Lost),
                }
            }
        }
    }

    /// Proves in a transaction that the lease is still this run's, and renews it. The transaction then conflicts with
    /// whoever takes the lease meanwhile.
    pub async fn hold_on(&self, db: &Db, session: &mut Transaction<'_>) -> Result<(), LeaseError> {
        let expires_at = term_from(DateTime::now());
        let held = collection(db).update_one(self.filter(), renewal(expires_at)).session(session).await?;
        self.renewed(held.matched_count, expires_at)
    }

    /// Renews the lease when it is getting short, between batches.
    pub async fn keep(&self, db: &Db) -> Result<(), LeaseError> {
        let now = DateTime::now();
        let left = self.expires_at().timestamp_millis() - now.timestamp_millis();
        if left > RENEW_BELOW.as_millis() as i64 {
            return Ok(());
        }
        let expires_at = term_from(now);
        let held = collection(db).update_one(self.filter(), renewal(expires_at)).await?;
        self.renewed(held.matched_count, expires_at)
    }

    /// Gives the lease back. Nothing happens when it is another run's by now.
    pub async fn release(self, db: &Db) -> Result<(), LeaseError> {
        let free = doc! { "$set": { "holder": null, "expires_at": null } };
        collection(db).update_one(self.filter(), free).await?;
        Ok(())
    }

    fn filter(&self) -> Document {
        doc! { "_id": LEASE, "token": self.token, "holder": { "$ne": null } }
    }

    fn expires_at(&self) -> DateTime {
        *self.expires_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn renewed(&self, matched: u64, expires_at: DateTime) -> Result<(), LeaseError> {
        if matched != 1 {
            return Err(LeaseError::Lost);
        }
        *self.expires_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = expires_at;
        Ok(())
    }
}

fn collection(db: &Db) -> Collection<Document> {
    db.live.collection(Mirror::COLLECTION)
}

async fn read(leases: &Collection<Document>) -> mongodb::error::Result<Record> {
    leases
        .clone_with_type()
        .find_one(doc! { "_id": LEASE })
        .await?
        .ok_or_else(|| mongodb::error::Error::custom("the lease document vanished"))
}

fn renewal(expires_at: DateTime) -> Document {
    doc! { "$set": { "expires_at": expires_at } }
}

fn term_from(now: DateTime) -> DateTime {
    DateTime::from_millis(now.timestamp_millis() + TERM.as_millis() as i64)
}

fn ignore_duplicate(error: mongodb::error::Error) -> mongodb::error::Result<mongodb::results::UpdateResult> {
    match Db::is_duplicate(&error) {
        true => Ok(mongodb::results::UpdateResult::default()),
        false => Err(error),
    }
}

fn host_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname").map(|name| name.trim().to_owned()).unwrap_or_default()
}

/// When a process of this machine was started, in the kernel's own count, with the machine's start; `None` when there is no
/// such process or no way to know.
fn process_started(pid: u32) -> Option<String> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let after_name = &stat[stat.rfind(')')? + 1..];
    let ticks = after_name.split_whitespace().nth(19)?;
    Some(format!("{}/{ticks}", boot.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_process_is_not_gone_and_an_impossible_one_is() {
        let this = Holder::this_process("run");
        assert!(!this.is_gone());
        assert!(Holder { pid: u32::MAX, ..this.clone() }.is_gone());
        assert!(Holder { process_started: Some("earlier".into()), ..this.clone() }.is_gone());
        assert!(!Holder { pid: u32::MAX, host: "elsewhere".into(), ..this }.is_gone());
    }
}
