//! Asking for the password once more before something that can't be taken back or leaves the house.
//!
//! The same walls as signing in: attempts per address, the queue, the account's lock, the password. What it proves is that
//! the person is still in front of the browser, so it is asked for the deed and kept for nothing else.

use bson::doc;

use super::limits;
use super::model::{Email, UserStatus};
use super::secret::Sealed;
use super::service::Refusal;
use super::store::{self, Account};
use crate::audit::{self, Action, Entry};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;

/// Checks the password of whoever is signed in. A wrong one is recorded and counted as a failed sign-in.
pub async fn confirm_password(ctx: &Ctx, password: Sealed) -> Result<Result<(), Refusal>, Failure> {
    let (db, person) = (&ctx.app.db, ctx.person()?);
    let email = Email::normalise(&person.email);
    if let Err(failure) = limits::admit(db, ctx.now(), ctx.client.ip).await {
        return match failure {
            Failure::Refused(AppError::TooMany { retry_after_seconds: seconds }) => {
                refuse(ctx, Refusal::RateLimited { seconds }).await
            }
            other => Err(other),
        };
    }
    let place = ctx.app.passwords.enter()?;
    let attempt = match limits::begin(db, ctx.now(), &email).await {
        Ok(attempt) => attempt,
        Err(Failure::Refused(AppError::Locked { minutes })) => return refuse(ctx, Refusal::Locked { minutes }).await,
        Err(other) => return Err(other),
    };
    let account = store::find_by_email(db, &email).await?;
    let own = account.filter(|account| account.user_id == person.user_id && account.status == UserStatus::Active);
    let checked = place.check(password, own.as_ref().and_then(Account::stored_hash)).await?;
    if !checked.matches {
        return refuse(ctx, Refusal::InvalidCredentials).await;
    }
    limits::forgive(db, attempt).await?;
    Ok(Ok(()))
}

async fn refuse(ctx: &Ctx, refusal: Refusal) -> Result<Result<(), Refusal>, Failure> {
    let details = doc! { "reason": refusal.reason(), "purpose": "confirm" };
    audit::record(ctx, Entry::new(Action::LoginFailed).details(details)).await?;
    Ok(Err(refusal))
}
