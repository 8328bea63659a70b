//! Queries on `users` and `sign_ins`.

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::model::{Email, SignIn, User, UserStatus};
use super::secret::Sealed;
use crate::db::{Db, Stored, date};
use crate::failure::Failure;
use crate::values::Role;

/// An account as far as signing in needs it.
#[derive(Debug, Deserialize)]
pub struct Account {
    pub user_id: String,
    pub role: Role,
    #[serde(default)]
    pub status: UserStatus,
    #[serde(default)]
    pub mfa_enabled: Option<bool>,
    #[serde(default)]
    password_hash: Option<Sealed>,
    sign_in: Vec<SignIn>,
}

impl Account {
    /// The hash to check a password against: the better one, as long as it is of the account's present password.
    pub fn stored_hash(&self) -> Option<Sealed> {
        let own = self.password_hash.as_ref()?;
        let better = self.sign_in.first().filter(|sign_in| sign_in.rehash_of == Some(digest(own)));
        Some(better.and_then(|sign_in| sign_in.password_hash.clone()).unwrap_or_else(|| own.clone()))
    }
}

fn digest(hash: &Sealed) -> String {
    hex::encode(Sha256::digest(hash.expose().as_bytes()))
}

/// The account with this address, with what signing in added: one query, so that finding none takes as long.
pub async fn find_by_email(db: &Db, email: &Email) -> Result<Option<Account>, Failure> {
    let pipeline = [
        doc! { "$match": { "email": email.as_str() } },
        doc! { "$lookup": { "from": "sign_ins", "localField": "user_id", "foreignField": "_id", "as": "sign_in" } },
        doc! { "$project": {
            "_id": 0, "user_id": 1, "role": 1, "status": 1, "mfa_enabled": 1, "password_hash": 1, "sign_in": 1,
        } },
    ];
    let found = db.live.collection::<Document>(User::COLLECTION).aggregate(pipeline).await?.try_next().await?;
    Ok(found.map(bson::deserialize_from_document).transpose().map_err(anyhow::Error::from)?)
}

/// Notes a completed sign-in, and the better hash of the password if one was made.
pub async fn note_sign_in(
    db: &Db,
    now: Timestamp,
    account: &Account,
    rehashed: Option<&Sealed>,
) -> Result<(), Failure> {
    let mut set = doc! { "last_login_at": date(now) };
    if let (Some(better), Some(own)) = (rehashed, &account.password_hash) {
        set.insert("password_hash", better.expose());
        set.insert("rehash_of", digest(own));
    }
    let sign_ins = db.stored::<SignIn>();
    loop {
        let noted =
            sign_ins.update_one(doc! { "_id": &account.user_id }, doc! { "$set": set.clone() }).upsert(true).await;
        match noted {
            // Two first sign-ins at the same moment: the second finds what the first made.
            Err(error) if Db::is_duplicate(&error) => {}
            noted => return Ok(noted.map(drop)?),
        }
    }
}

/// The whole account, for its own page.
pub async fn load(db: &Db, user_id: &str) -> Result<Option<Profile>, Failure> {
    let shown = doc! {
        "_id": 0, "user_id": 1, "email": 1, "name": 1, "phone": 1, "city": 1, "company": 1, "role": 1, "created_at": 1,
        "mfa_enabled": 1,
    };
    let users = db.live.collection::<Profile>(User::COLLECTION);
    Ok(users.find_one(doc! { "user_id": user_id }).projection(shown).await?)
}

/// What a person sees of their account. Has no field for a secret.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
pub struct Profile {
    pub user_id: String,
    #[serde(default)]
    pub email: Option<String>,
    pub name: String,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub city: Option<String>,
    #[serde(default)]
    pub company: Option<String>,
    pub role: Role,
    #[serde(default)]
    pub mfa_enabled: Option<bool>,
    #[serde(default)]
    pub created_at: Option<DateTime>,
}

/// A line of `canje users list`.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
pub struct Listed {
    pub user_id: String,
    #[serde(default)]
    pub email: Option<String>,
    pub name: String,
    pub role: Role,
    #[serde(default)]
    pub status: UserStatus,
}

/// Accounts by their id, from after the given one on; never skips.
pub async fn list(db: &Db, role: Option<Role>, after: Option<&str>, limit: i64) -> Result<Vec<Listed>, Failure> {
    let mut filter = doc! {};
    if let Some(role) = role {
        filter.insert("role", role.as_str());
    }
    if let Some(after) = after {
        filter.insert("user_id", doc! { "$gt": after });
    }
    let shown = doc! { "_id": 0, "user_id": 1, "email": 1, "name": 1, "role": 1, "status": 1 };
    let users = db.live.collection::<Listed>(User::COLLECTION);
    let found = users.find(filter).sort(doc! { "user_id": 1 }).limit(limit).projection(shown).await?;
    Ok(found.try_collect().await?)
}

/// How many accounts there are.
pub async fn count(db: &Db, role: Option<Role>) -> Result<u64, Failure> {
    let filter = role.map_or_else(Document::new, |role| doc! { "role": role.as_str() });
    Ok(db.stored::<User>().count_documents(filter).await?)
}

/// Adds an account; false when its address is taken.
pub async fn insert_in(session: &mut ClientSession, db: &Db, user: &User) -> mongodb::error::Result<bool> {
    match db.stored::<User>().insert_one(user).session(session).await {
        Ok(_) => Ok(true),
        Err(error) if Db::is_duplicate(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// An account's id and role.
#[derive(Debug, Deserialize)]
pub struct Ranked {
    pub user_id: String,
    pub role: Role,
}

/// The account with this address, read in a transaction.
pub async fn find_ranked_in(
    session: &mut ClientSession,
    db: &Db,
    email: &Email,
) -> mongodb::error::Result<Option<Ranked>> {
    let users = db.live.collection::<Ranked>(User::COLLECTION);
    let shown = doc! { "_id": 0, "user_id": 1, "role": 1 };
    users.find_one(doc! { "email": email.as_str() }).projection(shown).session(session).await
}

/// Moves an account from one role to another; false when it has neither stayed in the first nor is there.
pub async fn advance_role_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    user: &Ranked,
    to: Role,
) -> mongodb::error::Result<bool> {
    let filter = doc! { "user_id": &user.user_id, "role": user.role.as_str() };
    let set = doc! { "$set": { "role": to.as_str(), "updated_at": date(now) } };
    Ok(db.stored::<User>().update_one(filter, set).session(session).await?.matched_count == 1)
}

/// Whether another account is superadmin and can sign in.
///
/// Two transactions that each take one away must not both commit, so each writes beside the account it changes and beside
/// the one it counts on: they then meet in at least one document.
pub async fn hold_other_superadmin_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    than: &str,
) -> mongodb::error::Result<bool> {
    let filter = doc! {
        "role": Role::Superadmin.as_str(),
        "user_id": { "$ne": than },
        "email": { "$type": "string" },
        "status": { "$nin": ["suspended", "deleted"] },
    };
    let users = db.live.collection::<Ranked>(User::COLLECTION);
    let Some(other) =
        users.find_one(filter).projection(doc! { "_id": 0, "user_id": 1, "role": 1 }).session(&mut *session).await?
    else {
        return Ok(false);
    };
    let held = doc! { "$set": { "rank_held_at": date(now), "rank_held_by": than } };
    for user_id in [than, &other.user_id] {
        let sign_ins = db.stored::<SignIn>();
        sign_ins.update_one(doc! { "_id": user_id }, held.clone()).upsert(true).session(&mut *session).await?;
    }
    Ok(true)
}
