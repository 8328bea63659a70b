//! Making accounts and giving roles. Only commands call this so far; no web path can make a superadmin.
//!
//! Every change is one transaction with its audit row. While the live database mirrors the legacy one, accounts are changed
//! there, and all of this is refused.

use bson::doc;
use jiff::Timestamp;

use super::model::{Email, User, UserStatus};
use super::secret::Sealed;
use super::{sessions, store};
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::{self, Action, Entry, Who};
use crate::db::{Db, date, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::values::Role;

/// Longest name, in characters.
pub const NAME_CHARACTERS: usize = 120;

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Where mail reaches the person.
    pub email: Email,
    /// 1 to 120 characters.
    pub name: String,
    /// The first role.
    pub role: Role,
    /// Hashed with Argon2id.
    pub password_hash: Sealed,
}

/// What became of a change of role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleChange {
    /// It was the role already.
    Unchanged,
    /// Changed, and so many sessions ended.
    Changed {
        /// The role until now.
        before: Role,
        /// Sessions that ended.
        sessions: u64,
    },
    /// Nobody else could sign in as superadmin afterwards; nothing was changed.
    LastSuperadmin,
}

/// Makes an account and returns its id. `Conflict` when the address is taken.
pub async fn create(db: &Db, now: Timestamp, who: Who, new: NewAccount) -> Result<String, Failure> {
    let mut random = [0; 6];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("random bytes: {error}"))?;
    let at = date(now);
    let user = User {
        user_id: format!("user_{}", hex::encode(random)),
        email: Some(new.email.to_string()),
        email_conflict: None,
        email_verified_at: None,
        name: new.name,
        phone: None,
        city: None,
        company: None,
        razon_social: None,
        ruc: None,
        password_hash: Some(new.password_hash),
        google_sub: None,
        picture: None,
        role: new.role,
        billing_info: Default::default(),
        shipping_addresses: Vec::new(),
        mfa_enabled: false,
        mfa_enabled_at: None,
        mfa_secret: None,
        mfa_recovery_codes: Vec::new(),
        status: UserStatus::Active,
        created_at: at,
        updated_at: Some(at),
    };
    let entry = Entry::new(Action::UserCreated)
        .target("user", &user.user_id)
        .details(doc! { "email": &user.email, "name": &user.name, "role": user.role.as_str() });
    let (user, entry, who) = (&user, &entry, &who);
    with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, session).await?;
            if !store::insert_in(session, db, user).await? {
                return Err(AppError::Conflict.into());
            }
            audit::record_in(session, db, now, who.clone(), entry.clone()).await?;
            Ok::<_, Failure>(())
        })
    })
    .await?;
    Ok(user.user_id.clone())
}

/// Gives an account a role and ends its sessions. `NotFound` when nobody has the address.
pub async fn set_role(db: &Db, now: Timestamp, who: Who, email: &Email, to: Role) -> Result<RoleChange, Failure> {
    let who = &who;
    with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, session).await?;
            let user = store::find_ranked_in(session, db, email).await?.ok_or(AppError::NotFound)?;
            if user.role == to {
                return Ok(RoleChange::Unchanged);
            }
            let was_superadmin = user.role == Role::Superadmin;
            if was_superadmin && !store::hold_other_superadmin_in(session, db, now, &user.user_id).await? {
                return Ok(RoleChange::LastSuperadmin);
            }
            if !store::advance_role_in(session, db, now, &user, to).await? {
                return Err(Failure::from(AppError::Conflict));
            }
            let entry = Entry::new(Action::UserRoleChanged)
                .target("user", &user.user_id)
                .details(doc! { "email": email.as_str(), "before": user.role.as_str(), "after": to.as_str() });
            audit::record_in(session, db, now, who.clone(), entry).await?;
            let sessions = sessions::close_all_in(session, db, &user.user_id).await?;
            Ok(RoleChange::Changed { before: user.role, sessions })
        })
    })
    .await
}
