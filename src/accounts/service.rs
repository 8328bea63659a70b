//! Signing in and out: the order of the walls, and what each one says.
//!
//! 1. Attempts per address they come from.
//! 2. A place in the password queue.
//! 3. The account's lock, which counts the attempt before it is looked at.
//! 4. The password.
//! 5. What the account is allowed.
//!
//! Only somebody who had the right password learns anything about an account. Every outcome is recorded before it is told.

use bson::{Document, doc};
use http::HeaderValue;

use super::limits::{self, Attempt};
use super::model::{Email, UserStatus};
use super::secret::Sealed;
use super::sessions::{self, Session};
use super::store::{self, Account, Profile};
use crate::adopt::state::is_mirroring;
use crate::audit::{self, Action, Entry, Row, Who};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::notifications::{self, Event};
use crate::values::Role;

/// A sign-in form, read.
#[derive(Debug)]
pub struct Credentials {
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: Sealed,
}

/// How signing in ended, when nothing broke.
#[derive(Debug)]
pub enum SignedIn {
    /// The browser gets this cookie.
    Yes {
        /// The `Set-Cookie`.
        cookie: HeaderValue,
        /// Decides where to go.
        role: Role,
    },
    /// It didn't work out, and this is why.
    No(Refusal),
}

/// Why somebody wasn't let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Wrong address or password, or an account that has none: the same answer.
    InvalidCredentials,
    /// Too many failures on this account.
    Locked {
        /// Minutes left.
        minutes: u32,
    },
    /// Too many attempts from this address.
    RateLimited {
        /// Seconds until the next one is let through.
        seconds: u32,
    },
    /// The password was right; the account asks for a second step, which doesn't exist yet.
    MfaRequired,
    /// The password was right; staff keeps this account out.
    Suspended,
}

impl Refusal {
    /// As recorded in `details.reason`.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::InvalidCredentials => "invalid_credentials",
            Self::Locked { .. } => "account_locked",
            Self::RateLimited { .. } => "rate_limited",
            Self::MfaRequired => "mfa_required",
            Self::Suspended => "suspended",
        }
    }
}

/// Signs in with an address and a password.
pub async fn sign_in(ctx: &Ctx, credentials: Credentials) -> Result<SignedIn, Failure> {
    let db = &ctx.app.db;
    let email = Email::normalise(&credentials.email);
    if let Err(failure) = limits::admit(db, ctx.now(), ctx.client.ip).await {
        let seconds = match failure {
            Failure::Refused(AppError::TooMany { retry_after_seconds }) => retry_after_seconds,
            other => return Err(other),
        };
        return refuse(ctx, &email, None, Refusal::RateLimited { seconds }, doc! {}).await;
    }
    let place = ctx.app.passwords.enter()?;
    let attempt = match limits::begin(db, ctx.now(), &email).await {
        Ok(attempt) => attempt,
        Err(Failure::Refused(AppError::Locked { minutes })) => {
            return refuse(ctx, &email, None, Refusal::Locked { minutes }, doc! {}).await;
        }
        Err(other) => return Err(other),
    };
    let account = store::find_by_email(db, &email).await?;
    let checked = place.check(credentials.password, account.as_ref().and_then(Account::stored_hash)).await?;
    let (Some(account), true) = (&account, checked.matches) else {
        return refuse_password(ctx, &email, account.as_ref(), &attempt).await;
    };
    limits::forgive(db, attempt).await?;
    if account.status != UserStatus::Active {
        return refuse(ctx, &email, Some(account), Refusal::Suspended, doc! {}).await;
    }
    if account.mfa_enabled == Some(true) {
        return refuse(ctx, &email, Some(account), Refusal::MfaRequired, doc! {}).await;
    }
    record(ctx, Action::LoginSuccess, &email, Some(account), doc! { "method": "password" }).await?;
    store::note_sign_in(db, ctx.now(), account, checked.rehashed.as_ref()).await?;
    // The browser's earlier session, if it came with one, ends here: its token is never worth anything again.
    if let Ok(person) = ctx.person() {
        sessions::close(db, &person.user_id, &person.session_id).await?;
    }
    let opened = sessions::open(db, ctx.now(), &ctx.client, &account.user_id, account.role).await?;
    Ok(SignedIn::Yes { cookie: opened.cookie, role: account.role })
}

async fn refuse_password(
    ctx: &Ctx,
    email: &Email,
    account: Option<&Account>,
    attempt: &Attempt,
) -> Result<SignedIn, Failure> {
    let mut details = Document::new();
    if let Some(minutes) = attempt.locks_for_minutes {
        details.insert("locked_for_minutes", minutes);
        if let Some(account) = account.filter(|account| account.role.is_back_office()) {
            let locked = Event::AccountLocked {
                user_id: account.user_id.clone(),
                ip: ctx.client.ip.to_canonical().to_string(),
                minutes,
            };
            notifications::publish(&ctx.app.db, ctx.now(), &[locked]).await?;
        }
    }
    refuse(ctx, email, account, Refusal::InvalidCredentials, details).await
}

async fn refuse(
    ctx: &Ctx,
    email: &Email,
    account: Option<&Account>,
    refusal: Refusal,
    mut details: Document,
) -> Result<SignedIn, Failure> {
    details.insert("reason", refusal.reason());
    record(ctx, Action::LoginFailed, email, account, details).await?;
    Ok(SignedIn::No(refusal))
}

/// Records an outcome on the account it is about; whoever tries isn't anybody yet. What isn't an address isn't kept: people
/// type passwords into the wrong field.
async fn record(
    ctx: &Ctx,
    action: Action,
    email: &Email,
    account: Option<&Account>,
    details: Document,
) -> Result<(), Failure> {
    let who = Who {
        user_id: account.map(|account| account.user_id.clone()),
        email: email.is_address().then(|| email.to_string()),
        role: account.map(|account| account.role.as_str().into()),
        ..Who::of(ctx)
    };
    ctx.app.audit.write(Row::new(ctx.now(), who, Entry::new(action).details(details))).await
}

/// Ends the session this request came with; without one there is nothing to do.
pub async fn sign_out(ctx: &Ctx) -> Result<(), Failure> {
    let Ok(person) = ctx.person() else { return Ok(()) };
    audit::record(ctx, Entry::new(Action::Logout).target("session", &person.session_id)).await?;
    sessions::close(&ctx.app.db, &person.user_id, &person.session_id).await?;
    Ok(())
}

/// What `/mi-perfil` shows.
#[derive(Debug)]
pub struct Own {
    /// The account.
    pub profile: Profile,
    /// Its living sessions, the last used first.
    pub sessions: Vec<Session>,
    /// Whether the account is changed in the legacy system.
    pub is_mirrored: bool,
}

/// The person's own account and sessions.
pub async fn own(ctx: &Ctx) -> Result<Own, Failure> {
    let person = ctx.person()?;
    let (profile, sessions, is_mirrored) = futures::future::try_join3(
        store::load(&ctx.app.db, &person.user_id),
        sessions::list(&ctx.app.db, ctx.now(), &person.user_id),
        async { Ok(is_mirroring(&ctx.app.db).await?) },
    )
    .await?;
    Ok(Own { profile: profile.ok_or(AppError::NotFound)?, sessions, is_mirrored })
}

/// Ends one of the person's own sessions. Somebody else's isn't there.
pub async fn close_session(ctx: &Ctx, session_id: &str) -> Result<(), Failure> {
    let person = ctx.person()?;
    let owned = sessions::list(&ctx.app.db, ctx.now(), &person.user_id).await?;
    if !owned.iter().any(|session| session.session_id == session_id) {
        return Err(AppError::NotFound.into());
    }
    audit::record(ctx, Entry::new(Action::SessionRevoked).target("session", session_id)).await?;
    sessions::close(&ctx.app.db, &person.user_id, session_id).await?;
    Ok(())
}

/// Ends all of the person's sessions, this one too.
pub async fn close_all_sessions(ctx: &Ctx) -> Result<u64, Failure> {
    let person = ctx.person()?;
    audit::record(ctx, Entry::new(Action::SessionRevoked).details(doc! { "scope": "all" })).await?;
    sessions::close_all(&ctx.app.db, &person.user_id).await
}

/// Keeps the session alive: its last use is now.
pub async fn renew_session(ctx: &Ctx) -> Result<(), Failure> {
    let person = ctx.person()?;
    sessions::renew(&ctx.app.db, ctx.now(), &person.user_id, &person.session_id).await
}
