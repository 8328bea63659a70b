//! Proving that an address is somebody's.

use std::time::Duration;

use bson::doc;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::limits;
use super::model::User;
use super::tokens::{self, AuthToken, TokenKind};
use crate::adopt::state::refuse_while_mirroring;
use crate::app::App;
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::sign_up as words;
use crate::mail::templates::VerifyEmail;
use crate::mail::{self, Letter};

/// Letters an account may ask for within an hour.
const RESENDS: i32 = 3;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Queues the letter with a new link.
pub(super) async fn ask_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    name: &str,
    (token, text): &(AuthToken, String),
) -> Result<(), Failure> {
    tokens::keep_in(&mut *session, &app.db, token).await?;
    let letter = Letter {
        template: &VerifyEmail { name: name.to_owned(), token: text.clone() },
        to: token.email.clone(),
        dedupe_key: format!("verify_email/{}", token.id),
        about: Some(("user", token.user_id.clone())),
    };
    mail::queue_in(session, app, now, &letter).await
}

/// Sends whoever is signed in another letter. One whose address is proven needs none.
pub async fn resend(ctx: &Ctx, next: Option<&str>) -> Result<(), Failure> {
    let (person, app, now) = (ctx.person()?, &*ctx.app, ctx.now());
    if person.is_email_verified {
        return Ok(());
    }
    limits::allow(&app.db, now, &format!("verify_email:{}", person.user_id), RESENDS, HOUR).await?;
    let issued = &tokens::issue(now, TokenKind::VerifyEmail, &person.user_id, &person.email, next);
    with_transaction(&app.db, |session| {
        Box::pin(async move { ask_in(&mut *session, app, now, &person.name, issued).await })
    })
    .await
}

/// Whether a link is good, before anything is done with it: programs that read mail open links too.
pub async fn is_good(ctx: &Ctx, text: &str) -> Result<bool, Failure> {
    Ok(tokens::find(&ctx.app.db, ctx.now(), TokenKind::VerifyEmail, text).await?.is_some())
}

/// Uses a link: the address is proven. Says where the person was going.
pub async fn verify(ctx: &Ctx, text: &str) -> Result<Option<String>, Failure> {
    let (db, now) = (&ctx.app.db, ctx.now());
    let gone = || AppError::rule(410, "link_gone", words::LINK_GONE);
    let token = tokens::find(db, now, TokenKind::VerifyEmail, text).await?.ok_or_else(gone)?;
    let (token, who) = (&token, &Who::of(ctx));
    with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, &mut *session).await?;
            if !tokens::use_in(&mut *session, db, now, TokenKind::VerifyEmail, text).await? {
                return Err(gone().into());
            }
            // An address that was changed since proves nothing of the new one.
            let expected = doc! { "user_id": &token.user_id, "email": &token.email };
            let set = doc! { "$set": { "email_verified_at": date(now), "updated_at": date(now) } };
            if db.stored::<User>().update_one(expected, set).session(&mut *session).await?.matched_count == 0 {
                return Err(gone().into());
            }
            let entry = Entry::new(Action::UserUpdated)
                .target("user", &token.user_id)
                .details(doc! { "changed": ["email_verified_at"] });
            audit::record_in(session, db, now, who.clone(), entry).await?;
            Ok::<_, Failure>(())
        })
    })
    .await?;
    Ok(token.next.clone())
}
